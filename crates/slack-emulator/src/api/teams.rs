//! `auth.*`, `api.*`, `team.*`

use serde_json::json;

use super::call::{Call, Caller};
use super::method::{Json, Method, Tier, Tokens};
use super::reply::{Answer, ApiError, and, nothing, one};
use crate::workspace::TeamId;

/// `auth.*`, `api.*`, `team.*`
pub(super) const METHODS: &[Method] = &[
    Method {
        name: "auth.test",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Hundreds,
        required: &[],
        scope: None,
        json: Json::Taken,
        errors: &[],
        run: |call| Box::pin(auth_test(call)),
    },
    Method {
        name: "api.test",
        tokens: Tokens::None,
        tier: Tier::Four,
        required: &[],
        scope: None,
        json: Json::Taken,
        errors: &[],
        run: |call| Box::pin(api_test(call)),
    },
    Method {
        name: "team.info",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Three,
        required: &[],
        scope: Some("team:read"),
        json: Json::Taken,
        errors: &["team_not_found"],
        run: |call| Box::pin(team_info(call)),
    },
];

async fn auth_test(call: Call) -> Answer {
    call.workspace().read(|state| {
        let person = state.person(&call.user()).ok_or_else(|| ApiError::new("invalid_auth"))?;
        let team = state.team_by_id(&person.team);
        let answer =
            and(one("url", format!("{}/", call.shared.base_url)), "team", team.map(|team| &team.name));
        let answer = and(and(answer, "user", &person.name), "team_id", &person.team);
        let answer = and(and(answer, "user_id", &person.id), "is_enterprise_install", false);
        Ok(match call.caller {
            Caller::Bot(_) => and(answer, "bot_id", &state.app().bot_id),
            _ => answer,
        })
    })
}

async fn api_test(call: Call) -> Answer {
    match call.args.text("error") {
        Some(_) => Err(ApiError::with("invalid_arguments", "The error that was asked for.")),
        None => nothing(),
    }
}

async fn team_info(call: Call) -> Answer {
    let wanted = call.args.text("team").map(TeamId::new);
    call.workspace().read(|state| {
        let team = match &wanted {
            Some(id) => state.team_by_id(id).ok_or_else(|| ApiError::new("team_not_found"))?,
            None => state.team(),
        };
        let shown = json!({
            "id": team.id,
            "name": team.name,
            "domain": team.domain,
            "email_domain": "",
            "icon": {"image_default": true},
        });
        Ok(one("team", shown))
    })
}
