//! How long it takes from a row in the table to a rule in the group, through the table's stream and the Lambda, on an
//! emulator of AWS: `cargo xtask latency`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement stops at the first surprise"
)]

#[path = "../tests/support/account.rs"]
mod account;

use std::path::Path;
use std::time::{Duration, Instant};

use account::Account;
use countersign_engine::ports::Clock as _;
use countersign_engine::system::SystemClock;
use ip_whitelist_manager::aws::{Discovery, DynamoTable, Ec2Firewall};
use ip_whitelist_manager::domain::{GroupId, Row};
use ip_whitelist_manager::ports::{Firewall as _, Saved, Table as _};

const ROWS: usize = 31;
const LOOK: Duration = Duration::from_millis(2);

#[tokio::main]
async fn main() {
    let account = Account::open().await;
    let group = GroupId::new(account.security_group());
    // Beside this program, where cargo puts it.
    let program = std::env::current_exe().unwrap();
    let built = program.parent().and_then(Path::parent).unwrap().join("ip-whitelist-manager");
    account.lambda(&built);
    let tag = Some(("WhitelistManaged".to_owned(), account.mark.clone()));
    let discovery = Discovery { tag, ..Discovery::default() };
    let firewall = Ec2Firewall::new(account.aws.clone(), discovery, &account.table());
    let table = DynamoTable::new(account.aws.clone(), &account.table());
    let mut took = Vec::new();
    for number in 0..ROWS {
        assert_eq!(table.save(&row(number), None).await.unwrap(), Saved::Done);
        let began = Instant::now();
        let mut looks = tokio::time::interval(LOOK);
        while firewall.rules(std::slice::from_ref(&group)).await.unwrap()[&group].list.len() <= number {
            looks.tick().await;
        }
        took.push(began.elapsed());
    }
    // The first one starts the function.
    let cold = took.remove(0);
    took.sort();
    println!("| the first, ms | median, ms | p90 | the longest |\n|---:|---:|---:|---:|");
    let at = |part: usize| took[(took.len() - 1) * part / 100].as_millis();
    println!("| {} | {} | {} | {} |", cold.as_millis(), at(50), at(90), at(100));
}

/// A row as somebody would write it by hand.
fn row(number: usize) -> Row {
    let now = SystemClock.now().as_second();
    Row {
        ip_address: format!("198.51.100.{number}/32"),
        environment: "dev".to_owned(),
        added_by: Some("john.doe".to_owned()),
        added_at: Some(now),
        expires_at: Some(now + 604_800),
        ..Row::default()
    }
}
