//! The configuration changes while the bot works with it.

use std::fs;

use crate::program::Dev;

/// Puts `new` in the place of `old` in the configuration that is watched.
fn edit(dev: &Dev, old: &str, new: &str) {
    let path = dev.folder.path().join("countersign.toml");
    let before = fs::read_to_string(&path).unwrap();
    assert!(before.contains(old), "{old}");
    // In one go, as editors do: nobody sees half a file.
    let beside = dev.folder.path().join("countersign.toml.new");
    fs::write(&beside, before.replace(old, new)).unwrap();
    fs::rename(beside, path).unwrap();
}

#[tokio::test]
async fn an_edit_that_does_not_hold_is_shown_and_the_old_commands_stay() {
    let mut dev = Dev::new().await;
    edit(&dev, "<days:int(1..=90)>", "<days:integer>");
    let said = dev.complains("what was in force stays").await;
    insta::assert_snapshot!(said.replace(dev.folder.path().to_str().unwrap(), "[dir]"), @"
    The configuration changed, but does not hold; what was in force stays:
    [dir]/countersign.toml:32:58: command `set-trial-remaining-to-days`, pattern, column 47: `integer` is no type; there are word, text, int, number, bool, slug, duration, date, ip, cidr, email, url, uuid, user, channel, environment and one of {a|b}.
    ");
    assert!(dev.workspace.help().await.contains("trial remaining to"));

    edit(&dev, "<days:integer>", "<days:int(1..=30)>");
    dev.complains("The configuration changed and is in force.").await;
    edit(&dev, "[bot]", "[bot");
    dev.complains("countersign.toml:8:5: unclosed table, expected `]`.").await;
    assert!(dev.workspace.help().await.contains("trial remaining to"));
}

#[tokio::test]
async fn an_edit_that_holds_is_in_force_at_once() {
    let mut dev = Dev::new().await;
    assert!(!dev.workspace.help().await.contains("Name the account"));
    edit(&dev, "\"Show an account: its plan, its trial, its owner.\"", "\"Name the account.\"");
    let said = dev.complains("in force").await;
    insta::assert_snapshot!(said, @"The configuration changed and is in force.");
    assert!(dev.workspace.help().await.contains("Name the account."));
}

#[tokio::test]
async fn a_configuration_that_is_gone_is_said_once_and_the_old_commands_stay() {
    let mut dev = Dev::new().await;
    let path = dev.folder.path().join("countersign.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let said = dev.complains("what was in force stays").await;
    insta::assert_snapshot!(said.replace(dev.folder.path().to_str().unwrap(), "[dir]"), @"
    The configuration changed, but does not hold; what was in force stays:
    [dir]/countersign.toml: There is no such file.
    ");
    assert!(dev.workspace.help().await.contains("trial remaining to"));
    fs::write(&path, text).unwrap();
    let said = dev.complains("is in force.").await;
    assert_eq!(said.matches("what was in force stays").count(), 1, "{said}");
}
