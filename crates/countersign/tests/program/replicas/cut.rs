//! One of them is held still, or cut off from the table, while it works: the others take over, once.

use super::way::Way;
use super::{Replicas, emulator, is_well};

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn frozen_past_its_lease_and_thawed_it_writes_nothing() {
    let replicas = Replicas::new().await;
    let worker = replicas.starts().await;
    let ts = replicas.long_work_begins().await;
    worker.signal("STOP").await;
    let others = [replicas.starts().await, replicas.starts().await];
    replicas.long_work_is_done_once(&ts).await;
    worker.signal("CONT").await;
    is_well(&worker, 200).await;
    works_on(&replicas, &ts).await;
    for program in others.into_iter().chain([worker]) {
        assert!(program.stops().await.1.success());
    }
}

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn cut_off_from_the_table_it_loses_its_work_to_others() {
    let replicas = Replicas::new().await;
    let way = Way::to(&emulator()).await;
    replicas.configured("cut.toml", &way.endpoint());
    let arguments = ["--config", "cut.toml", "--health", "127.0.0.1:0"];
    let worker = replicas.office.serves(&arguments).await.with_addresses().await;
    let ts = replicas.long_work_begins().await;
    way.cut();
    is_well(&worker, 503).await;
    let others = [replicas.starts().await, replicas.starts().await];
    replicas.long_work_is_done_once(&ts).await;
    way.mend();
    is_well(&worker, 200).await;
    works_on(&replicas, &ts).await;
    for program in others.into_iter().chain([worker]) {
        assert!(program.stops().await.1.success());
    }
}

/// All of them go on, and what was done stays done.
async fn works_on(replicas: &Replicas, ts: &str) {
    let accounts = replicas.product.accounts(4).await;
    let mut asked = Vec::new();
    for account in &accounts {
        asked.push(replicas.asks(account).await);
    }
    for (asked, account) in asked.iter().zip(&accounts) {
        replicas.signs(asked).await;
        replicas.is_done_once(asked, account).await;
    }
    replicas.long_work_is_done_once(ts).await;
}
