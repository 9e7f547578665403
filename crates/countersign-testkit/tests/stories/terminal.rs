//! People at terminals: what they can do there is no more than Slack would let them, unless Slack cannot be reached.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on fails its test")]
#![expect(clippy::large_futures, reason = "a story runs once")]

use countersign::dev::DEMO_CONFIG;
use countersign::terminal::protocol::{Answer, State, View, Wanted};
use countersign_core::ids::OperationId;
use countersign_testkit::{BACKOFFICE, BOT, Message, World, run_story_with};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{ACME_PLAN, NO};

/// Their Unix users.
const ANA: u32 = 1001;
const BEN: u32 = 1002;

const SET_TRIAL: &str = "set acme trial remaining to 14 days";
const TERMINAL: &str = r#"
[terminal]
channels = ["*"]
people = [{ slack = "U0ANA", unix = 1001 }, { slack = "U0BEN", unix = 1002 }]

[break_glass]
who = ["support"]
others = 0
channels = ["backoffice"]
notify = ["U0CHLOE"]
"#;
/// So long what was signed is tried, where nobody can say whether it may run.
const SOON: &str = r#"approval = { others = 1, run_within = "10s" }"#;

/// What Slack says about people and places.
const DIRECTORY: [&str; 3] = ["users.info", "conversations.info", "conversations.members"];

fn at_terminals(story: impl AsyncFnOnce(&mut World)) {
    run_story_with(&format!("{DEMO_CONFIG}{TERMINAL}"), story);
}

fn says(sentence: &str) -> Wanted {
    Wanted::Run { sentence: sentence.to_owned(), channel: None, emergency: None }
}

fn fault(method: &str, what: &Value) -> Value {
    let mut fault = json!({"method": method, "token": "xoxb-"});
    fault.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    fault
}

async fn faults(w: &World, methods: &[&str], what: Value) {
    let faults: Vec<Value> = methods.iter().map(|method| fault(method, &what)).collect();
    w.fault(json!({"api": faults})).await;
}

/// Nothing is wrong with Slack any more, and what waited for it is done.
async fn comes_back(w: &World) {
    w.fault(json!({"clear": true})).await;
    w.while_time_passes(w.later(SignedDuration::from_secs(1))).await;
}

fn shown(answer: Answer) -> View {
    match answer {
        Answer::Operation(view) => *view,
        other => panic!("{other:?}"),
    }
}

/// What an operation looks like to whoever it is.
async fn shows(w: &World, unix: u32, operation: &OperationId) -> View {
    shown(w.at_terminal(unix, &Wanted::Show { operation: operation.clone() }).await)
}

async fn asks(w: &World, unix: u32, wanted: &Wanted) -> View {
    let view = shown(w.at_terminal(unix, wanted).await);
    w.later(SignedDuration::from_secs(1)).await;
    view
}

/// The same while Slack does not answer, which takes its time.
async fn asks_meanwhile(w: &World, unix: u32, wanted: &Wanted) -> View {
    shown(w.while_time_passes(w.at_terminal(unix, wanted)).await)
}

/// Whoever it is signs the plan that stands.
async fn signs(w: &World, unix: u32, operation: &OperationId) {
    let plan = shows(w, unix, operation).await.plan.unwrap();
    asks(w, unix, &Wanted::Approve { operation: operation.clone(), plan, typed: None }).await;
}

/// The same while Slack does not answer.
async fn signs_meanwhile(w: &World, unix: u32, operation: &OperationId) {
    let plan = loop {
        let view = w.while_time_passes(shows(w, unix, operation)).await;
        if let Some(plan) = view.plan {
            break plan;
        }
    };
    asks_meanwhile(w, unix, &Wanted::Approve { operation: operation.clone(), plan, typed: None }).await;
}

/// How it ends while Slack does not answer.
async fn end_of(w: &World, operation: &OperationId) -> State {
    loop {
        let view = w.while_time_passes(shows(w, ANA, operation)).await;
        if matches!(view.state, State::Succeeded | State::Failed | State::Unknown | State::Stopped) {
            return view.state;
        }
    }
}

#[test]
fn slack_that_is_slow_is_waited_for() {
    at_terminals(async |w| {
        w.administer("set_person", json!({"user": "U0ANA", "deleted": true})).await;
        faults(w, &["users.info"], json!({"delay_ms": 7_000})).await;
        let answer = w.while_time_passes(w.at_terminal(ANA, &says(SET_TRIAL))).await;
        assert!(matches!(answer, Answer::Refused { .. }), "{answer:?}");
    });
}

#[test]
fn slack_that_asks_to_come_back_later_is_not_away() {
    at_terminals(async |w| {
        faults(w, &DIRECTORY, json!({"retry_after": 60})).await;
        let answer = w.while_time_passes(w.at_terminal(ANA, &says(SET_TRIAL))).await;
        assert!(matches!(answer, Answer::Failed { .. }), "{answer:?}");
        w.fault(json!({"clear": true})).await;
        w.clock.advance(SignedDuration::from_mins(2));
        faults(w, &DIRECTORY, json!({"status": 503})).await;
        let view = asks_meanwhile(w, ANA, &says(SET_TRIAL)).await;
        assert_eq!(view.caller, "U0ANA", "what cannot be reached is away");
        comes_back(w).await;
    });
}

#[test]
fn objections_are_not_left_out_because_slack_asks_to_come_back_later() {
    let soon = format!("{DEMO_CONFIG}{TERMINAL}").replacen(
        "risk = \"high\"",
        &format!("risk = \"high\"\n{SOON}"),
        1,
    );
    run_story_with(&soon, async |w| {
        let id = asks(w, ANA, &says(SET_TRIAL)).await.operation;
        signs(w, BEN, &id).await;
        faults(w, &DIRECTORY, json!({"status": 503})).await;
        faults(w, &["reactions.get"], json!({"retry_after": 60})).await;
        signs_meanwhile(w, ANA, &id).await;
        assert_eq!(end_of(w, &id).await, State::Stopped);
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
        comes_back(w).await;
    });
}

#[test]
fn an_objection_is_judged_by_who_is_in_its_group_now() {
    let groups = format!("{DEMO_CONFIG}{TERMINAL}")
        .replace("support = [\"U0ANA\", \"U0BEN\"]", "support = { usergroup = \"S0SUPPORT\" }")
        .replacen("risk = \"high\"", "risk = \"high\"\napproval = { others = 1, from = [\"support\"] }", 1);
    run_story_with(&groups, async |w| {
        w.ana.invites("U0CHLOE", BACKOFFICE).await;
        let id = asks(w, ANA, &says(SET_TRIAL)).await.operation;
        let root = root(w).await;
        w.chloe.reacts(&root, NO).await;
        assert_eq!(shows(w, ANA, &id).await.state, State::Waiting);
        // She joins the group, and nobody in Slack does anything from which the bot would learn it.
        let team = json!({"usergroup": "S0SUPPORT", "users": ["U0ANA", "U0BEN", "U0CHLOE"]});
        w.administer("set_usergroup", team).await;
        signs(w, BEN, &id).await;
        signs(w, ANA, &id).await;
        assert_eq!(shows(w, ANA, &id).await.state, State::Stopped);
        assert_eq!(w.value(ACME_PLAN).await.as_deref(), Some("trial"));
    });
}

#[test]
fn nobody_says_anything_in_the_name_of_a_channel_that_is_invented() {
    let everywhere = format!("{DEMO_CONFIG}{TERMINAL}")
        .replacen("channels = [\"backoffice\", \"backoffice-developers\"]", "channels = [\"*\"]", 1)
        .replacen("channels = [\"backoffice\"]\nrisk = \"read\"", "channels = [\"*\"]\nrisk = \"read\"", 1);
    run_story_with(&everywhere, async |w| {
        faults(w, &["*"], json!({"status": 503})).await;
        let named = |channel: &str| Wanted::Run {
            sentence: "show account acme".to_owned(),
            channel: Some(channel.to_owned()),
            emergency: None,
        };
        let invented = w.while_time_passes(w.at_terminal(ANA, &named("C0NOWHERE"))).await;
        assert!(matches!(invented, Answer::Refused { .. }), "{invented:?}");
        for real in ["#backoffice", BACKOFFICE] {
            assert_eq!(asks_meanwhile(w, ANA, &named(real)).await.channel, "backoffice");
        }
        comes_back(w).await;
    });
}

/// What ana asks for in an emergency.
fn emergency() -> Wanted {
    let emergency = Some("the site is down".to_owned());
    Wanted::Run { sentence: SET_TRIAL.to_owned(), channel: None, emergency }
}

/// Has the bot told chloe so in a direct message?
fn is_told(w: &World, words: &str) -> bool {
    w.direct_messages(&w.chloe).iter().any(|told| told.contains(words))
}

#[test]
fn an_emergency_is_told_to_people_where_the_channel_has_lost_the_bot() {
    at_terminals(async |w| {
        faults(w, &["*"], json!({"status": 503})).await;
        let id = asks_meanwhile(w, ANA, &emergency()).await.operation;
        signs_meanwhile(w, ANA, &id).await;
        assert_eq!(end_of(w, &id).await, State::Succeeded);
        assert_eq!(w.direct_messages(&w.chloe), Vec::<String>::new());
        let out = json!({"channel": BACKOFFICE, "user": BOT});
        w.while_time_passes(w.administer("kick", out)).await;
        w.fault(json!({"clear": true})).await;
        let soon = w.time() + SignedDuration::from_hours(1);
        let told = async {
            while !is_told(w, "it was done") && w.time() < soon {
                tokio::task::yield_now().await;
            }
        };
        w.while_time_passes(told).await;
        assert!(is_told(w, "it was done"), "{:?}", w.direct_messages(&w.chloe));
    });
}

#[test]
fn the_end_of_an_emergency_is_told_to_people_where_its_card_cannot_be_drawn_any_more() {
    at_terminals(async |w| {
        let id = asks(w, ANA, &emergency()).await.operation;
        assert!(is_told(w, "fewer signatures"), "{:?}", w.direct_messages(&w.chloe));
        w.fault(json!({"api": [fault("chat.update", &json!({"error": "cant_update_message"}))]})).await;
        signs(w, ANA, &id).await;
        assert!(is_told(w, "it was done"), "{:?}", w.direct_messages(&w.chloe));
        comes_back(w).await;
    });
}

/// The message that what was asked for at a terminal hangs off.
async fn root(w: &World) -> Message {
    let said = w.ana.history(BACKOFFICE).await;
    said.into_iter().find(|message| message.text().contains("at a terminal")).unwrap()
}

#[test]
fn whom_slack_called_a_guest_is_none_the_less_one_while_slack_is_away() {
    at_terminals(async |w| {
        w.administer("set_person", json!({"user": "U0ANA", "is_restricted": true})).await;
        let said = w.ana.says(BACKOFFICE, &format!("<@U0BOT> {SET_TRIAL}")).await;
        assert!(w.answer(&said).await.contains("Guests of this workspace"));
        w.later(SignedDuration::from_mins(10)).await;
        faults(w, &["*"], json!({"status": 503})).await;
        let answer = w.while_time_passes(w.at_terminal(ANA, &says(SET_TRIAL))).await;
        let Answer::Refused { text } = answer else { panic!("{answer:?}") };
        assert!(text.contains("Guests of this workspace"), "{text}");
        let view = asks_meanwhile(w, BEN, &says(SET_TRIAL)).await;
        assert_eq!(view.caller, "U0BEN", "nothing else was ever heard of him");
        comes_back(w).await;
        // Slack has another word for her, and it counts again.
        w.administer("set_person", json!({"user": "U0ANA", "is_restricted": false})).await;
        w.later(SignedDuration::from_mins(10)).await;
        asks(w, ANA, &says("show account acme")).await;
        faults(w, &["*"], json!({"status": 503})).await;
        w.clock.advance(SignedDuration::from_mins(10));
        assert_eq!(asks_meanwhile(w, ANA, &says(SET_TRIAL)).await.caller, "U0ANA");
        comes_back(w).await;
    });
}
