//! `apps.*`

use super::call::Call;
use super::method::{Json, Method, Tier, Tokens};
use super::reply::{Answer, one};

/// `apps.*`
pub(super) const METHODS: &[Method] = &[Method {
    name: "apps.connections.open",
    tokens: Tokens::App,
    tier: Tier::Three,
    required: &[],
    scope: None,
    json: Json::Taken,
    errors: &[],
    run: |call| Box::pin(open_connection(call)),
}];

async fn open_connection(call: Call) -> Answer {
    let ticket = call.shared.tickets.issue(call.workspace().clock().now());
    let address = call.shared.base_url.replacen("http://", "ws://", 1);
    let app_id = call.workspace().read(|state| state.app().id.clone());
    Ok(one("url", format!("{address}/link/?ticket={ticket}&app_id={app_id}")))
}
