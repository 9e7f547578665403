use serde_json::{Value, json};

use super::standing::person;
use super::*;
use countersign_core::ids::OrgId;

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
