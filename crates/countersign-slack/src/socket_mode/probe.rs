//! A connection that is opened only to see whether one opens.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{self, Message};

use super::dial::{Dial, DialError, SlackDial};
use super::frame::{self, Frame};
use crate::WebApi;
use crate::web_api::WebError;

/// For Slack's hello, and for its goodbye.
const HELLO: Duration = Duration::from_secs(10);
const GOODBYE: Duration = Duration::from_secs(2);

/// There is no connection to be had.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// Slack gave no address for one.
    #[error(transparent)]
    Web(WebError),
    /// The address did not answer as a WebSocket.
    #[error("the WebSocket could not be opened")]
    Handshake(#[source] Box<tungstenite::Error>),
    /// It did not open, or said nothing, in time.
    #[error("the WebSocket was silent for {} s", HELLO.as_secs())]
    Silent,
    /// It closed before its hello, with Slack's word for why if there was one.
    #[error("the WebSocket closed at once ({0})")]
    Closed(String),
}

/// Opens a connection with the app's token in `api`, waits for its hello, and closes it. Gives how many *other*
/// connections the app has in whatever process, where Slack tells.
///
/// What Slack sends over it meanwhile is not acknowledged: Slack sends events again over another one.
///
/// # Errors
/// [`ProbeError`]: why there is no connection.
pub async fn probe(api: &WebApi) -> Result<Option<u64>, ProbeError> {
    let mut socket = SlackDial::new(api.clone()).dial().await.map_err(|error| match error {
        DialError::Web(error) => ProbeError::Web(error),
        DialError::Handshake(error) => ProbeError::Handshake(error),
        DialError::TooSlow => ProbeError::Silent,
    })?;
    let hello = async {
        while let Some(frame) = socket.next().await {
            let Message::Text(text) = frame.map_err(|error| ProbeError::Handshake(Box::new(error)))? else {
                continue;
            };
            match frame::read(&text) {
                Frame::Hello(hello) => return Ok(hello.connections.map(|all| all.saturating_sub(1))),
                Frame::Disconnect { reason } => return Err(ProbeError::Closed(reason)),
                Frame::Payload(_) | Frame::Odd(_) => {}
            }
        }
        Err(ProbeError::Closed("without a reason".to_owned()))
    };
    let result = timeout(HELLO, hello).await.unwrap_or(Err(ProbeError::Silent));
    let goodbye = async {
        if socket.close(None).await.is_ok() {
            while let Some(Ok(_)) = socket.next().await {}
        }
        socket.flush().await
    };
    // A goodbye that is not answered changes nothing in what was found out.
    let _ = timeout(GOODBYE, goodbye).await;
    result
}
