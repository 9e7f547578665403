//! A first configuration is valid as it stands, and never in the place of another.

use std::fs;

use crate::program::ends;

#[tokio::test]
async fn what_it_writes_is_valid() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let said = ends(path, &["init", "bot", "--name", "Ana's \"Bot\""]).await;
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    insta::assert_snapshot!(said.out, @"
    Written:
      bot/countersign.toml
      bot/sentences.toml
      bot/manifest.json
      bot/example.db

    Next:
      cd bot
      countersign check --offline     is it right? (it is, as it stands)
      countersign manifest --url      opens Slack's form for the app

    Then put your channels' and people's ids into countersign.toml, set SLACK_BOT_TOKEN and SLACK_APP_TOKEN,
    and ask `countersign check` what is still missing. docs/slack.md goes through it step by step.
    ");
    let inside = path.join("bot");
    let checked = ends(&inside, &["check", "--offline"]).await;
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    let tested = ends(&inside, &["test", "sentences.toml"]).await;
    assert_eq!(tested.code, 0, "{}{}", tested.out, tested.err);
    let manifest = ends(&inside, &["manifest"]).await;
    assert_eq!(fs::read_to_string(inside.join("manifest.json")).unwrap(), manifest.out);
    assert!(manifest.out.contains("Ana's \\\"Bot\\\""), "{}", manifest.out);
}

#[tokio::test]
async fn nothing_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("manifest.json"), "mine").unwrap();
    insta::assert_snapshot!(ends(path, &["init"]).await.error(path, None), @"
    There is ./manifest.json already, so nothing was written; name another folder.
    exit code 2
    ");
    assert_eq!(fs::read_dir(path).unwrap().count(), 1);
    assert_eq!(fs::read_to_string(path.join("manifest.json")).unwrap(), "mine");
    insta::assert_snapshot!(ends(path, &["init", "manifest.json"]).await.error(path, None), @"
    The path manifest.json cannot be written: File exists (os error 17).
    exit code 1
    ");
    insta::assert_snapshot!(ends(path, &["init", "new", "--name", " "]).await.error(path, None), @"
    new/countersign.toml: [bot] name is empty; write what people call the bot.
    exit code 2
    ");
}
