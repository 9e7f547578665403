//! From Socket Mode to HTTP, or back: for a while both are on, and all is delivered on both.

use super::office::Office;
use super::signed::{Slack, reacted, said};
use crate::kill::product::Product;
use crate::workspace::{BACKOFFICE, Thread};

const BOTH: [&str; 3] = ["--http", "127.0.0.1:0", "--socket-mode"];
const ROUNDS: i64 = 5;

#[tokio::test]
async fn what_is_delivered_on_both_is_done_once_also_when_it_is_killed_in_between() {
    let office = Office::new().await;
    let product = Product::counting(office.folder.path()).await;
    for (round, account) in product.accounts(ROUNDS).await.into_iter().enumerate() {
        let program = office.serves(&BOTH).await.with_addresses().await;
        let slack = Slack::to(program.http.as_deref().unwrap());
        let text = format!("<@U0BOT> set {account} trial remaining to 14 days");
        let ts = office.workspace.says("ana", BACKOFFICE, &text).await;
        slack.sends(&said("app_mention", ("U0ANA", BACKOFFICE, &ts), &text)).await;
        slack.sends(&said("message", ("U0ANA", BACKOFFICE, &ts), &text)).await;
        office.workspace.thread_that(BACKOFFICE, &ts, |thread| thread.says("Waiting for signatures")).await;
        office.workspace.signs("ana", BACKOFFICE, &ts).await;
        slack.sends(&reacted("U0ANA", BACKOFFICE, &ts)).await;
        office.workspace.signs("ben", BACKOFFICE, &ts).await;
        slack.sends(&reacted("U0BEN", BACKOFFICE, &ts)).await;
        let program = if round % 2 == 0 {
            program.kill().await;
            let again = office.serves(&BOTH).await.with_addresses().await;
            let slack = Slack::to(again.http.as_deref().unwrap());
            slack.sends(&said("app_mention", ("U0ANA", BACKOFFICE, &ts), &text)).await;
            slack.sends(&reacted("U0BEN", BACKOFFICE, &ts)).await;
            again
        } else {
            program
        };
        let thread = office.workspace.thread_that(BACKOFFICE, &ts, Thread::is_done).await;
        assert_eq!(thread.cards().len(), 1, "{:#?}", thread.answers);
        assert_eq!(product.changes(&account).await, 1);
        assert!(program.stops().await.1.success());
    }
    assert_eq!(product.operations().await, ROUNDS);
}
