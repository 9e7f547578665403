//! Too much, too slow, or broken: an answer within three seconds, and nothing lost.

use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::time::Instant;

use super::*;

fn held() -> TestSink {
    TestSink { stored: Mutex::default(), leave: Semaphore::new(0), fails: false }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_stored_in_time_is_turned_away_and_stored_all_the_same() {
    let bench = Bench::with(held());
    let began = Instant::now();
    let response = bench.receiver.receive(bench.signed(JSON, &event(1).to_string())).await;
    assert_eq!(response.headers().get("retry-after").unwrap(), "1");
    assert_eq!(read(response).await, (503, String::new()));
    assert_eq!(began.elapsed(), Duration::from_millis(2500));

    bench.sink.leave.add_permits(1);
    bench.receiver.settled().await;
    assert_eq!(bench.stored().len(), 1, "whoever waited is gone, but storing goes on");
    assert_eq!(bench.receiver.counts().turned_away, 1);
}

#[tokio::test]
async fn what_slack_hangs_up_on_is_stored_all_the_same() {
    let bench = Bench::with(held());
    let body = event(1).to_string();
    let receiving = Arc::clone(&bench.receiver);
    let request = bench.signed(JSON, &body);
    let waiting = tokio::spawn(async move { receiving.receive(request).await.status() });
    while bench.receiver.counts().in_hand == 0 {
        tokio::task::yield_now().await;
    }
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    bench.sink.leave.add_permits(1);
    bench.receiver.settled().await;
    assert_eq!(bench.stored().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn one_too_many_is_turned_away_at_once() {
    let bench = Bench::with(held());
    let mut waiting = tokio::task::JoinSet::new();
    for number in 0..1500 {
        let (receiver, request) =
            (Arc::clone(&bench.receiver), bench.signed(JSON, &event(number).to_string()));
        waiting.spawn(async move { receiver.receive(request).await.status().as_u16() });
    }
    let mut turned_away = 0;
    for _ in 0..1500 - 1024 {
        assert_eq!(waiting.join_next().await.unwrap().unwrap(), 503);
        turned_away += 1;
    }
    bench.sink.leave.add_permits(1500);
    assert!(waiting.join_all().await.into_iter().all(|status| status == 200));
    assert_eq!(bench.stored().len() + turned_away, 1500);
}

#[tokio::test]
async fn what_cannot_be_stored_is_turned_away() {
    let mut sink = held();
    (sink.fails, sink.leave) = (true, Semaphore::new(1));
    let bench = Bench::with(sink);
    assert_eq!(bench.status(bench.signed(JSON, &event(1).to_string())).await, 503);
    assert!(bench.stored().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_not_waited_for() {
    let bench = Bench::new();
    let mut request = bench.signed(JSON, &event(1).to_string());
    let drops = futures_util::stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Some((Ok::<_, std::io::Error>("x"), ()))
    });
    *request.body_mut() = Body::from_stream(drops.boxed());
    let began = Instant::now();
    assert_eq!(bench.status(request).await, 408);
    assert_eq!(began.elapsed(), Duration::from_millis(2500));
}

#[tokio::test]
async fn a_body_that_breaks_off_is_nothing() {
    let bench = Bench::new();
    let mut request = bench.signed(JSON, &event(1).to_string());
    let broken = futures_util::stream::iter([Ok("{"), Err(std::io::Error::other("gone"))]);
    *request.body_mut() = Body::from_stream(broken);
    assert_eq!(bench.status(request).await, 400);
}
