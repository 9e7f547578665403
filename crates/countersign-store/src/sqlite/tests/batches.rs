use async_trait::async_trait;

use super::*;
use crate::sqlite::error::StoreError;
use crate::sqlite::writer::Work;

/// Work that SQLite refuses after it has written something.
struct Spoiler;

#[async_trait]
impl Work for Spoiler {
    type Answer = ();

    async fn run(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query(
            "insert into inbox (key, kind, payload, received_at, done) values ('spoiler', '', '', '', 0)",
        )
        .execute(&mut *connection)
        .await?;
        sqlx::query("insert into inbox (key) values (null)").execute(connection).await?;
        Ok(())
    }
}

/// Lets the file grow to so many pages and no further, as a full disk would.
struct Room(u32);

#[async_trait]
impl Work for Room {
    type Answer = ();

    async fn run(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let pragma = sqlx::AssertSqlSafe(format!("pragma max_page_count = {}", self.0));
        sqlx::query(pragma).execute(connection).await?;
        Ok(())
    }
}

// On one thread, everything below is queued before the writer wakes, so that it becomes one batch.
#[tokio::test(flavor = "current_thread")]
async fn one_failure_does_not_fail_its_neighbours() {
    let (store, _folder) = fresh().await;
    let (one, two, a) = (first(1), first(2), delivery("a"));
    let (before, spoiled, refused, after, done) = tokio::join!(
        store.begin("one", &one, DUE),
        store.writer.run(Spoiler),
        store.append(std::slice::from_ref(&two), NEXT),
        store.store(&a),
        store.begin("two", &two, DUE),
    );
    assert_eq!(before.unwrap(), Begun::New);
    assert!(matches!(spoiled, Err(StoreError::Database(_))));
    assert!(refused.is_err());
    assert_eq!(after.unwrap(), Stored::New);
    assert_eq!(done.unwrap(), Begun::New);
    assert_eq!(store.waiting().await.unwrap(), [a]);
    assert_eq!(Ledger::open(&store).await.unwrap(), [one.operation, two.operation]);
}

#[tokio::test(flavor = "current_thread")]
async fn a_batch_sees_what_came_before_in_it() {
    let (store, _folder) = fresh().await;
    let one = first(1);
    let (two, late) = (next(&one), next(&one));
    let (begun, appended, conflict, again) = tokio::join!(
        store.begin("key", &one, DUE),
        store.append(std::slice::from_ref(&two), NEXT),
        store.append(std::slice::from_ref(&late), NEXT),
        store.begin("key", &one, DUE),
    );
    assert_eq!(begun.unwrap(), Begun::New);
    assert_eq!(appended.unwrap(), countersign_engine::ports::Appended::Done);
    assert_eq!(conflict.unwrap(), countersign_engine::ports::Appended::Conflict);
    assert_eq!(again.unwrap(), Begun::Already(one.operation));
}

#[tokio::test]
async fn a_full_disk_is_an_error_and_goes_away_with_the_room() {
    let (store, _folder) = fresh().await;
    store.writer.run(Room(1)).await.unwrap();
    let big = Delivery { payload: "x".repeat(100_000), ..delivery("big") };
    assert!(store.store(&big).await.is_err());
    assert!(store.store(&big).await.is_err());
    assert_eq!(store.waiting().await.unwrap(), []);
    store.writer.run(Room(1_000_000)).await.unwrap();
    assert_eq!(store.store(&big).await.unwrap(), Stored::New);
}

#[tokio::test]
async fn work_is_done_though_nobody_waits_for_it_any_more() {
    let (store, _folder) = fresh().await;
    {
        let delivery = delivery("a");
        let mut storing = store.store(&delivery);
        // Polled once, it is queued; then whoever asked goes away.
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(storing.as_mut().poll(&mut context).is_pending());
    }
    store.store(&delivery("b")).await.unwrap();
    assert_eq!(store.waiting().await.unwrap(), [delivery("a"), delivery("b")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_all_get_through() {
    let (store, _folder) = fresh().await;
    let store = std::sync::Arc::new(store);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..600 {
        let store = std::sync::Arc::clone(&store);
        tasks.spawn(async move { store.begin(&number.to_string(), &first(number), DUE).await.unwrap() });
    }
    assert!(tasks.join_all().await.iter().all(|begun| *begun == Begun::New));
    assert_eq!(Ledger::open(&*store).await.unwrap().len(), 600);
}

/// Of what is queued at once, copies are known as such, and each is told so.
#[tokio::test(flavor = "current_thread")]
async fn copies_in_one_batch_are_known() {
    let (store, _folder) = fresh().await;
    store.store(&delivery("7")).await.unwrap();
    let store = std::sync::Arc::new(store);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..200 {
        let store = std::sync::Arc::clone(&store);
        tasks.spawn(async move { store.store(&delivery(&(number % 150).to_string())).await.unwrap() });
    }
    let stored = tasks.join_all().await;
    assert_eq!(stored.iter().filter(|stored| **stored == Stored::New).count(), 149);
    assert_eq!(store.waiting().await.unwrap().len(), 150);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..100 {
        let store = std::sync::Arc::clone(&store);
        tasks.spawn(async move { store.done(&number.to_string()).await.unwrap() });
    }
    tasks.join_all().await;
    assert_eq!(store.waiting().await.unwrap().len(), 50);
}
