use super::*;

const PLANNED: &str = "'acme'|'enterprise'|'2026-12-04 12:00:00'|3|0.1|X'00FF'";

#[tokio::test]
async fn it_is_done_once_however_often_it_is_applied() {
    let product = Product::new().await;
    let runbook = product.set_trial();
    let plan = runbook.plan(&acme(14), &fixed()).await.unwrap();
    let id = operation(1);
    assert_eq!(runbook.interrupted(&id, 1).await.unwrap(), Interrupted::NotDone);
    let applied = runbook.apply(&acme(14), run(&id, &plan)).await.unwrap();
    assert_eq!(applied, done("Updated 1 row of accounts."));
    assert_eq!(product.dump().await[0], PLANNED);
    assert_eq!(product.marks().await, 1);

    product.execute("update accounts set plan = 'free' where subdomain = 'acme'").await;
    let after = product.dump().await;
    assert_eq!(runbook.apply(&acme(14), run(&id, &plan)).await.unwrap(), applied);
    assert_eq!(product.dump().await, after, "the second time changes nothing");
    assert_eq!(product.marks().await, 1);
    let Interrupted::Done(report) = runbook.interrupted(&id, 1).await.unwrap() else { panic!() };
    assert_eq!(report.summary, "Updated 1 row of accounts.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_one_does_it() {
    let product = Product::new().await;
    let config = change(
        "select subdomain, seats from accounts where subdomain = 'acme'",
        "update accounts set seats = seats + 1 where subdomain = 'acme'",
        1,
    );
    let runbook = Arc::new(product.runbook(config, &[]));
    let plan = Arc::new(runbook.plan(&permit(&json!({})), &fixed()).await.unwrap());
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (runbook, plan) = (Arc::clone(&runbook), Arc::clone(&plan));
        workers.spawn(
            async move { runbook.apply(&permit(&json!({})), run(&operation(1), &plan)).await.unwrap() },
        );
    }
    let applied = workers.join_all().await;
    assert!(applied.iter().all(|applied| *applied == done("Updated 1 row of accounts.")));
    assert!(product.dump().await[0].contains("|4|"));
}

#[tokio::test]
async fn the_summary_is_the_configurations() {
    let product = Product::new().await;
    let config =
        SqlConfig { done: Some("{subdomain} is on trial for {days} days.".to_owned()), ..set_trial() };
    let runbook = product.runbook(config, &["subdomain", "days"]);
    let plan = runbook.plan(&acme(14), &fixed()).await.unwrap();
    let (id, applied) = (operation(1), done("acme is on trial for 14 days."));
    assert_eq!(runbook.apply(&acme(14), run(&id, &plan)).await.unwrap(), applied);
    assert_eq!(runbook.apply(&acme(14), run(&id, &plan)).await.unwrap(), applied);
}

#[tokio::test]
async fn a_row_that_moved_is_left_alone() {
    let product = Product::new().await;
    let runbook = product.set_trial();
    let plan = runbook.plan(&acme(14), &fixed()).await.unwrap();
    product.execute("update accounts set plan = 'pro' where subdomain = 'acme'").await;
    let before = product.dump().await;
    let refused = runbook.apply(&acme(14), run(&operation(1), &plan)).await.unwrap_err();
    assert_eq!(sentence(refused), "The row changed at the last moment; nothing was changed.");
    assert_eq!(product.dump().await, before);
    assert_eq!(product.marks().await, 0);
    assert_eq!(runbook.interrupted(&operation(1), 1).await.unwrap(), Interrupted::NotDone);

    product.execute("delete from accounts where subdomain = 'acme'").await;
    let refused = runbook.apply(&acme(14), run(&operation(1), &plan)).await.unwrap_err();
    assert_eq!(sentence(refused), "The row changed at the last moment; nothing was changed.");
}

/// A worker that was taken for dead wakes up and goes on where it stopped.
#[tokio::test]
async fn whoever_was_given_up_does_nothing_any_more() {
    let product = Product::new().await;
    let runbook = product.set_trial();
    let plan = runbook.plan(&acme(14), &fixed()).await.unwrap();
    let before = product.dump().await;
    let id = operation(1);
    let late = run(&id, &plan);
    assert_eq!(runbook.interrupted(&id, late.fence).await.unwrap(), Interrupted::NotDone);
    assert_eq!(runbook.interrupted(&id, 1).await.unwrap(), Interrupted::NotDone, "no earlier one comes back");
    let error = runbook.apply(&acme(14), late).await.unwrap_err();
    assert!(matches!(error, RunbookError::Failed(_)), "{error:?}");
    assert_eq!(product.dump().await, before);

    let next = Run { fence: late.fence + 1, ..late };
    assert_eq!(runbook.apply(&acme(14), next).await.unwrap(), done("Updated 1 row of accounts."));
    let Interrupted::Done(_) = runbook.interrupted(&id, next.fence).await.unwrap() else { panic!() };
}

#[tokio::test]
async fn another_result_than_was_signed_is_taken_back() {
    let product = Product::new().await;
    let runbook = product.set_trial();
    let plan = runbook.plan(&acme(14), &fixed()).await.unwrap();
    product
        .execute(
            "create trigger sneaky after update on accounts begin \
             update accounts set trial_ends_at = '2099-01-01' where subdomain = new.subdomain; end",
        )
        .await;
    let before = product.dump().await;
    let refused = runbook.apply(&acme(14), run(&operation(1), &plan)).await.unwrap_err();
    assert!(sentence(refused).starts_with("This would have done something else than what was signed"));
    assert_eq!((product.dump().await, product.marks().await), (before, 0));
}

#[tokio::test]
async fn other_arguments_than_were_planned_do_not_run() {
    let product = Product::new().await;
    let runbook = product.set_trial();
    let before = product.dump().await;
    let plan = runbook.plan(&acme(14), &fixed()).await.unwrap();
    let globex = permit(&json!({"subdomain": "globex", "days": 14}));
    assert!(runbook.apply(&globex, run(&operation(1), &plan)).await.is_err());
    assert!(runbook.apply(&acme(90), run(&operation(1), &plan)).await.is_err());
    let empty = Plan { fixed: fixed(), ..Plan::default() };
    let error = runbook.apply(&acme(14), run(&operation(1), &empty)).await.unwrap_err();
    assert_eq!(cause(&error), "the plan is not one of this command's");
    assert_eq!((product.dump().await, product.marks().await), (before, 0));
}

#[tokio::test]
async fn a_locked_database_is_a_failure_and_it_can_be_applied_later() {
    let product = Product::new().await;
    let runbook = product.set_trial();
    let plan = runbook.plan(&acme(14), &fixed()).await.unwrap();
    let mut other = product.tool().await;
    sqlx::query("begin immediate").execute(&mut other).await.unwrap();
    let error = runbook.apply(&acme(14), run(&operation(1), &plan)).await.unwrap_err();
    assert_eq!(cause(&error), "the database is locked by somebody else");
    sqlx::query("rollback").execute(&mut other).await.unwrap();
    runbook.apply(&acme(14), run(&operation(1), &plan)).await.unwrap();
    assert_eq!(product.dump().await[0], PLANNED);
}

#[tokio::test]
async fn a_commit_that_fails_leaves_the_outcome_open_until_it_is_looked_up() {
    let product = Product::new().await;
    // A deferred foreign key is checked by the commit itself, after everything else went well.
    product
        .execute(
            "create table owners (id integer primary key); \
             create table pets (id integer primary key, owner integer references owners \
                deferrable initially deferred); \
             create trigger adopt after insert on countersign_operations begin \
                insert into pets (owner) values (7); end",
        )
        .await;
    let runbook = product.set_trial();
    let plan = runbook.plan(&acme(14), &fixed()).await.unwrap();
    let before = product.dump().await;
    let error = runbook.apply(&acme(14), run(&operation(1), &plan)).await.unwrap_err();
    assert!(matches!(error, RunbookError::Unknown(_)), "{error:?}");
    assert_eq!(runbook.interrupted(&operation(1), 1).await.unwrap(), Interrupted::NotDone);

    product.execute("drop trigger adopt").await;
    runbook.apply(&acme(14), run(&operation(1), &plan)).await.unwrap();
    assert_ne!(product.dump().await, before);
}

/// Wherever whoever waited gives up, it was done with its mark, or neither.
#[tokio::test]
async fn giving_up_in_the_middle_does_all_or_nothing_and_blocks_nobody() {
    let product = Product::new().await;
    let runbook = product.set_trial();
    let plan = runbook.plan(&acme(14), &fixed()).await.unwrap();
    let before = product.dump().await;
    for polls in 1.. {
        let (permit, id) = (acme(14), operation(1));
        let mut applying = runbook.apply(&permit, run(&id, &plan));
        for _ in 0..polls {
            let once =
                std::future::poll_fn(|context| std::task::Poll::Ready(applying.as_mut().poll(context)));
            if once.await.is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(applying);
        runbook.plan(&acme(14), &fixed()).await.unwrap();
        if product.marks().await == 1 {
            assert_eq!(product.dump().await[0], PLANNED);
            return;
        }
        assert_eq!(product.dump().await, before);
    }
}
