//! `users.*`, `usergroups.*`, `bots.*`

use serde_json::{Value, json};

use super::call::Call;
use super::method::{Json, Method, Tier, Tokens};
use super::paging::{Page, page};
use super::reply::{Answer, ApiError, and, one};
use crate::render;
use crate::workspace::UserId;

/// `users.*`, `usergroups.*`, `bots.*`
pub(super) const METHODS: &[Method] = &[
    Method {
        name: "users.info",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Four,
        required: &["user"],
        scope: Some("users:read"),
        json: Json::Ignored,
        errors: &["user_not_found", "user_not_visible"],
        run: |call| Box::pin(info(call)),
    },
    Method {
        name: "users.list",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Two,
        required: &[],
        scope: Some("users:read"),
        json: Json::Ignored,
        errors: &["invalid_cursor"],
        run: |call| Box::pin(list(call)),
    },
    Method {
        name: "users.lookupByEmail",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Three,
        required: &["email"],
        scope: Some("users:read.email"),
        json: Json::Ignored,
        errors: &["users_not_found"],
        run: |call| Box::pin(lookup_by_email(call)),
    },
    Method {
        name: "usergroups.list",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Two,
        required: &[],
        scope: Some("usergroups:read"),
        json: Json::Ignored,
        errors: &[],
        run: |call| Box::pin(usergroups(call)),
    },
    Method {
        name: "usergroups.users.list",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Two,
        required: &["usergroup"],
        scope: Some("usergroups:read"),
        json: Json::Ignored,
        errors: &["no_such_subteam"],
        run: |call| Box::pin(usergroup_members(call)),
    },
    Method {
        name: "bots.info",
        tokens: Tokens::BotOrPerson,
        tier: Tier::Three,
        required: &[],
        scope: Some("users:read"),
        json: Json::Ignored,
        errors: &["bot_not_found"],
        run: |call| Box::pin(bot(call)),
    },
];

async fn info(call: Call) -> Answer {
    let wanted = UserId::new(call.required("user")?);
    call.workspace().read(|state| {
        let person = state.person(&wanted).ok_or_else(|| ApiError::new("user_not_found"))?;
        if !state.know_each_other(&call.user(), &wanted) {
            return Err(ApiError::new("user_not_visible"));
        }
        Ok(one("user", render::person(state, person)))
    })
}

async fn list(call: Call) -> Answer {
    let user = call.user();
    let all: Vec<_> = call.workspace().read(|state| {
        let known = state.people().iter().filter(|person| state.know_each_other(&user, &person.id));
        known.map(|person| render::person(state, person)).collect()
    });
    let (part, next) = Page::of(&call, 200, 1000)?.cut(all);
    let cache_ts = call.workspace().clock().now().as_second();
    Ok(page(and(one("members", part), "cache_ts", cache_ts), &next))
}

async fn lookup_by_email(call: Call) -> Answer {
    let email = call.required("email")?.to_lowercase();
    call.workspace().read(|state| {
        let here = state.people().iter().filter(|person| person.team == state.team().id);
        let mut found = here.filter(|person| !person.deactivated && !person.email.is_empty());
        let person = found.find(|person| person.email.to_lowercase() == email);
        let mut shown = render::person(state, person.ok_or_else(|| ApiError::new("users_not_found"))?);
        if let Some(profile) = shown.get_mut("profile").and_then(Value::as_object_mut) {
            profile.insert("email".into(), json!(email));
        }
        Ok(one("user", shown))
    })
}

async fn usergroups(call: Call) -> Answer {
    let with_users = call.args.is_on("include_users");
    let with_count = call.args.is_on("include_count");
    let groups: Vec<_> = call.workspace().read(|state| {
        let groups = state.usergroups().iter();
        groups
            .map(|group| {
                let mut shown = json!({
                    "id": group.id,
                    "team_id": state.team().id,
                    "is_usergroup": true,
                    "is_subteam": true,
                    "name": group.name,
                    "description": "",
                    "handle": group.handle,
                    "is_external": false,
                    "date_create": 1,
                    "date_update": group.updated,
                    "date_delete": 0,
                    "prefs": {"channels": [], "groups": []},
                });
                if let Some(map) = shown.as_object_mut() {
                    if with_users {
                        map.insert("users".into(), json!(group.members));
                    }
                    if with_count {
                        map.insert("user_count".into(), json!(group.members.len()));
                    }
                }
                shown
            })
            .collect()
    });
    Ok(one("usergroups", groups))
}

async fn usergroup_members(call: Call) -> Answer {
    let wanted = call.required("usergroup")?;
    call.workspace().read(|state| {
        let group = state.usergroups().iter().find(|group| group.id == wanted);
        Ok(one("users", &group.ok_or_else(|| ApiError::new("no_such_subteam"))?.members))
    })
}

async fn bot(call: Call) -> Answer {
    let wanted = call.args.text("bot");
    call.workspace().read(|state| {
        if wanted.is_some_and(|bot| bot != state.app().bot_id) {
            return Err(ApiError::new("bot_not_found"));
        }
        Ok(one("bot", render::bot(state)))
    })
}
