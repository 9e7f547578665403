use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use countersign_engine::ports::{Cause, Clock};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, Response, StatusCode, Url, redirect};

use super::signature::{SIGNATURE, SharedSecret, TIMESTAMP};
use super::transport::{Transport, TransportError};
use super::wire::MOST_BYTES;

/// After so long without a connection the request was certainly not sent.
const CONNECT: Duration = Duration::from_secs(5);

/// A runbook behind an address: one POST for each call, on a connection of its own.
#[derive(Debug)]
pub struct Http {
    client: Client,
    url: Url,
    secret: Option<SharedSecret>,
}

/// The address makes no transport. Each says what to change.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// It is no address.
    #[error("`{0}` is no address: write one like https://runbooks.example.com/")]
    NoAddress(String),
    /// Everybody on the way could read and change what goes there.
    #[error("`{0}` is neither https nor on this machine: whoever is on the way could read and change it")]
    Open(String),
    /// It holds a password, which logs and cards would show.
    #[error("the address holds a name or a password: leave it out, and sign with a secret instead")]
    Password,
    /// The machine's TLS cannot be set up.
    #[error("a client cannot be made")]
    Client(#[source] reqwest::Error),
}

impl Http {
    /// Where `url` leads to: https, or http on this machine.
    ///
    /// # Errors
    /// [`HttpError`]: it is no such address.
    pub fn address(url: &str) -> Result<Url, HttpError> {
        let parsed: Url = url.parse().map_err(|_| HttpError::NoAddress(url.to_owned()))?;
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(HttpError::Password);
        }
        match parsed.scheme() {
            "https" => Ok(parsed),
            "http" if is_here(&parsed) => Ok(parsed),
            _ => Err(HttpError::Open(url.to_owned())),
        }
    }

    /// The runbooks at `url`; requests are signed with `secret`.
    ///
    /// # Errors
    /// [`HttpError`]: it is no such address, or TLS cannot be set up.
    pub fn new(url: &str, secret: Option<SharedSecret>) -> Result<Self, HttpError> {
        let url = Self::address(url)?;
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT)
            // A connection that was left open may be dead, and what is sent on it then may have arrived or not.
            .pool_max_idle_per_host(0)
            .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")));
        if is_here(&url) {
            builder = builder.no_proxy();
        }
        Ok(Self { client: builder.build().map_err(HttpError::Client)?, url, secret })
    }

    /// The transport, with the time that signatures carry.
    pub fn at(self, clock: Arc<dyn Clock>) -> impl Transport {
        Signed { http: self, clock }
    }

    async fn send(
        &self,
        request: Vec<u8>,
        at: (jiff::Timestamp, Duration),
    ) -> Result<Vec<u8>, TransportError> {
        let (now, within) = at;
        let mut post = self
            .client
            .post(self.url.clone())
            .timeout(within)
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json");
        if let Some(secret) = &self.secret {
            let (seconds, signature) = secret.sign(now, &request);
            post = post.header(TIMESTAMP, seconds).header(SIGNATURE, signature);
        }
        let response = post.body(request).send().await.map_err(|error| {
            // Without a connection nothing was sent; after that nobody knows.
            let (certain, cause) =
                (error.is_connect() || error.is_builder(), Cause::from(error.without_url()));
            if certain { TransportError::NotSent(cause) } else { TransportError::Lost(cause) }
        })?;
        body(response).await.map_err(TransportError::Lost)
    }
}

struct Signed {
    http: Http,
    clock: Arc<dyn Clock>,
}

#[async_trait]
impl Transport for Signed {
    async fn call(&self, request: Vec<u8>, within: Duration) -> Result<Vec<u8>, TransportError> {
        self.http.send(request, (self.clock.now(), within)).await
    }
}

async fn body(mut response: Response) -> Result<Vec<u8>, Cause> {
    if response.status() != StatusCode::OK {
        return Err(format!("the runbook answered with status {}", response.status().as_u16()).into());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(reqwest::Error::without_url)? {
        body.extend_from_slice(&chunk);
        if body.len() > MOST_BYTES {
            return Err(format!("the runbook's answer is larger than {MOST_BYTES} bytes").into());
        }
    }
    Ok(body)
}

/// Does the address stay on this machine?
fn is_here(url: &Url) -> bool {
    matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
}
