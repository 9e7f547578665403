use super::*;

async fn refusal(url: &str) -> DatabaseError {
    let limits = Limits { busy: Duration::from_millis(20), ..Limits::default() };
    Database::open_with(url, limits).await.unwrap_err()
}

#[tokio::test]
async fn only_a_database_that_is_there_is_opened() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("app.db");
    assert!(matches!(refusal(&url(&path)).await, DatabaseError::Missing(_)));
    assert!(!path.exists(), "none is created");
    assert!(matches!(refusal(&url(folder.path())).await, DatabaseError::Missing(_)));

    let text = "This is a shopping list. ".repeat(400);
    std::fs::write(&path, &text).unwrap();
    assert!(matches!(refusal(&url(&path)).await, DatabaseError::NotADatabase(_)));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn an_address_of_another_kind_is_refused_without_repeating_it() {
    for url in ["postgres://bot:hunter2@db/app", "mysql://bot:hunter2@db", "app.db", ""] {
        let refused = refusal(url).await;
        let text = format!("{refused} {refused:?}");
        assert!(matches!(refused, DatabaseError::UnknownKind));
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[tokio::test]
async fn a_locked_database_is_refused_unless_it_has_the_table_already() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("app.db");
    let mut other = tool(&path).await;
    sqlx::query("create table t (x)").execute(&mut other).await.unwrap();
    sqlx::query("begin immediate").execute(&mut other).await.unwrap();
    assert!(matches!(refusal(&url(&path)).await, DatabaseError::Locked(_)));
    sqlx::query("rollback").execute(&mut other).await.unwrap();
    Database::open(&url(&path)).await.unwrap();

    sqlx::query("begin immediate").execute(&mut other).await.unwrap();
    Database::open(&url(&path)).await.unwrap();
}

#[tokio::test]
async fn a_table_of_that_name_with_other_columns_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("app.db");
    let sql = "create table countersign_operations (something_else)";
    sqlx::query(sql).execute(&mut tool(&path).await).await.unwrap();
    let refused = refusal(&url(&path)).await;
    assert!(matches!(refused, DatabaseError::NoMarks { .. }), "{refused:?}");
}

#[tokio::test]
async fn both_ways_to_write_the_address_work() {
    let product = Product::new().await;
    let path = database_file(&product);
    Database::open(&format!("sqlite:{}", path.display())).await.unwrap();
    Database::open(&format!("sqlite://{}", path.display())).await.unwrap();
}
