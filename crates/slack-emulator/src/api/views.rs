//! `views.*`

use serde_json::{Map, Value};

use super::blocks::{self, PER_VIEW};
use super::call::Call;
use super::method::{Json, Method, Tier, Tokens};
use super::reply::{Answer, ApiError, one};
use crate::render;
use crate::workspace::{Refused, State, UserId, View, ViewId, ViewRef};

/// The largest view, in bytes of JSON.
const MAX_VIEW: usize = 250_000;

/// Longest texts of a view.
const TEXTS: [(&str, usize); 6] = [
    ("title", 24),
    ("submit", 24),
    ("close", 24),
    ("private_metadata", 3000),
    ("callback_id", 255),
    ("external_id", 255),
];

/// `views.*`
pub(super) const METHODS: &[Method] = &[
    Method {
        name: "views.open",
        tokens: Tokens::Bot,
        tier: Tier::Four,
        required: &["view"],
        scope: None,
        json: Json::Taken,
        errors: &[
            "expired_trigger_id",
            "exchanged_trigger_id",
            "invalid_trigger_id",
            "duplicate_external_id",
            "view_too_large",
        ],
        run: |call| Box::pin(open(call)),
    },
    Method {
        name: "views.push",
        tokens: Tokens::Bot,
        tier: Tier::Four,
        required: &["view"],
        scope: None,
        json: Json::Taken,
        errors: &[
            "expired_trigger_id",
            "exchanged_trigger_id",
            "invalid_trigger_id",
            "duplicate_external_id",
            "push_limit_reached",
            "not_found",
            "view_too_large",
        ],
        run: |call| Box::pin(push(call)),
    },
    Method {
        name: "views.update",
        tokens: Tokens::Bot,
        tier: Tier::Four,
        required: &["view"],
        scope: None,
        json: Json::Taken,
        errors: &["not_found", "hash_conflict", "duplicate_external_id", "view_too_large"],
        run: |call| Box::pin(update(call)),
    },
    Method {
        name: "views.publish",
        tokens: Tokens::Bot,
        tier: Tier::Four,
        required: &["user_id", "view"],
        scope: None,
        json: Json::Taken,
        errors: &["hash_conflict", "duplicate_external_id", "view_too_large"],
        run: |call| Box::pin(publish(call)),
    },
];

async fn open(call: Call) -> Answer {
    let body = body(&call, "modal")?;
    let view = call.workspace().open_view(trigger(&call)?, body).await?;
    Ok(shown(&call, &view))
}

async fn push(call: Call) -> Answer {
    let body = body(&call, "modal")?;
    let view = call.workspace().push_view(trigger(&call)?, body).await?;
    Ok(shown(&call, &view))
}

async fn update(call: Call) -> Answer {
    let id = match (call.args.text("view_id"), call.args.text("external_id")) {
        (Some(id), _) => Some(ViewId::new(id)),
        (None, Some(external)) => call.workspace().read(|state| by_external_id(state, external)),
        (None, None) => {
            return Err(ApiError::invalid_arguments(
                "[ERROR] missing required field: view_id or external_id",
            ));
        }
    };
    let id = id.ok_or(Refused::ViewNotFound)?;
    let kind = call.workspace().read(|state| {
        let view = state.view(&id).ok_or(Refused::ViewNotFound)?;
        Ok::<_, Refused>(if view.kind == crate::workspace::ViewKind::Home { "home" } else { "modal" })
    })?;
    let which = ViewRef { id, hash: call.args.text("hash").map(String::from) };
    let view = call.workspace().update_view(&which, body(&call, kind)?).await?;
    Ok(shown(&call, &view))
}

async fn publish(call: Call) -> Answer {
    let body = body(&call, "home")?;
    let user = UserId::new(call.required("user_id")?);
    let published = call.workspace().publish_home(&user, body, call.args.text("hash")).await;
    let view = published.map_err(|refused| match refused {
        Refused::UserNotFound => ApiError::invalid_arguments("[ERROR] there is no such user_id"),
        other => other.into(),
    })?;
    Ok(shown(&call, &view))
}

fn shown(call: &Call, view: &View) -> Map<String, Value> {
    call.workspace().read(|state| one("view", render::view(state, view)))
}

fn trigger(call: &Call) -> Result<&str, ApiError> {
    call.args
        .text("trigger_id")
        .ok_or_else(|| ApiError::invalid_arguments("[ERROR] missing required field: trigger_id"))
}

fn by_external_id(state: &State, external: &str) -> Option<ViewId> {
    state.views.values().find(|view| view.text("external_id") == external).map(|view| view.id.clone())
}

/// The `view` argument, checked.
fn body(call: &Call, kind: &str) -> Result<Map<String, Value>, ApiError> {
    let view = call.args.json("view", "invalid_arguments")?;
    let Some(Value::Object(view)) = view else {
        return Err(ApiError::invalid_arguments("[ERROR] view must be an object"));
    };
    check(&view, kind)?;
    Ok(view)
}

fn check(view: &Map<String, Value>, kind: &str) -> Result<(), ApiError> {
    let wrong = |detail: String| ApiError::invalid_arguments(format!("[ERROR] {detail}"));
    if Value::Object(view.clone()).to_string().len() > MAX_VIEW {
        return Err(ApiError::new("view_too_large"));
    }
    if view.get("type").and_then(Value::as_str) != Some(kind) {
        return Err(wrong(format!("the type of the view must be {kind} [json-pointer:/view/type]")));
    }
    for (key, max) in TEXTS {
        let text = view.get(key).and_then(|value| value.as_str().or_else(|| value.get("text")?.as_str()));
        if text.is_some_and(|text| text.chars().count() > max) {
            return Err(wrong(format!("must be no more than {max} characters [json-pointer:/view/{key}]")));
        }
    }
    let blocks = view.get("blocks").and_then(Value::as_array);
    let blocks = blocks.ok_or_else(|| wrong("missing required field: blocks [json-pointer:/view]".into()))?;
    blocks::check(blocks, PER_VIEW)
        .map_err(|error| ApiError { code: "invalid_arguments".into(), ..error })?;
    if kind != "modal" {
        return Ok(());
    }
    let has_input = blocks.iter().any(|block| block.get("type").and_then(Value::as_str) == Some("input"));
    for key in ["title"].into_iter().chain(has_input.then_some("submit")) {
        if !view.contains_key(key) {
            return Err(wrong(format!("missing required field: {key} [json-pointer:/view]")));
        }
    }
    Ok(())
}
