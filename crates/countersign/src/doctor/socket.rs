//! A connection for Socket Mode, opened and closed.

use countersign_engine::causes;
use countersign_slack::WebApi;
use countersign_slack::socket_mode::{ProbeError, probe};
use countersign_slack::web_api::WebError;

use super::{Finding, advice};
use crate::tokens::Kind;

const WHAT: &str = "Socket Mode";

pub(super) async fn examine(api: &WebApi) -> Finding {
    match probe(api).await {
        Ok(None | Some(0)) => {
            Finding::fine(WHAT, "A connection opens. No other process uses this app token.")
        }
        Ok(Some(others)) => Finding::note(WHAT, others_sentence(others)),
        Err(error) => Finding::wrong(WHAT, sentence(&error)),
    }
}

fn others_sentence(others: u64) -> String {
    let connections = if others == 1 { "connection" } else { "connections" };
    format!(
        "A connection opens. The app has {others} other {connections}; a running countersign keeps two. If they \
         are not yours, another process takes a part of what people say: stop it, or give it an app of its own."
    )
}

fn sentence(error: &ProbeError) -> String {
    match error {
        ProbeError::Web(error @ WebError::Denied { .. }) => advice::on_token(Kind::App, error),
        ProbeError::Web(error) => advice::unanswered(error),
        ProbeError::Closed(reason) if reason == "link_disabled" => {
            "Socket Mode is switched off for this app: switch it on in its settings, or use --http.".to_owned()
        }
        ProbeError::Closed(reason) if reason == "too_many_websockets" => {
            "The app has as many connections as Slack allows. Stop the other processes that use this app token."
                .to_owned()
        }
        error => format!(
            "No connection opens: {}. Does a firewall or a proxy let WebSockets through (wss://*.slack.com)?",
            causes::line(error)
        ),
    }
}
