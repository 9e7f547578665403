//! A secret argument, from the sentence to the work: its value reaches the product and nothing else.

use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

use crate::serve::office::Office;
use crate::workspace::{BACKOFFICE, Thread};

const VALUE: &str = "Hunter2-hunter2";
const COMMAND: &str = r#"
[[command]]
pattern = "store note <note:secret> for <subdomain:slug>"
description = "Store a note that nobody may read here."
channels = ["backoffice"]
risk = "high"

[command.sql]
database = "app"
preview = "select subdomain, note from accounts where subdomain = :subdomain"
execute = "update accounts set note = :note where subdomain = :subdomain"
rows = 1
done = "The note of {subdomain} is {note} now."
"#;

impl Office {
    async fn with_a_secret_command() -> Self {
        let office = Self::new().await;
        let config = office.folder.path().join("countersign.toml");
        let text = std::fs::read_to_string(&config).unwrap();
        std::fs::write(&config, text + COMMAND).unwrap();
        office
    }

    async fn note_of_acme(&self) -> String {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("demo.db"));
        let note = sqlx::query_scalar("select note from accounts where subdomain = 'acme'");
        note.fetch_one(&mut options.connect().await.unwrap()).await.unwrap()
    }

    async fn asks_for_a_secret(&self) -> String {
        let sentence = format!("<@U0BOT> store note \"{VALUE}\" for acme");
        let ts = self.workspace.says("ana", BACKOFFICE, &sentence).await;
        self.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("Waiting for signatures")).await;
        ts
    }

    /// The bytes of every file that the program left, but for the product's own.
    fn left_behind(&self) -> Vec<(String, String)> {
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|file| file.unwrap());
        let files = files.filter(|file| !file.file_name().to_string_lossy().starts_with("demo.db"));
        let read = |file: std::fs::DirEntry| {
            let bytes = std::fs::read(file.path()).unwrap();
            (file.file_name().into_string().unwrap(), String::from_utf8_lossy(&bytes).into_owned())
        };
        files.map(read).collect()
    }
}

#[tokio::test]
async fn its_value_reaches_the_product_and_nothing_else() {
    let office = Office::with_a_secret_command().await;
    let program = office.serves(&[]).await;
    let ts = office.asks_for_a_secret().await;
    office.workspace.signs("ana", BACKOFFICE, &ts).await;
    office.workspace.signs("ben", BACKOFFICE, &ts).await;
    let thread = office.workspace.thread_that(BACKOFFICE, &ts, Thread::is_done).await;
    assert_eq!(office.note_of_acme().await, VALUE, "the work was done with it");
    assert!(thread.says("•••"), "{:?}", thread.answers);
    for answer in &thread.answers {
        assert!(!answer.to_string().contains(VALUE), "{answer:#}");
    }
    let (_, ended) = program.stops().await;
    assert!(ended.success());
    let left = office.left_behind();
    let ledger = left.iter().find(|(name, _)| name == "ledger.db").map(|(_, text)| text.clone()).unwrap();
    assert!(ledger.contains("store note \\\"•••\\\" for acme"), "the request stands there, without it");
    for (name, text) in left {
        assert!(!text.contains(VALUE), "{name} contains it");
    }
}

#[tokio::test]
async fn what_was_in_memory_alone_is_gone_after_a_restart() {
    let office = Office::with_a_secret_command().await;
    let program = office.serves(&[]).await;
    let ts = office.asks_for_a_secret().await;
    program.kill().await;
    let program = office.serves(&[]).await;
    office.workspace.signs("ana", BACKOFFICE, &ts).await;
    office.workspace.signs("ben", BACKOFFICE, &ts).await;
    let said = |thread: &Thread| thread.says("Please say the sentence again.");
    office.workspace.thread_that(BACKOFFICE, &ts, said).await;
    assert_ne!(office.note_of_acme().await, VALUE, "nothing was done");
    program.stops().await;
}
