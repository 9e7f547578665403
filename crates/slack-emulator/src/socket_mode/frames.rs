//! What goes over the wire besides envelopes.

use serde::Deserialize;
use serde_json::{Value, json};

/// Why Slack ends a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DisconnectReason {
    /// The connection will end in about ten seconds.
    Warning,
    /// The backend is being renewed; open another connection.
    RefreshRequested,
    /// Socket Mode was switched off for the app.
    LinkDisabled,
    /// More than ten connections.
    TooManyWebsockets,
}

impl DisconnectReason {
    /// As Slack writes it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::RefreshRequested => "refresh_requested",
            Self::LinkDisabled => "link_disabled",
            Self::TooManyWebsockets => "too_many_websockets",
        }
    }

    /// Whether the socket stays open for a while, so that the app can replace it first.
    pub(super) fn is_gentle(self) -> bool {
        matches!(self, Self::Warning | Self::RefreshRequested)
    }
}

/// Something that goes wrong on the sockets on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SocketFault {
    /// The sockets that are open now carry nothing any more, without closing.
    Zombie,
    /// The sockets that are open now are cut without a closing frame.
    Cut,
    /// The sockets that are open now are told to go.
    Disconnect(DisconnectReason),
    /// This text is sent on the sockets that are open now.
    Raw(String),
    /// The next envelopes are sent twice; how many.
    Twice(u32),
    /// New connections get no hello; how many.
    NoHello(u32),
    /// The sockets that are open now do not answer a closing frame.
    NoCloseReply,
}

pub(super) fn hello(app_id: &str, connections: usize, seconds: i64) -> Value {
    json!({
        "type": "hello",
        "num_connections": connections,
        "debug_info": {"host": "slack-emulator", "build_number": 1, "approximate_connection_time": seconds},
        "connection_info": {"app_id": app_id},
    })
}

pub(super) fn disconnect(reason: DisconnectReason) -> Value {
    json!({"type": "disconnect", "reason": reason.as_str(), "debug_info": {"host": "slack-emulator"}})
}
