//! Opening a WebSocket.

use std::time::Duration;

use async_trait::async_trait;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config, tungstenite};

use crate::WebApi;
use crate::web_api::WebError;

/// For the connection, TLS and the WebSocket's handshake together.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// No frame of Slack's comes near this.
pub(super) const LARGEST_FRAME: usize = 4 * 1024 * 1024;

/// Where connections come from.
#[async_trait]
pub(super) trait Dial: Send + Sync + 'static {
    /// What a connection runs over.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// Opens a connection, within deadlines of its own.
    async fn dial(&self) -> Result<WebSocketStream<Self::Stream>, DialError>;
}

/// There is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum DialError {
    /// Slack gave no address for one.
    #[error(transparent)]
    Web(#[from] WebError),
    /// The address did not answer as a WebSocket.
    #[error("the WebSocket could not be opened: {0}")]
    Handshake(Box<tungstenite::Error>),
    /// The address did not answer in time.
    #[error("the WebSocket did not open in time")]
    TooSlow,
}

/// Connections to Slack, or to an emulator.
pub(super) struct SlackDial {
    api: WebApi,
}

impl SlackDial {
    pub(super) fn new(api: WebApi) -> Self {
        // With two providers in the program, rustls would not choose one by itself.
        // It is no error that somebody has chosen before.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        Self { api }
    }
}

#[async_trait]
impl Dial for SlackDial {
    type Stream = MaybeTlsStream<TcpStream>;

    async fn dial(&self) -> Result<WebSocketStream<Self::Stream>, DialError> {
        let url = self.api.open_connection().await?;
        open(url.as_str()).await
    }
}

async fn open(url: &str) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, DialError> {
    match timeout(HANDSHAKE, connect_async_with_config(url, Some(limits()), true)).await {
        Ok(Ok((socket, _response))) => Ok(socket),
        Ok(Err(error)) => Err(DialError::Handshake(Box::new(error))),
        Err(_) => Err(DialError::TooSlow),
    }
}

/// What a connection takes in.
pub(super) fn limits() -> WebSocketConfig {
    WebSocketConfig::default().max_message_size(Some(LARGEST_FRAME)).max_frame_size(Some(LARGEST_FRAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_handshake_has_a_deadline() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        // It is connected to, and nobody answers.
        let since = tokio::time::Instant::now();
        let opened = open(&format!("ws://{}/link", listener.local_addr().unwrap())).await;
        assert!(matches!(opened, Err(DialError::TooSlow)));
        assert_eq!(since.elapsed().as_secs(), HANDSHAKE.as_secs());
    }
}
