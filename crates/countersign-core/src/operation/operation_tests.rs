use serde_json::json;

use super::*;
use crate::approval::Quorum;
use crate::audit::{self, Head, Record};
use crate::command::spec::{CommandName, Risk};
use crate::envelope::Origin;
use crate::ids::{ChannelId, MessageId, OperationId, WorkerId};
use crate::operation::{FoldError, Outcome, Report, Request};
use crate::plan::{Fingerprint, Plan};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn person(name: &str) -> PersonId {
    PersonId::new("T1", name)
}

fn fingerprint(plan: &str) -> Fingerprint {
    Fingerprint::of_bytes(plan.as_bytes())
}

/// An operation that grows by one event a second.
struct History(Vec<Record>);

impl History {
    fn requested() -> Self {
        let id = OperationId::from_parts(1, 1);
        let request = Request {
            id: id.clone(),
            command: CommandName::new("set-trial"),
            sentence: "set acme trial".to_owned(),
            args: json!({}),
            caller: person("ana"),
            origin: Origin {
                channel: ChannelId::new("C1"),
                message: Some(MessageId::new("1")),
                thread: None,
            },
            risk: Risk::High,
            quorum: Risk::High.quorum(),
            lock: None,
            frozen: Vec::new(),
            emergency: None,
        };
        Self(vec![Record::after(Head::start(), id, at(1), Event::Requested(Box::new(request)))])
    }

    fn voting() -> Self {
        let shown = Event::CardShown { message: MessageId::new("2"), shown_at: at(3) };
        Self::requested().and(planned(Some(at(100)))).and(shown)
    }

    fn and(mut self, event: Event) -> Self {
        let last = self.0.last().unwrap();
        self.0.push(Record::after(last.head(), last.operation.clone(), at(last.seq as i64 + 1), event));
        self
    }

    fn clone_with(&self, event: Event) -> Vec<Record> {
        Self(self.0.clone()).and(event).0
    }

    fn fold(&self) -> Operation {
        Operation::fold(&self.0).unwrap()
    }

    fn cast(&self, name: &str, verdict: Verdict, plan: &str) -> Cast {
        let vote = Vote {
            person: person(name),
            source: VoteSource::Button,
            verdict,
            fingerprint: fingerprint(plan),
            at: at(50),
        };
        self.fold().cast(vote, count(&Risk::High.quorum()), at(200))
    }

    fn vote(self, name: &str) -> Self {
        let Cast::Counts(events) = self.cast(name, Verdict::Approve, "plan") else { panic!("{name} counts") };
        events.into_iter().fold(self, Self::and)
    }
}

fn count(quorum: &Quorum) -> impl Fn(&[Vote]) -> Tally {
    |votes| Tally::count(quorum, &person("ana"), votes, |_| std::collections::BTreeSet::new())
}

/// A ✅ on the request by ben.
fn reaction(when: Timestamp) -> Vote {
    Vote {
        person: person("ben"),
        source: VoteSource::Reaction { message: MessageId::new("1"), emoji: "white_check_mark".to_owned() },
        verdict: Verdict::Approve,
        fingerprint: fingerprint("plan"),
        at: when,
    }
}

fn planned(approve_by: Option<Timestamp>) -> Event {
    Event::Planned { plan: Box::default(), fingerprint: fingerprint("plan"), approve_by }
}

fn claimed(fence: u64) -> Event {
    Event::Claimed { worker: WorkerId::new("w"), fence, lease_until: at(300) }
}

fn finished() -> Event {
    Event::Finished { outcome: Outcome::Succeeded(Report::default()) }
}

#[test]
fn the_walk_from_request_to_outcome() {
    let running = History::voting().vote("ana").vote("ben").and(claimed(1));
    assert!(!running.fold().is_over());
    let history = running.and(finished());
    assert!(history.fold().is_over());
    assert_eq!(audit::verify(&history.0), Ok(()));
}

#[test]
fn the_last_signature_approves_and_no_vote_comes_after_it() {
    let history = History::voting().vote("ana").vote("ben");
    assert_eq!(history.fold().phase, Phase::Approved { run_by: Some(at(200)) });
    assert_eq!(history.cast("chloe", Verdict::Approve, "plan"), Cast::NotOpen);
}

#[test]
fn a_vote_for_another_plan_or_from_before_it_does_not_count() {
    let history = History::voting();
    assert_eq!(history.cast("ben", Verdict::Approve, "other"), Cast::Outdated);

    let drifted = history.and(Event::Drifted {
        plan: Box::default(),
        fingerprint: fingerprint("new"),
        approve_by: at(100),
    });
    let new = Vote { fingerprint: fingerprint("new"), ..reaction(at(50)) };
    let cast = |history: &History| history.fold().cast(new.clone(), count(&Risk::High.quorum()), at(200));
    assert_eq!(cast(&drifted), Cast::Outdated, "the card still shows the old plan");
    let shown = Event::CardShown { message: MessageId::new("2"), shown_at: at(50) };
    assert!(matches!(cast(&drifted.and(shown)), Cast::Counts(_)));
}

#[test]
fn a_no_counts_until_a_worker_has_claimed_it() {
    let approved = History::voting().vote("ana").vote("ben");
    let no = |history: &History| history.cast("ben", Verdict::Object, "an earlier plan");
    let Cast::Counts(events) = no(&approved) else { panic!("ben may still object") };
    assert!(events.into_iter().fold(approved, History::and).fold().is_over());
    let claimed = History::voting().vote("ana").vote("ben").and(claimed(1));
    assert_eq!(no(&claimed), Cast::NotOpen);
}

#[test]
fn a_released_claim_is_looked_at_again_under_the_next_number() {
    let released =
        History::voting().vote("ana").vote("ben").and(claimed(1)).and(Event::Released { fence: 1 });
    assert_eq!(released.fold().phase, Phase::Approved { run_by: Some(at(200)) });
    assert!(matches!(released.and(claimed(2)).fold().phase, Phase::Applying(_)));
}

#[test]
fn a_reaction_from_before_the_card_was_seen_does_not_count() {
    let unseen = History::requested().and(planned(Some(at(100))));
    let cast = |history: &History, vote| history.fold().cast(vote, count(&Risk::High.quorum()), at(200));
    assert_eq!(cast(&unseen, reaction(at(50))), Cast::TooEarly);
    assert_eq!(cast(&History::voting(), reaction(at(2))), Cast::TooEarly);
    assert!(matches!(cast(&History::voting(), reaction(at(3))), Cast::Counts(_)));
}

#[test]
fn drift_voids_every_vote() {
    let drift = Event::Drifted { plan: Box::default(), fingerprint: fingerprint("new"), approve_by: at(100) };
    let operation = History::voting().vote("ana").vote("ben").and(drift).fold();
    assert!(operation.votes.is_empty());
    assert_eq!(operation.overtaken, Some(Plan::default()));
    assert!(matches!(operation.phase, Phase::Voting));
}

#[test]
fn taking_a_vote_back_reopens_what_was_approved() {
    let approved = History::voting().vote("ana").vote("ben");
    let button = VoteSource::Button;
    let back = approved.fold().withdraw((&person("ben"), &button), at(50)).unwrap();
    let operation = approved.and(back).fold();
    assert!(matches!(operation.phase, Phase::Voting));
    assert_eq!(operation.votes.len(), 1);
    assert_eq!(operation.withdraw((&person("ben"), &button), at(50)), None);
    let typed = (&person("ana"), &VoteSource::Typed);
    assert_eq!(operation.withdraw(typed, at(50)), None, "not how she had said it");
}

#[test]
fn a_vote_that_was_given_again_stays_when_the_older_word_comes_late() {
    let voting = History::voting().fold();
    let cast = voting.cast(reaction(at(4)), count(&Risk::High.quorum()), at(200));
    let Cast::Counts(events) = cast else { panic!("it counts") };
    let history = events.into_iter().fold(History::voting(), History::and);
    let voted = history.fold();
    let (ben, source) = (person("ben"), reaction(at(4)).source);
    assert_eq!(voted.withdraw((&ben, &source), at(3)), None, "it was taken back before that");
    assert!(voted.withdraw((&ben, &source), at(4)).is_some(), "in doubt it does not count");
    let again = |when| voted.cast(reaction(at(when)), count(&Risk::High.quorum()), at(200));
    assert_eq!(again(4), Cast::Already);
    let Cast::Counts(events) = again(6) else { panic!("it was given again") };
    assert_eq!(events.len(), 2);
    let voted = events.into_iter().fold(history, History::and).fold();
    assert_eq!((voted.votes.len(), voted.votes[0].at), (1, at(6)));
    assert_eq!(voted.withdraw((&ben, &source), at(5)), None, "that it was taken back comes late");
}

#[test]
fn a_vote_counts_until_the_last_moment_and_not_after_it() {
    let cast = |when| {
        let vote = Vote { source: VoteSource::Button, ..reaction(when) };
        History::voting().fold().cast(vote, count(&Risk::High.quorum()), at(200))
    };
    assert!(matches!(cast(at(100)), Cast::Counts(_)));
    assert_eq!(cast(at(101)), Cast::NotOpen);
}

#[test]
fn an_objection_stops_it_for_good() {
    let history = History::voting().vote("ana");
    let Cast::Counts(events) = history.cast("ben", Verdict::Object, "plan") else { panic!() };
    let stopped = events.into_iter().fold(history, History::and);
    assert_eq!(stopped.fold().phase, Phase::Stopped(Stop::Objected { by: person("ben") }));
    assert_eq!(stopped.cast("chloe", Verdict::Approve, "plan"), Cast::NotOpen);
}

#[test]
fn what_cannot_follow_is_refused() {
    for (history, event) in [
        (History::requested(), claimed(1)),
        (History::requested(), finished()),
        (History::voting(), claimed(1)),
        (History::voting(), finished()),
        (History::voting(), planned(None)),
        (History::voting().vote("ana").vote("ben"), claimed(0)),
        (History::voting().vote("ana").vote("ben").and(claimed(1)), claimed(1)),
        (History::voting().vote("ana").vote("ben").and(claimed(1)).and(finished()), finished()),
        (History::voting().vote("ana").vote("ben").and(claimed(1)).and(finished()), claimed(2)),
    ] {
        let broken = history.and(event);
        let folded = Operation::fold(&broken.0);
        assert!(matches!(folded, Err(FoldError::OutOfPlace { .. })), "{broken:?}", broken = broken.0.last());
    }
}

#[test]
fn reminders_come_with_growing_gaps_and_missed_ones_are_not_made_up_for() {
    let hour = jiff::SignedDuration::from_hours(1);
    let voting = History::requested().and(planned(Some(at(3_600)))).fold();
    assert_eq!(voting.next_reminder(hour), Some(at(600)));
    assert_eq!(voting.remind(hour, at(599)), None);
    assert_eq!(voting.remind(hour, at(600)), Some(Event::Reminded { count: 1 }));
    assert_eq!(voting.remind(hour, at(1_800)), Some(Event::Reminded { count: 2 }));
    let reminded = History::requested().and(planned(Some(at(3_600)))).and(Event::Reminded { count: 1 });
    assert_eq!(reminded.fold().next_reminder(hour), Some(at(1_800)));
    assert_eq!(reminded.fold().remind(hour, at(1_799)), None, "the first was sent");
    let twice = reminded.and(Event::Reminded { count: 2 }).fold();
    assert_eq!(twice.next_reminder(hour), None, "the next would come after the end");
    assert_eq!(twice.remind(hour, at(3_599)), None);
    // Half an hour, doubled and doubled: the fourth would come in the very moment in which the time is over.
    let until_the_end = jiff::SignedDuration::from_mins(30 * 15);
    let end = 30 * 15 * 60;
    let voting = History::requested().and(planned(Some(at(end))));
    assert_eq!(voting.fold().remind(until_the_end, at(end)), Some(Event::Reminded { count: 3 }));
    assert_eq!(voting.and(Event::Reminded { count: 3 }).fold().next_reminder(until_the_end), None);
    let day = jiff::SignedDuration::from_hours(24);
    let long = History::requested().and(planned(Some(at(86_400)))).fold();
    assert_eq!(long.next_reminder(day), Some(at(1_800)), "half an hour, however long it may take");
}

#[test]
fn only_the_person_who_objected_explains_and_only_once() {
    let objected = |by: &str| Event::Stopped { stop: Stop::Objected { by: person(by) } };
    let explained =
        |by: &str| Event::Explained { person: person(by), reason: "acme asked us to wait".to_owned() };
    let stopped = History::voting().and(objected("ben"));
    assert!(Operation::fold(&stopped.clone_with(explained("ana"))).is_err());
    let once = stopped.and(explained("ben"));
    assert_eq!(once.fold().reason.as_deref(), Some("acme asked us to wait"));
    assert!(Operation::fold(&once.clone_with(explained("ben"))).is_err());
    assert!(Operation::fold(&History::voting().and(explained("ben")).0).is_err());
}
