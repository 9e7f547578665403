use super::*;

fn lines(plan: &Plan) -> String {
    let mut lines = Vec::new();
    for step in &plan.steps {
        lines.push(step.title.clone());
        for change in &step.changes {
            let of = change.of.as_deref().map(|of| format!("{of} ")).unwrap_or_default();
            lines.push(format!("  {of}{}: {:?} > {:?}", change.field, change.before, change.after));
        }
    }
    lines.extend(plan.warnings.iter().map(|warning| format!("! {warning}")));
    lines.join("\n")
}

#[tokio::test]
async fn a_plan_shows_what_would_change_and_changes_nothing() {
    let product = Product::new().await;
    let before = product.dump().await;
    let plan = product.set_trial().plan(&acme(14), &fixed()).await.unwrap();
    assert_eq!(product.dump().await, before);
    assert_eq!(product.marks().await, 0);
    assert_eq!(plan.fixed, fixed());
    insta::assert_snapshot!(lines(&plan), @r#"
    Update 1 row of accounts: acme
      plan: Some("free") > Some("enterprise")
      trial_ends_at: None > Some("2026-12-04 12:00:00")
    "#);
    insta::assert_snapshot!(plan.payload, @r#"{"before":{"columns":["subdomain","plan","trial_ends_at"],"rows":[["acme","free",null]]},"after":{"columns":["subdomain","plan","trial_ends_at"],"rows":[["acme","enterprise","2026-12-04 12:00:00"]]}}"#);
}

#[tokio::test]
async fn the_same_world_gives_the_same_plan() {
    let product = Product::new().await;
    let runbook = product.set_trial();
    let first = runbook.plan(&acme(14), &fixed()).await.unwrap();
    assert_eq!(runbook.plan(&acme(14), &fixed()).await.unwrap(), first);
    product.execute("update accounts set seats = 4 where subdomain = 'acme'").await;
    assert_eq!(runbook.plan(&acme(14), &fixed()).await.unwrap(), first, "seats are not part of the preview");
    product.execute("update accounts set plan = 'pro' where subdomain = 'acme'").await;
    assert_ne!(runbook.plan(&acme(14), &fixed()).await.unwrap(), first);
}

#[tokio::test]
async fn a_row_that_is_not_there_is_refused() {
    let product = Product::new().await;
    let nosuch = permit(&json!({"subdomain": "nosuch", "days": 7}));
    let plain = product.set_trial().plan(&nosuch, &fixed()).await.unwrap_err();
    assert_eq!(sentence(plain), "Nothing there to change: no row matches.");

    let config =
        SqlConfig { missing: Some("There is no account called {subdomain}.".to_owned()), ..set_trial() };
    let told = product.runbook(config, &["subdomain", "days"]).plan(&nosuch, &fixed()).await.unwrap_err();
    assert_eq!(sentence(told), "There is no account called nosuch.");
}

#[tokio::test]
async fn another_number_of_rows_than_allowed_is_refused() {
    let product = Product::new().await;
    let before = product.dump().await;
    let refusal = async |rows| {
        let config = change("select subdomain, plan from accounts", "update accounts set plan = 'pro'", rows);
        sentence(product.runbook(config, &[]).plan(&permit(&json!({})), &fixed()).await.unwrap_err())
    };
    assert_eq!(refusal(1).await, "This would touch 3 rows, and only 1 is allowed.");
    assert_eq!(refusal(2).await, "This would touch 3 rows, and only 2 are allowed.");
    assert_eq!(refusal(4).await, "This would touch 3 rows, and it has to be exactly 4.");
    assert_eq!(product.dump().await, before);
}

#[tokio::test]
async fn several_rows_are_told_apart() {
    let product = Product::new().await;
    let config = change(
        "select subdomain, plan, seats, ratio from accounts order by subdomain",
        "update accounts set plan = 'pro', seats = coalesce(seats, 0) + 1",
        3,
    );
    let plan = product.runbook(config, &[]).plan(&permit(&json!({})), &fixed()).await.unwrap();
    insta::assert_snapshot!(lines(&plan), @r#"
    Update 3 rows of accounts
      acme plan: Some("free") > Some("pro")
      acme seats: Some("3") > Some("4")
      globex seats: None > Some("1")
      initech plan: Some("free") > Some("pro")
      initech seats: Some("7") > Some("8")
    "#);
}

#[tokio::test]
async fn rows_can_be_added_and_deleted() {
    let product = Product::new().await;
    let preview = "select subdomain, plan, logo from accounts where subdomain = :subdomain";
    let add = change(preview, "insert into accounts (subdomain, plan) values (:subdomain, 'free')", 1);
    let delete = change(preview, "delete from accounts where subdomain = :subdomain", 1);
    let add = product.runbook(add, &["subdomain"]);
    let plan = add.plan(&permit(&json!({"subdomain": "new"})), &fixed()).await.unwrap();
    insta::assert_snapshot!(lines(&plan), @r#"
    Add 1 row to accounts: new
      subdomain: None > Some("new")
      plan: None > Some("free")
    "#);
    let plan = product.runbook(delete, &["subdomain"]).plan(&acme(0), &fixed()).await.unwrap();
    insta::assert_snapshot!(lines(&plan), @r#"
    Delete 1 row from accounts: acme
      subdomain: Some("acme") > None
      plan: Some("free") > None
      logo: Some("(2 bytes)") > None
    "#);
    let taken = add.plan(&acme(0), &fixed()).await.unwrap_err();
    assert_eq!(sentence(taken), "The database's own rules do not allow this change.");
}

#[tokio::test]
async fn what_is_so_already_is_said() {
    let product = Product::new().await;
    let config = SqlConfig {
        title: Some("Make {subdomain} free".to_owned()),
        ..change(
            "select subdomain, plan from accounts where subdomain = :subdomain",
            "update accounts set plan = 'free' where subdomain = :subdomain",
            1,
        )
    };
    let plan = product.runbook(config, &["subdomain"]).plan(&acme(0), &fixed()).await.unwrap();
    insta::assert_snapshot!(lines(&plan), @r"
    Make acme free
    ! Nothing would change: it is so already.
    ");
}

#[tokio::test]
async fn too_many_rows_to_look_at_are_refused() {
    let product = Product::new().await;
    let config = change(
        "with recursive n(i) as (values (1) union all select i + 1 from n where i < 201) select i from n",
        "update accounts set plan = 'pro' where subdomain = 'acme'",
        1,
    );
    let refused = product.runbook(config, &[]).plan(&permit(&json!({})), &fixed()).await.unwrap_err();
    assert_eq!(sentence(refused), "This is about more than 200 rows, too many to look at.");
}

#[tokio::test]
async fn a_locked_database_is_a_failure_and_changes_nothing() {
    let product = Product::new().await;
    let mut other = product.tool().await;
    sqlx::query("begin immediate").execute(&mut other).await.unwrap();
    let error = product.set_trial().plan(&acme(14), &fixed()).await.unwrap_err();
    assert_eq!(cause(&error), "the database is locked by somebody else");
    sqlx::query("rollback").execute(&mut other).await.unwrap();
    assert!(product.set_trial().plan(&acme(14), &fixed()).await.is_ok());
}

#[tokio::test]
async fn sql_that_the_database_does_not_know_is_a_failure() {
    let product = Product::new().await;
    let config = change("select nothing from nowhere", "update accounts set plan = 'pro'", 1);
    let error = product.runbook(config, &[]).plan(&permit(&json!({})), &fixed()).await.unwrap_err();
    assert_eq!(cause(&error), "the database did not do it");
}

#[tokio::test]
async fn a_plan_without_its_time_is_a_failure() {
    let product = Product::new().await;
    let error = product.set_trial().plan(&acme(14), &Fixed::new()).await.unwrap_err();
    assert_eq!(cause(&error), "the plan does not say when it was made");
}
