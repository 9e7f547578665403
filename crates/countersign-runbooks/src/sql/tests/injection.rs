use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// Texts that would like to be SQL, and any other.
fn texts() -> impl Strategy<Value = String> {
    let nasty = [
        "'; drop table accounts; --",
        "' or '1'='1",
        "acme' --",
        "\"; delete from accounts; --",
        "x'); update accounts set plan = 'pro'; --",
        ":days",
        "?1",
        "\u{0}",
        "{subdomain}",
        "%_\\",
        "/*",
        "",
    ];
    prop_oneof![
        prop::sample::select(nasty.to_vec()).prop_map(str::to_owned),
        any::<String>(),
        "[-'\"`;:?@$()\\[\\]/*%_ \u{0}a-c\n]{0,24}",
    ]
}

fn note() -> SqlConfig {
    change(
        "select subdomain, trial_ends_at, typeof(trial_ends_at) from accounts where subdomain = 'acme'",
        "update accounts set trial_ends_at = :note where subdomain = 'acme' and :note is not null",
        1,
    )
}

#[test]
fn whatever_is_typed_ends_up_as_a_value() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let product = runtime.block_on(Product::new());
    let runbook = product.runbook(note(), &["note"]);
    let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
    let number = std::cell::Cell::new(0);
    let others = runtime.block_on(product.dump()).split_off(1);
    let checked = runner.run(&(texts(),), |(text,)| {
        number.set(number.get() + 1);
        runtime.block_on(async {
            let permit = permit(&json!({ "note": text }));
            let plan = runbook.plan(&permit, &fixed()).await.unwrap();
            runbook.apply(&permit, run(&operation(number.get()), &plan)).await.unwrap();
            let stored: String =
                sqlx::query_scalar("select trial_ends_at from accounts where subdomain = 'acme'")
                    .fetch_one(&mut product.tool().await)
                    .await
                    .unwrap();
            prop_assert_eq!(stored, text);
            prop_assert_eq!(&product.dump().await[1..], &others[..]);
            Ok(())
        })
    });
    checked.unwrap();
}

#[tokio::test]
async fn a_text_that_wants_to_be_a_condition_matches_nothing() {
    let product = Product::new().await;
    let before = product.dump().await;
    for text in ["' or '1'='1", "acme'--", "acme' or 1=1 --", "%", "acme\u{0}", "ACME"] {
        let permit = permit(&json!({"subdomain": text, "days": "1"}));
        let refused = product.set_trial().plan(&permit, &fixed()).await.unwrap_err();
        assert_eq!(sentence(refused), "Nothing there to change: no row matches.", "{text}");
    }
    assert_eq!(product.dump().await, before);
}

#[tokio::test]
async fn numbers_truth_and_nothing_keep_their_kinds() {
    let product = Product::new().await;
    let config = query("select typeof(:i), typeof(:r), typeof(:b), typeof(:t), typeof(:left_out), :b");
    let runbook = product.runbook(config, &["i", "r", "b", "t", "left_out"]);
    let permit = permit(&json!({"i": 1, "r": 1.0, "b": true, "t": "1"}));
    let plan = runbook.plan(&permit, &fixed()).await.unwrap();
    let Applied::Done(report) = runbook.apply(&permit, run(&operation(1), &plan)).await.unwrap() else {
        panic!()
    };
    let row: Vec<Option<String>> =
        ["integer", "real", "integer", "text", "null", "1"].map(|kind| Some(kind.to_owned())).to_vec();
    assert_eq!(report.table.unwrap().rows, [row]);
}
