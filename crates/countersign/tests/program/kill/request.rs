//! One request to change an account, whatever happens to the program meanwhile.

use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::product::Product;
use crate::program::Dev;
use crate::workspace::{BACKOFFICE, Thread, signature};

/// ana's request about one account.
pub struct Request {
    account: String,
    text: String,
}

impl Request {
    pub fn about(account: &str) -> Self {
        let text = format!("<@U0BOT> set {account} trial remaining to 14 days");
        Self { account: account.to_owned(), text }
    }

    /// ana sends it and does not wait.
    pub async fn is_sent(&self, dev: &Dev) -> TcpStream {
        dev.workspace.sends("ana", "chat.postMessage", &self.post()).await
    }

    /// The request's `ts`. If it got lost on the way ana saw that, and says it again.
    pub async fn ts(&self, dev: &Dev) -> String {
        match self.found(dev).await {
            Some(ts) => ts,
            None => dev.workspace.says("ana", BACKOFFICE, &self.text).await,
        }
    }

    /// The request's `ts`, once it has arrived.
    pub async fn found(&self, dev: &Dev) -> Option<String> {
        dev.workspace.find(BACKOFFICE, &self.text).await
    }

    /// Waits for the card.
    pub async fn has_its_card(&self, dev: &Dev) -> String {
        let ts = self.ts(dev).await;
        dev.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("Waiting for signatures")).await;
        ts
    }

    /// ana has signed, and the card says so.
    pub async fn is_signed_by_ana(&self, dev: &Dev) -> String {
        let ts = self.has_its_card(dev).await;
        dev.workspace.help().await;
        dev.workspace.signs("ana", BACKOFFICE, &ts).await;
        dev.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("*Signed*\\n<@U0ANA>")).await;
        ts
    }

    /// ben sends the last signature and does not wait.
    pub async fn is_signed_by_ben(&self, dev: &Dev, ts: &str) -> TcpStream {
        dev.workspace.sends("ben", "reactions.add", &signature(BACKOFFICE, ts)).await
    }

    /// Both sign what they have not signed, and it is done: once, and with one card.
    pub async fn is_done_once(&self, dev: &Dev, product: &Product) {
        let ts = self.has_a_card(dev).await;
        // Nobody signs within the few milliseconds in which the bot looks for its card again.
        dev.workspace.help().await;
        dev.workspace.signs("ana", BACKOFFICE, &ts).await;
        dev.workspace.signs("ben", BACKOFFICE, &ts).await;
        self.stays_done_once(dev, product, &ts).await;
    }

    /// It comes to its end without anybody doing anything, and nothing happens after that.
    pub async fn stays_done_once(&self, dev: &Dev, product: &Product, ts: &str) {
        dev.workspace.thread_that(BACKOFFICE, ts, Thread::is_done).await;
        dev.workspace.help().await;
        let thread = dev.workspace.thread(BACKOFFICE, ts).await;
        assert!(thread.is_done(), "{:#?}", thread.answers);
        assert_eq!(thread.answers.len(), 1, "one card, edited: {:#?}", thread.answers);
        for failed in ["x", "question"] {
            assert!(!thread.is_marked(failed), "{}", thread.root);
        }
        let operation = operation(&thread);
        assert_eq!(product.applied(&operation).await, 1, "{operation}");
        assert_eq!(product.changes(&self.account).await, 1, "{}", self.account);
    }

    async fn has_a_card(&self, dev: &Dev) -> String {
        let ts = self.ts(dev).await;
        dev.workspace.thread_that(BACKOFFICE, &ts, |thread| !thread.cards().is_empty()).await;
        ts
    }

    fn post(&self) -> Value {
        json!({"channel": BACKOFFICE, "text": self.text})
    }
}

/// The operation whose card stands in the thread.
fn operation(thread: &Thread) -> String {
    thread.answers[0]["metadata"]["event_payload"]["mark"].as_str().unwrap().to_owned()
}
