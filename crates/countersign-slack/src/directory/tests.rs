use serde_json::{Value, json};

use super::standing::person;
use super::*;
use crate::test_slack::{Scripted, ok, refusal};
use countersign_core::ids::OrgId;
use jiff::SignedDuration;

fn home(enterprise: Option<&str>) -> Me {
    Me {
        team: OrgId::new("T1"),
        enterprise: enterprise.map(OrgId::new),
        user: UserId::new("UBOT"),
        bot_id: "B1".to_owned(),
    }
}

fn user(extra: &Value) -> Value {
    let mut user = json!({"id": "U1", "team_id": "T1", "name": "ana", "deleted": false, "is_bot": false,
        "is_restricted": false, "is_ultra_restricted": false, "profile": {"display_name": "Ana"}});
    for (key, value) in extra.as_object().unwrap() {
        user[key] = value.clone();
    }
    user
}

fn standing_of(extra: &Value, home: &Me) -> Standing {
    person(&user(extra), &PersonId::new("T1", "U1"), home).standing
}

#[test]
fn standings() {
    for (extra, standing) in [
        (json!({}), Standing::Member),
        (json!({"is_restricted": true}), Standing::Guest),
        (json!({"is_ultra_restricted": true}), Standing::Guest),
        (json!({"team_id": "T9"}), Standing::Foreign),
        (json!({"team_id": "T9", "is_restricted": null}), Standing::Foreign),
        (json!({"is_stranger": true}), Standing::Foreign),
        (json!({"is_bot": true}), Standing::Bot),
        (json!({"is_workflow_bot": true}), Standing::Bot),
        (json!({"is_connector_bot": true}), Standing::Bot),
        (json!({"is_connector_bot": true, "team_id": "T9"}), Standing::Bot),
        (json!({"deleted": true, "team_id": "T9"}), Standing::Deactivated),
        (json!({"is_restricted": true, "team_id": "T9"}), Standing::Foreign),
        (json!({"is_stranger": true, "is_ultra_restricted": true}), Standing::Foreign),
        (json!({"is_invited_user": true, "is_restricted": true}), Standing::Guest),
        (json!({"deleted": true, "is_bot": true}), Standing::Deactivated),
        (json!({"is_invited_user": true}), Standing::Unknown),
        (json!({"team_id": null}), Standing::Unknown),
        (json!({"is_restricted": null}), Standing::Unknown),
        (json!({"is_ultra_restricted": "no"}), Standing::Unknown),
        (json!({"is_bot": null}), Standing::Unknown),
        (json!({"deleted": null}), Standing::Unknown),
        (json!({"id": "U2"}), Standing::Unknown),
    ] {
        assert_eq!(standing_of(&extra, &home(None)), standing, "{extra}");
    }
}

#[test]
fn slackbot_is_a_bot_though_it_denies_it() {
    let slackbot = user(&json!({"id": "USLACKBOT"}));
    let read = person(&slackbot, &PersonId::new("T1", "USLACKBOT"), &home(None));
    assert_eq!(read.standing, Standing::Bot);
}

#[test]
fn on_grid_the_organisation_and_the_workspace_must_both_be_ours() {
    let grid = home(Some("E1"));
    let of = |enterprise: &str, teams: Value| json!({"team_id": "T7", "enterprise_user": {"enterprise_id": enterprise, "teams": teams}});
    assert_eq!(standing_of(&of("E1", json!(["T7", "T1"])), &grid), Standing::Member);
    assert_eq!(standing_of(&of("E1", json!(["T7"])), &grid), Standing::Foreign);
    assert_eq!(standing_of(&of("E2", json!(["T1"])), &grid), Standing::Foreign);
    assert_eq!(standing_of(&json!({}), &grid), Standing::Member);
    let everywhere = Me { team: OrgId::new("E1"), ..grid };
    assert_eq!(standing_of(&of("E1", json!(["T7"])), &everywhere), Standing::Member);
    assert_eq!(standing_of(&json!({"team_id": "T7"}), &everywhere), Standing::Foreign);
}

#[test]
fn the_directory_says_where_somebody_is_from() {
    let read = person(&user(&json!({"team_id": "T9"})), &PersonId::new("T1", "U1"), &home(None));
    assert_eq!((read.id, read.name.as_str()), (PersonId::new("T9", "U1"), "Ana"));
}

async fn directory(
    answer: impl Fn() -> axum::response::Response + Send + Sync + 'static,
) -> (Scripted, SlackDirectory) {
    let slack = Scripted::start(move |_| answer()).await;
    let directory = SlackDirectory::new(slack.api.clone(), home(None), slack.clock.clone());
    (slack, directory)
}

#[tokio::test]
async fn recent_answers_are_remembered_for_five_minutes_and_now_always_asks() {
    let (slack, directory) = directory(|| ok(&json!({"user": user(&json!({}))}))).await;
    let ana = PersonId::new("T1", "U1");
    for (freshness, asked) in
        [(Freshness::Recent, 1), (Freshness::Recent, 1), (Freshness::Now, 2), (Freshness::Recent, 2)]
    {
        assert_eq!(directory.person(&ana, freshness).await.unwrap().standing, Standing::Member);
        assert_eq!(slack.calls(), asked);
    }
    slack.clock.advance(SignedDuration::from_mins(5));
    directory.person(&ana, Freshness::Recent).await.unwrap();
    assert_eq!(slack.calls(), 3);
}

#[tokio::test]
async fn whom_slack_does_not_know_is_unknown_and_not_remembered() {
    let (slack, directory) = directory(|| refusal("user_not_found")).await;
    let nobody = PersonId::new("T1", "U404");
    for asked in 1..=2 {
        assert_eq!(directory.person(&nobody, Freshness::Recent).await.unwrap().standing, Standing::Unknown);
        assert_eq!(slack.calls(), asked);
    }
}

#[tokio::test]
async fn a_directory_that_fails_answers_for_nobody() {
    let (_slack, directory) = directory(|| refusal("missing_scope")).await;
    assert!(directory.person(&PersonId::new("T1", "U1"), Freshness::Recent).await.is_err());
}

#[tokio::test]
async fn places_are_remembered_until_they_are_forgotten_and_unseen_ones_never() {
    let (slack, directory) =
        directory(|| ok(&json!({"channel": {"id": "C1", "is_ext_shared": false}}))).await;
    let channel = ChannelId::new("C1");
    for (freshness, asked) in [(Freshness::Recent, 1), (Freshness::Recent, 1), (Freshness::Now, 2)] {
        assert_eq!(directory.place(&channel, freshness).await.unwrap(), Place::home(channel.clone()));
        assert_eq!(slack.calls(), asked);
    }
    directory.forget(&channel);
    directory.place(&channel, Freshness::Recent).await.unwrap();
    assert_eq!(slack.calls(), 3);
    let (slack, directory) = self::directory(|| refusal("channel_not_found")).await;
    for asked in 1..=2 {
        assert_eq!(directory.place(&channel, Freshness::Recent).await.unwrap().reach, Reach::Unseen);
        assert_eq!(slack.calls(), asked);
    }
    let (slack, directory) = self::directory(|| refusal("missing_scope")).await;
    assert!(directory.place(&channel, Freshness::Recent).await.is_err());
    assert!(directory.place(&ChannelId::new("D1"), Freshness::Now).await.is_ok(), "nobody else is in it");
    assert_eq!(slack.calls(), 1);
}

#[tokio::test]
async fn all_pages_of_members_are_read() {
    let slack = Scripted::start(|call| match call {
        0 => ok(&json!({"members": ["U1"], "response_metadata": {"next_cursor": "more"}})),
        _ => ok(&json!({"members": ["U2"], "response_metadata": {"next_cursor": ""}})),
    })
    .await;
    let directory = SlackDirectory::new(slack.api.clone(), home(None), slack.clock.clone());
    let people = directory.people_in(&ChannelId::new("C1"), Freshness::Now).await.unwrap();
    assert_eq!(people, Some([UserId::new("U1"), UserId::new("U2")].into()));
    assert_eq!(directory.people_in(&ChannelId::new("D1"), Freshness::Now).await.unwrap(), None);
}

#[tokio::test]
async fn a_user_group_that_is_gone_has_no_members_and_a_silent_slack_is_a_failure() {
    let group = UsergroupId::new("S1");
    let (_slack, there) = directory(|| ok(&json!({"users": ["U1"]}))).await;
    assert_eq!(there.usergroup(&group, Freshness::Recent).await.unwrap(), [UserId::new("U1")].into());
    let (_slack, gone) = directory(|| refusal("no_such_subteam")).await;
    assert_eq!(gone.usergroup(&group, Freshness::Recent).await.unwrap(), BTreeSet::new());
    let (_slack, odd) = directory(|| ok(&json!({}))).await;
    assert!(odd.usergroup(&group, Freshness::Recent).await.is_err());
}

#[test]
fn a_user_object_that_nobody_here_wrote_is_somebody() {
    let sample =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/slack/samples/api/users.info.json");
    let Ok(sample) = std::fs::read(sample) else {
        println!("skipped: {sample} is not there");
        return;
    };
    let answer: Value = serde_json::from_slice(&sample).unwrap();
    let user = &answer["user"];
    let asked = PersonId::new("T1", user["id"].as_str().unwrap());
    let read = person(user, &asked, &home(None));
    assert_eq!(read.id.user, asked.user);
    // Samples have made-up values; whoever they are, they are not of this workspace.
    assert_ne!(read.standing, Standing::Member);
}

#[tokio::test]
async fn what_does_not_answer_counts_for_nobody_however_it_fails() {
    for code in ["ratelimited", "fatal_error", "invalid_auth", "account_inactive"] {
        let (_slack, directory) = directory(move || refusal(code)).await;
        let group = UsergroupId::new("S1");
        assert!(directory.person(&PersonId::new("T1", "U1"), Freshness::Now).await.is_err(), "{code}");
        assert!(directory.usergroup(&group, Freshness::Now).await.is_err(), "{code}");
        assert!(directory.place(&ChannelId::new("C1"), Freshness::Now).await.is_err(), "{code}");
    }
}
