//! Whoever hears, counts or works: it happens once.

use super::{Replicas, is_well};
use crate::program::ends;
use crate::serve::office::Program;

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn any_of_three_hears_counts_and_works() {
    let replicas = Replicas::new().await;
    let programs = [replicas.starts().await, replicas.starts().await, replicas.starts().await];
    let accounts = replicas.product.accounts(6).await;
    let mut asked = Vec::new();
    for account in &accounts {
        asked.push(replicas.asks(account).await);
    }
    for ts in &asked {
        replicas.signs(ts).await;
    }
    for (ts, account) in asked.iter().zip(&accounts) {
        replicas.is_done_once(ts, account).await;
    }
    assert_eq!(replicas.product.operations().await, 6);
    let folder = replicas.office.folder.path();
    let verified = ends(folder, &["audit", "verify"]).await;
    let table = &replicas.table;
    assert!(
        verified.out.starts_with(&format!("{table}: 6 operations, ")),
        "{} {}",
        verified.out,
        verified.err
    );
    assert_eq!(verified.code, 0, "{}", verified.out);
    let checked = ends(folder, &["check", "--offline"]).await;
    assert!(checked.out.contains(&format!("The DynamoDB table {table} is there")), "{}", checked.out);
    let copied = ends(folder, &["backup", "copy.db"]).await;
    assert!(copied.err.contains("point-in-time recovery"), "{}", copied.err);
    for program in programs {
        let health = is_well(&program, 200).await;
        assert_eq!(health["warnings"], serde_json::json!([]), "nobody is a stranger");
        assert!(program.stops().await.1.success());
    }
}

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn restarts_one_after_the_other_lose_nothing() {
    let replicas = Replicas::new().await;
    let mut programs = vec![replicas.starts().await, replicas.starts().await, replicas.starts().await];
    let accounts = replicas.product.accounts(3).await;
    let mut asked = Vec::new();
    for account in &accounts {
        // The oldest goes while the request is on its way, and a new one comes.
        let (ts, ()) = tokio::join!(replicas.asks(account), restarts(&replicas, &mut programs, Goes::Asked));
        asked.push(ts);
    }
    for ts in &asked {
        tokio::join!(replicas.signs(ts), restarts(&replicas, &mut programs, Goes::Killed));
    }
    for (ts, account) in asked.iter().zip(&accounts) {
        replicas.is_done_once(ts, account).await;
    }
    assert_eq!(replicas.product.operations().await, 3);
}

/// How a process ends.
enum Goes {
    /// By SIGTERM: it finishes what it has in hand.
    Asked,
    /// By SIGKILL.
    Killed,
}

async fn restarts(replicas: &Replicas, programs: &mut Vec<Program>, goes: Goes) {
    let oldest = programs.remove(0);
    match goes {
        Goes::Asked => assert!(oldest.stops().await.1.success()),
        Goes::Killed => oldest.kill().await,
    }
    programs.push(replicas.starts().await);
}
