use countersign_core::operation::Table;

use super::*;
use crate::sql::Layout;

async fn read(product: &Product, config: SqlConfig, args: &Value) -> Report {
    let runbook = product.runbook(config, &["subdomain"]);
    assert!(runbook.only_reads());
    let plan = runbook.plan(&permit(args), &fixed()).await.unwrap();
    match runbook.apply(&permit(args), run(&operation(1), &plan)).await.unwrap() {
        Applied::Done(report) => report,
        more => panic!("{more:?}"),
    }
}

fn cells(row: &[&str]) -> Vec<Option<String>> {
    row.iter().map(|cell| (*cell != "NULL").then(|| (*cell).to_owned())).collect()
}

#[tokio::test]
async fn rows_come_as_a_table() {
    let product = Product::new().await;
    let config = SqlConfig {
        title: Some("About {subdomain}".to_owned()),
        ..query("select *, :now as now from accounts where subdomain = :subdomain")
    };
    let report = read(&product, config, &json!({"subdomain": "acme"})).await;
    assert_eq!(report.summary, "About acme");
    let table = report.table.unwrap();
    assert_eq!(table.columns, ["subdomain", "plan", "trial_ends_at", "seats", "ratio", "logo", "now"]);
    let row = cells(&["acme", "free", "NULL", "3", "0.1", "(2 bytes)", "2026-11-20 12:00:00"]);
    assert_eq!((table.rows, table.left_out), (vec![row], 0));
    assert_eq!(product.marks().await, 0);
}

#[tokio::test]
async fn a_record_comes_field_by_field() {
    let product = Product::new().await;
    let sql = "select subdomain, seats from accounts order by subdomain";
    let config = SqlConfig { layout: Some(Layout::Record), ..query(sql) };
    let table = read(&product, config, &json!({})).await.table.unwrap();
    let expected = Table {
        columns: vec!["field".to_owned(), "value".to_owned()],
        rows: vec![cells(&["subdomain", "acme"]), cells(&["seats", "3"])],
        left_out: 2,
    };
    assert_eq!(table, expected);
}

#[tokio::test]
async fn finding_nothing_is_said() {
    let product = Product::new().await;
    let sql = "select * from accounts where subdomain = :subdomain";
    let nosuch = json!({"subdomain": "nosuch"});
    let report = read(&product, query(sql), &nosuch).await;
    assert_eq!(report, Report { summary: "Nothing was found.".to_owned(), table: None });
    let config = SqlConfig { missing: Some("No account {subdomain}.".to_owned()), ..query(sql) };
    assert_eq!(read(&product, config, &nosuch).await.summary, "No account nosuch.");
}

#[tokio::test]
async fn long_answers_are_cut_and_counted() {
    let product = Product::new().await;
    let many = |n| {
        let sql = format!(
            "with recursive n(i) as (values (1) union all select i + 1 from n where i < {n}) select i from n"
        );
        query(&sql)
    };
    let table = read(&product, many(51), &json!({})).await.table.unwrap();
    assert_eq!((table.rows.len(), table.left_out), (50, 1));
    let table = read(&product, many(100_000), &json!({})).await.table.unwrap();
    assert_eq!((table.rows.len(), table.left_out), (50, 1000), "counting has an end too");
}

#[tokio::test]
async fn reading_never_writes() {
    let product = Product::new().await;
    let before = product.dump().await;
    // It begins as a question, and SQLite itself stops what the configuration's check lets through.
    let mut connection = product.database.reader().await.unwrap();
    let written = sqlx::query("delete from accounts").execute(&mut *connection).await;
    assert!(written.unwrap_err().to_string().contains("readonly"));
    assert_eq!(product.dump().await, before);
}

#[tokio::test]
async fn a_question_without_end_is_stopped() {
    let product = Product::new().await;
    let limits = Limits { statement: Duration::from_millis(20), ..Limits::default() };
    let database = Database::open_with(&url(&database_file(&product)), limits).await.unwrap();
    let endless = query(
        "with recursive n(i) as (values (1) union all select i + 1 from n) select i from n where i < 0",
    );
    let runbook = SqlRunbook::new(endless, Arc::new(database), &[]).unwrap();
    let plan = runbook.plan(&permit(&json!({})), &fixed()).await.unwrap();
    for _ in 0..3 {
        let error = runbook.apply(&permit(&json!({})), run(&operation(1), &plan)).await.unwrap_err();
        assert_eq!(cause(&error), "a statement took longer than 0.02 s and was stopped");
    }
}

#[tokio::test]
async fn the_watch_ends_with_the_statement() {
    let product = Product::new().await;
    let limits = Limits { statement: Duration::ZERO, ..Limits::default() };
    let database = Database::open_with(&url(&database_file(&product)), limits).await.unwrap();
    let mut connection = database.reader().await.unwrap();
    let long = "with recursive n(i) as (values (1) union all select i + 1 from n where i < 10000) \
                select count(*) from n";
    database.watch(&mut connection).await.unwrap();
    assert!(sqlx::query(long).fetch_one(&mut *connection).await.is_err());
    database.unwatch(&mut connection).await.unwrap();
    assert!(sqlx::query(long).fetch_one(&mut *connection).await.is_ok());
    database.watch(&mut connection).await.unwrap();
    drop(connection);
    let mut connection = database.reader().await.unwrap();
    assert!(sqlx::query(long).fetch_one(&mut *connection).await.is_ok(), "the next one is not watched yet");
}

#[tokio::test]
async fn reading_works_beside_a_writer_of_a_database_with_a_write_ahead_log() {
    let product = Product::new().await;
    product.execute("pragma journal_mode = wal").await;
    let mut other = product.tool().await;
    sqlx::query("begin immediate").execute(&mut other).await.unwrap();
    sqlx::query("update accounts set plan = 'pro'").execute(&mut other).await.unwrap();
    let sql = "select plan from accounts where subdomain = :subdomain";
    let report = read(&product, query(sql), &json!({"subdomain": "acme"})).await;
    assert_eq!(report.table.unwrap().rows, [cells(&["free"])]);
}
