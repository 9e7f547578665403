use std::sync::Arc;

use countersign_engine::memory::FakeClock;
use tokio::sync::mpsc;

use super::*;

const UPDATE: &str = "chat.update";
const POST: &str = "chat.postMessage";

fn pacer(pace: Pace) -> (Arc<FakeClock>, Arc<Pacer>) {
    let clock = Arc::new(FakeClock::at(Timestamp::from_second(1_800_000_000).unwrap()));
    (clock.clone(), Arc::new(Pacer::new(pace, clock)))
}

fn ms(ms: i64) -> SignedDuration {
    SignedDuration::from_millis(ms)
}

/// Calls that wait, and say their number when it is their turn.
struct Queue {
    pacer: Arc<Pacer>,
    said: (mpsc::UnboundedSender<Said>, mpsc::UnboundedReceiver<Said>),
}

type Said = (usize, Result<(), TooLong>);

impl Queue {
    fn new(pacer: &Arc<Pacer>) -> Self {
        Self { pacer: Arc::clone(pacer), said: mpsc::unbounded_channel() }
    }

    async fn join(&self, number: usize, errand: Errand) {
        let (pacer, say) = (Arc::clone(&self.pacer), self.said.0.clone());
        tokio::spawn(async move { say.send((number, pacer.turn(&errand).await)) });
        rest().await;
    }

    async fn passed(&mut self) -> Vec<usize> {
        let said = self.said().await;
        said.into_iter().map(|(number, turn)| turn.map(|()| number).unwrap()).collect()
    }

    async fn said(&mut self) -> Vec<Said> {
        rest().await;
        std::iter::from_fn(|| self.said.1.try_recv().ok()).collect()
    }
}

/// Lets everybody else go as far as they can.
async fn rest() {
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}

/// Calls that pass at once until the first that has to wait.
async fn drain(pacer: &Pacer, errand: &Errand) -> usize {
    let mut passed = 0;
    while pacer.take_place(errand).unwrap().at <= pacer.clock.now() {
        passed += 1;
    }
    passed
}

#[tokio::test]
async fn each_tier_has_its_burst_and_its_rate() {
    for (method, burst, gap) in [
        ("usergroups.users.list", 10, 3000),
        (UPDATE, 25, 1200),
        ("reactions.get", 25, 1200),
        ("users.info", 50, 600),
        (POST, 20, 200),
    ] {
        let (clock, pacer) = pacer(Pace::Tiers);
        let errand = pacer.errand(method, None);
        assert_eq!(drain(&pacer, &errand).await, burst, "{method}");
        // The one that ended the burst waits for one gap, and the next for two.
        let next = pacer.take_place(&errand).unwrap();
        assert_eq!(next.at.duration_since(clock.now()), ms(2 * gap), "{method}");
    }
}

#[tokio::test]
async fn calls_pass_in_the_order_in_which_they_came() {
    let (clock, pacer) = pacer(Pace::Tiers);
    let mut queue = Queue::new(&pacer);
    for number in 0..28 {
        queue.join(number, pacer.errand(UPDATE, None)).await;
    }
    assert_eq!(queue.passed().await, (0..25).collect::<Vec<_>>());
    for number in 25..28 {
        clock.advance(ms(1199));
        assert!(queue.passed().await.is_empty());
        clock.advance(ms(1));
        assert_eq!(queue.passed().await, [number]);
    }
}

#[tokio::test]
async fn nobody_waits_for_more_than_half_a_minute() {
    let (_clock, pacer) = pacer(Pace::Tiers);
    let errand = pacer.errand(UPDATE, None);
    let waiting = (0..1000).map_while(|_| pacer.take_place(&errand).ok()).count();
    // A burst, and as many as have their turn within 30 s.
    assert_eq!(waiting, 25 + 25);
    assert_eq!(pacer.turn(&errand).await, Err(TooLong(ms(26 * 1200))));
}

#[tokio::test]
async fn one_method_does_not_wait_for_another() {
    let (_clock, pacer) = pacer(Pace::Tiers);
    let edits = pacer.errand(UPDATE, None);
    while pacer.take_place(&edits).is_ok() {}
    for votes in ["reactions.get", "users.info"] {
        let errand = pacer.errand(votes, None);
        assert!(pacer.take_place(&errand).unwrap().at <= pacer.clock.now());
    }
}

#[tokio::test]
async fn a_channel_gets_one_message_a_second_and_holds_up_no_other() {
    let (clock, pacer) = pacer(Pace::Tiers);
    let channel = |id| pacer.errand(POST, Some(&ChannelId::new(id)));
    assert_eq!(drain(&pacer, &channel("C1")).await, 4);
    assert_eq!(pacer.take_place(&channel("C1")).unwrap().at.duration_since(clock.now()), ms(2000));
    assert_eq!(drain(&pacer, &channel("C2")).await, 4);
}

#[tokio::test]
async fn a_429_moves_everybody_back_and_keeps_their_order() {
    let (clock, pacer) = pacer(Pace::Tiers);
    let errand = pacer.errand(UPDATE, None);
    drain(&pacer, &errand).await;
    let mut queue = Queue::new(&pacer);
    for number in 0..3 {
        queue.join(number, pacer.errand(UPDATE, None)).await;
    }
    pacer.hold(&errand, ms(10_000));
    // The same answer to a call that was made at the same time says nothing new.
    pacer.hold(&errand, ms(10_000));
    queue.join(3, pacer.errand(UPDATE, None)).await;
    clock.advance(ms(2 * 1200 + 9_999));
    assert!(queue.passed().await.is_empty());
    for number in 0..4 {
        clock.advance(ms(if number == 0 { 1 } else { 1200 }));
        assert_eq!(queue.passed().await, [number]);
    }
}

#[tokio::test]
async fn whoever_is_moved_back_too_far_is_told() {
    let (clock, pacer) = pacer(Pace::Tiers);
    let errand = pacer.errand(UPDATE, None);
    drain(&pacer, &errand).await;
    let mut queue = Queue::new(&pacer);
    queue.join(0, pacer.errand(UPDATE, None)).await;
    pacer.hold(&errand, ms(60_000));
    clock.advance(ms(2400));
    assert!(matches!(queue.said().await.as_slice(), [(0, Err(TooLong(_)))]));
    assert!(matches!(pacer.turn(&errand).await, Err(TooLong(_))));
}

#[tokio::test]
async fn without_a_pace_only_slack_makes_anybody_wait() {
    let (_clock, pacer) = pacer(Pace::Free);
    let errand = pacer.errand(POST, Some(&ChannelId::new("C1")));
    for _ in 0..1000 {
        assert_eq!(pacer.turn(&errand).await, Ok(()));
    }
    pacer.hold(&errand, ms(31_000));
    assert_eq!(pacer.turn(&errand).await, Err(TooLong(ms(31_000))));
}

#[tokio::test]
async fn channels_that_rest_are_forgotten() {
    let (clock, pacer) = pacer(Pace::Free);
    let post = |number: usize| pacer.errand(POST, Some(&ChannelId::new(format!("C{number}"))));
    for number in 0..5000 {
        pacer.hold(&post(number), ms(1000));
        clock.advance(ms(10));
        assert!(pacer.lanes.lock().unwrap().len() <= MANY_LANES + 2);
    }
}
