//! What nobody should send.

use proptest::prelude::*;

use super::*;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[tokio::test]
async fn without_the_right_signature_nothing_is_learnt() {
    let bench = Bench::new();
    let body = event(1).to_string();
    let mut wrong = Vec::new();
    wrong.push(bench.signed_with("another secret", JSON, &body));
    for header in ["x-slack-signature", "x-slack-request-timestamp"] {
        let mut without = bench.signed(JSON, &body);
        without.headers_mut().remove(header);
        wrong.push(without);
        let mut twice = bench.signed(JSON, &body);
        let value = twice.headers().get(header).unwrap().clone();
        twice.headers_mut().append(header, value);
        wrong.push(twice);
    }
    let mut other_body = bench.signed(JSON, &body);
    *other_body.body_mut() = Body::from(event(2).to_string());
    wrong.push(other_body);
    let mut other_time = bench.signed(JSON, &body);
    let later = (bench.clock.now().as_second() + 1).to_string().parse().unwrap();
    other_time.headers_mut().insert("x-slack-request-timestamp", later);
    wrong.push(other_time);
    let count = wrong.len() as u64;
    for request in wrong {
        assert_eq!(read(bench.receiver.receive(request).await).await, (401, String::new()));
    }
    assert!(bench.stored().is_empty());
    assert_eq!(bench.receiver.counts().refused, count);
}

#[tokio::test]
async fn what_is_signed_and_old_or_early_is_refused() {
    let bench = Bench::new();
    let body = event(1).to_string();
    let request = bench.signed(JSON, &body);
    bench.clock.advance(jiff::SignedDuration::from_secs(301));
    assert_eq!(bench.status(request).await, 401);
    let request = bench.signed(JSON, &body);
    bench.clock.advance(jiff::SignedDuration::from_secs(-301));
    assert_eq!(bench.status(request).await, 401);
}

#[tokio::test]
async fn what_is_signed_and_makes_no_sense_is_refused() {
    let bench = Bench::new();
    for (media_type, body) in [
        (JSON, ""),
        (JSON, "nope"),
        (JSON, "[]"),
        (JSON, "{\"type\": \"url_verification\"}"),
        (JSON, &"{\"a\":".repeat(100_000)),
        (FORM, ""),
        (FORM, "payload=nope"),
        (FORM, "payload={}&payload={}"),
        (FORM, "command=%2Fa&command=%2Fb"),
        ("text/plain", "{}"),
        ("", "{}"),
    ] {
        let (status, answer) = bench.answers(media_type, body).await;
        assert_eq!((status, answer.as_str()), (400, ""), "{media_type} {}", body.get(..40).unwrap_or(body));
    }
    assert!(bench.stored().is_empty());
}

#[tokio::test]
async fn a_body_is_large_up_to_a_limit() {
    let bench = Bench::new();
    let large = |size: usize| {
        let frame = json!({"type": "event_callback", "event_id": "Ev1", "x": ""}).to_string();
        json!({"type": "event_callback", "event_id": "Ev1", "x": "x".repeat(size - frame.len())}).to_string()
    };
    assert_eq!(bench.status(bench.signed(JSON, &large(1024 * 1024))).await, 200);
    assert_eq!(bench.status(bench.signed(JSON, &large(1024 * 1024 + 1))).await, 413);
    let mut announced = bench.signed(JSON, "{}");
    announced.headers_mut().insert("content-length", "1048577".parse().unwrap());
    assert_eq!(bench.status(announced).await, 413);
}

proptest! {
    #[test]
    fn nothing_that_is_signed_makes_it_panic(media_type in 0_usize..3, body in ".{0,300}") {
        let bench = Bench::new();
        let media_type = [JSON, FORM, "multipart/form-data"][media_type];
        let status = runtime().block_on(bench.status(bench.signed(media_type, &body)));
        prop_assert!(status == 200 || status == 400);
    }

    #[test]
    fn every_object_is_stored_and_every_other_json_refused(body in json_like()) {
        let bench = Bench::new();
        let status = runtime().block_on(bench.status(bench.signed(JSON, &body.to_string())));
        prop_assert_eq!(status, if body.is_object() { 200 } else { 400 });
        prop_assert_eq!(bench.stored().len(), usize::from(body.is_object()));
    }
}

fn json_like() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        "[a-z_/]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("type|event|ts|channel|user", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}
