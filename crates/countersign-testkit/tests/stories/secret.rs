//! What people see of secrets: nothing.

use countersign::dev::DEMO_CONFIG;
use countersign_testkit::{BACKOFFICE, Message, World, run_story_with};

use crate::YES;

const VALUE: &str = "Hunter2-hunter2";
const COMMANDS: &str = r#"
[[command]]
pattern = "store note <note:secret> for <subdomain:slug>"
description = "Store a note that nobody may read here."
channels = ["backoffice"]
risk = "low"

[command.sql]
database = "app"
preview = "select subdomain, note from accounts where subdomain = :subdomain"
execute = "update accounts set note = :note where subdomain = :subdomain"
rows = 1

[[command]]
pattern = "comment <subdomain:slug> with <note...>"
description = "Store a note that everybody may read."
channels = ["backoffice"]
risk = "low"

[command.sql]
database = "app"
preview = "select subdomain, note from accounts where subdomain = :subdomain"
execute = "update accounts set note = :note where subdomain = :subdomain"
rows = 1
"#;
const NOTE: &str = "select note from accounts where subdomain = 'acme'";

fn with_secrets(story: impl AsyncFnOnce(&mut World)) {
    run_story_with(&format!("{DEMO_CONFIG}{COMMANDS}"), story);
}

/// All that the bot wrote about a request.
async fn said(w: &World, request: &Message) -> String {
    let answers = w.answers(request).await;
    answers.iter().map(|answer| format!("{}\n{}\n", answer.text(), answer.fallback())).collect()
}

#[test]
fn a_secret_cannot_be_chosen_so_that_it_hides_something_else() {
    with_secrets(async |w| {
        let said = w.ana.says(BACKOFFICE, "<@U0BOT> store note acme-one for acme-one").await;
        let answer = w.answer(&said).await;
        assert!(answer.contains("The secret also stands elsewhere"), "{answer}");
    });
}

#[test]
fn a_slash_command_is_said_without_its_secret() {
    with_secrets(async |w| {
        w.ana.types(BACKOFFICE, "/store", &format!("note {VALUE} for acme")).await;
        let root = w.ana.history(BACKOFFICE).await.into_iter().next().unwrap();
        assert!(root.text().contains("@U0ANA ran /store note ••• for acme"), "{}", root.text());
        assert!(!root.fallback().contains(VALUE), "{}", root.fallback());
        w.ana.reacts(&root, YES).await;
        let card = w.card(&root).await.text();
        assert!(card.contains("Done") && card.contains("•••"), "{card}");
        assert!(!said(w, &root).await.contains(VALUE));
        assert_eq!(w.value(NOTE).await.as_deref(), Some(VALUE));
    });
}

#[test]
fn a_credential_that_nobody_marked_is_not_written_either() {
    with_secrets(async |w| {
        let token = ["xoxb", "-1234567890-abcdefghij"].concat();
        let request =
            w.ana.says(BACKOFFICE, &format!("<@U0BOT> comment acme with the token {token} is old")).await;
        w.ana.reacts(&request, YES).await;
        let card = w.card(&request).await.text();
        assert!(card.contains("Done") && card.contains("the token ••• is old"), "{card}");
        assert!(!said(w, &request).await.contains(&token));
        assert_eq!(
            w.value(NOTE).await,
            Some(format!("the token {token} is old")),
            "the work was done with it"
        );
    });
}

#[test]
fn a_secret_that_is_too_short_is_not_repeated() {
    with_secrets(async |w| {
        let request = w.ana.says(BACKOFFICE, "<@U0BOT> store note Hu2 for acme").await;
        let answer = said(w, &request).await;
        assert!(answer.contains("note must be one word of at least 8 characters"), "{answer}");
        assert!(!answer.contains("Hu2"), "{answer}");
    });
}
