//! What every table promises.
#![expect(clippy::unwrap_used, reason = "a promise that is not kept is a failed test")]

use std::sync::Arc;

use futures_util::future::join_all;
use jiff::Timestamp;

use crate::domain::{Environment, Row};
use crate::ports::{Saved, Table};

const NOW: i64 = 1_800_000_000;
/// How often an index is asked that may lag behind.
const PATIENCE: usize = 200;

fn row(ip_address: &str, environment: &str) -> Row {
    Row {
        ip_address: ip_address.to_owned(),
        environment: environment.to_owned(),
        description: Some("John office IP".to_owned()),
        added_by: Some("john.doe".to_owned()),
        added_at: Some(NOW),
        expires_at: Some(NOW + 7 * 86_400),
        ..Row::default()
    }
}

fn bare(ip_address: &str, environment: &str) -> Row {
    Row { ip_address: ip_address.to_owned(), environment: environment.to_owned(), ..Row::default() }
}

/// A row that says everything that a row can say.
fn whole() -> Row {
    Row {
        description: Some("Zoë’s café ☕ \"1\\2\"\n".to_owned()),
        person: Some("T1/U0ANA".to_owned()),
        extended_at: Some(NOW + 1),
        operation: Some("op_01".to_owned()),
        quarantined: Some("`added_at` is in the future".to_owned()),
        told_ending: Some(NOW + 2),
        ..row("203.0.113.7/32", "dev")
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn sorted(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by(|one, other| {
        (&one.ip_address, &one.environment).cmp(&(&other.ip_address, &other.environment))
    });
    rows
}

async fn there(table: &dyn Table, ip_address: &str) -> Vec<Row> {
    sorted(table.rows_of(ip_address).await.unwrap())
}

async fn write(table: &dyn Table, row: &Row) {
    assert_eq!(table.save(row, None).await.unwrap(), Saved::Done);
}

/// Each attribute comes back as it was written, and one that was not is not there.
pub async fn a_row_comes_back_as_it_went_in(table: Arc<dyn Table>) {
    for row in [whole(), row("2001:db8::/48", "dev"), bare("no network at all", "nowhere")] {
        write(&*table, &row).await;
        assert_eq!(there(&*table, &row.ip_address).await, std::slice::from_ref(&row));
        assert_eq!(table.get(&[(row.ip_address.clone(), row.environment())]).await.unwrap(), [row]);
    }
    assert_eq!(there(&*table, "203.0.113.8/32").await, []);
}

/// A row that begins is written only where there is none.
pub async fn what_is_there_is_not_written_over(table: Arc<dyn Table>) {
    let first = row("203.0.113.7/32", "dev");
    write(&*table, &first).await;
    let other = Row { description: None, ..first.clone() };
    assert_eq!(table.save(&other, None).await.unwrap(), Saved::Changed);
    assert_eq!(there(&*table, "203.0.113.7/32").await, [first]);
}

/// A row is changed only if each attribute is still what was read.
pub async fn a_row_is_changed_only_as_it_was_read(table: Arc<dyn Table>) {
    let first = whole();
    write(&*table, &first).await;
    let new = Row { expires_at: Some(NOW + 9 * 86_400), ..first.clone() };
    let stale = [
        Row { description: None, ..first.clone() },
        Row { added_by: Some("JOHN.DOE".to_owned()), ..first.clone() },
        Row { person: None, ..first.clone() },
        Row { added_at: Some(NOW + 1), ..first.clone() },
        Row { extended_at: None, ..first.clone() },
        Row { expires_at: None, ..first.clone() },
        Row { operation: Some("op_02".to_owned()), ..first.clone() },
        Row { quarantined: None, ..first.clone() },
        Row { told_ending: None, ..first.clone() },
    ];
    for before in &stale {
        assert_eq!(table.save(&new, Some(before)).await.unwrap(), Saved::Changed, "{before:?}");
    }
    assert_eq!(there(&*table, "203.0.113.7/32").await, std::slice::from_ref(&first));
    assert_eq!(table.save(&new, Some(&first)).await.unwrap(), Saved::Done);
    assert_eq!(table.save(&first, Some(&first)).await.unwrap(), Saved::Changed);
    assert_eq!(there(&*table, "203.0.113.7/32").await, [new]);
    let bare = bare("203.0.113.8/32", "dev");
    write(&*table, &bare).await;
    let said = Row { quarantined: Some("why".to_owned()), ..bare.clone() };
    assert_eq!(table.save(&bare, Some(&said)).await.unwrap(), Saved::Changed, "it said nothing");
    assert_eq!(table.save(&said, Some(&bare)).await.unwrap(), Saved::Done);
}

/// An attribute that the new row does not have is taken away.
pub async fn what_a_row_says_no_more_is_gone(table: Arc<dyn Table>) {
    let first = whole();
    write(&*table, &first).await;
    let less = bare(&first.ip_address, &first.environment);
    assert_eq!(table.save(&less, Some(&first)).await.unwrap(), Saved::Done);
    assert_eq!(there(&*table, &first.ip_address).await, [less]);
}

/// A row that somebody removed does not come back by a change.
pub async fn what_is_gone_is_not_written_again(table: Arc<dyn Table>) {
    let first = row("203.0.113.7/32", "dev");
    assert_eq!(table.save(&first, Some(&first)).await.unwrap(), Saved::Changed, "it never was");
    write(&*table, &first).await;
    assert_eq!(table.remove(&first).await.unwrap(), Saved::Done);
    assert_eq!(table.save(&first, Some(&first)).await.unwrap(), Saved::Changed);
    assert_eq!(there(&*table, "203.0.113.7/32").await, []);
    let bare = bare("203.0.113.8/32", "dev");
    assert_eq!(table.save(&bare, Some(&bare)).await.unwrap(), Saved::Changed, "a bare row is not no row");
}

/// Of sixteen who begin or change a row at once, one does.
pub async fn of_racing_writers_exactly_one_wins(table: Arc<dyn Table>) {
    let by = |name: usize| Row { added_by: Some(name.to_string()), ..row("203.0.113.7/32", "dev") };
    let won = |saved: Vec<Saved>| saved.iter().filter(|saved| **saved == Saved::Done).count();
    let race = async |before: Option<Row>, base: usize| {
        let racers = (base..base + 16).map(|name| {
            let (table, before) = (Arc::clone(&table), before.clone());
            async move { table.save(&by(name), before.as_ref()).await.unwrap() }
        });
        won(join_all(racers).await)
    };
    assert_eq!(race(None, 0).await, 1);
    let first = there(&*table, "203.0.113.7/32").await.pop();
    assert_eq!(race(first, 100).await, 1);
}

/// A removal, too, is of the row that was read.
pub async fn a_row_is_removed_only_as_it_was_read(table: Arc<dyn Table>) {
    let first = whole();
    assert_eq!(table.remove(&first).await.unwrap(), Saved::Changed, "it never was");
    write(&*table, &first).await;
    let stale = Row { expires_at: Some(NOW), ..first.clone() };
    assert_eq!(table.remove(&stale).await.unwrap(), Saved::Changed);
    assert_eq!(there(&*table, &first.ip_address).await, std::slice::from_ref(&first));
    assert_eq!(table.remove(&first).await.unwrap(), Saved::Done);
    assert_eq!(there(&*table, &first.ip_address).await, []);
}

/// One network in several environments; a key is a text, and means itself alone.
pub async fn all_rows_of_a_network_are_read_and_no_others(table: Arc<dyn Table>) {
    let same =
        [row("203.0.113.7/32", "dev"), bare("203.0.113.7/32", "prod"), row("203.0.113.7/32", "staging")];
    for one in same.iter().chain(&[row("203.0.113.7", "dev"), row("203.0.113.70/32", "dev")]) {
        write(&*table, one).await;
    }
    assert_eq!(there(&*table, "203.0.113.7/32").await, same);
    assert_eq!(there(&*table, "203.0.113.7").await, [row("203.0.113.7", "dev")]);
}

/// However many keys are asked for; where there is no row there is none.
pub async fn many_keys_are_looked_up(table: Arc<dyn Table>) {
    assert_eq!(table.get(&[]).await.unwrap(), []);
    let key = |number: usize| format!("203.0.{}.{}/32", number / 256, number % 256);
    let some: Vec<Row> =
        (0..230).filter(|number| number % 2 == 0).map(|number| row(&key(number), "dev")).collect();
    for one in &some {
        write(&*table, one).await;
    }
    let keys: Vec<(String, Environment)> =
        (0..230).map(|number| (key(number), Environment::new("dev"))).collect();
    assert_eq!(sorted(table.get(&keys).await.unwrap()), sorted(some));
}

/// All rows of an environment, more than one answer of DynamoDB's holds (1 MB); and no others.
pub async fn an_environment_is_read_whole(table: Arc<dyn Table>) {
    let long = |number: usize| Row {
        description: Some("x".repeat(9_000)),
        ..row(&format!("203.0.113.{number}/32"), "dev")
    };
    let all: Vec<Row> = (0..130).map(long).collect();
    for one in all.iter().chain(&[row("203.0.113.7/32", "prod")]) {
        write(&*table, one).await;
    }
    let dev = Environment::new("dev");
    let mut read = Vec::new();
    for _ in 0..PATIENCE {
        read = sorted(table.in_environment(&dev).await.unwrap());
        if read.len() == all.len() {
            break;
        }
    }
    assert!(read == sorted(all), "{} rows", read.len());
    assert_eq!(table.in_environment(&Environment::new("nowhere")).await.unwrap(), []);
}

/// From its last second on, and not before; never without a time.
pub async fn a_row_is_expired_when_its_time_is_over(table: Arc<dyn Table>) {
    let first = Row { expires_at: Some(NOW), ..row("203.0.113.7/32", "dev") };
    let timeless = bare("203.0.113.8/32", "dev");
    for one in [&first, &timeless] {
        write(&*table, one).await;
    }
    assert_eq!(table.expire(&first, at(NOW - 1)).await.unwrap(), Saved::Changed);
    assert_eq!(table.expire(&timeless, at(NOW)).await.unwrap(), Saved::Changed);
    assert_eq!(there(&*table, "203.0.113.7/32").await, std::slice::from_ref(&first));
    assert_eq!(table.expire(&first, at(NOW)).await.unwrap(), Saved::Done);
    assert_eq!(there(&*table, "203.0.113.7/32").await, []);
    assert_eq!(there(&*table, "203.0.113.8/32").await, [timeless]);
    assert_eq!(table.expire(&first, at(NOW)).await.unwrap(), Saved::Changed, "it is gone");
}

/// What was read does not count, but what is there; whatever else changed meanwhile.
pub async fn an_extension_wins_over_an_expiry(table: Arc<dyn Table>) {
    let first = Row { expires_at: Some(NOW), ..row("203.0.113.7/32", "dev") };
    write(&*table, &first).await;
    let extended = Row { expires_at: Some(NOW + 3_600), ..first.clone() };
    assert_eq!(table.save(&extended, Some(&first)).await.unwrap(), Saved::Done);
    assert_eq!(table.expire(&first, at(NOW + 60)).await.unwrap(), Saved::Changed);
    assert_eq!(there(&*table, "203.0.113.7/32").await, std::slice::from_ref(&extended));
    let described = Row { description: Some("other".to_owned()), ..extended.clone() };
    assert_eq!(table.save(&described, Some(&extended)).await.unwrap(), Saved::Done);
    assert_eq!(table.expire(&first, at(NOW + 3_600)).await.unwrap(), Saved::Done);
}
