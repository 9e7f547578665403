//! One exchange with the app: three seconds, two redirects at most, and only on this machine.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::legacy::{Client as Connections, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tower::util::service_fn;

use super::request::Content;
use crate::clock::Clock;
use crate::delivery::{ACK_WITHIN, LoopbackUrl};

/// The largest answer that is read from an app, in bytes.
const MAX_ANSWER: usize = 1024 * 1024;

/// How many redirects are followed.
const MAX_REDIRECTS: usize = 2;

/// Says, beside a status other than 200, that an event must not be sent again.
const NO_RETRY: &str = "x-slack-no-retry";

type Resolved = std::array::IntoIter<SocketAddr, 2>;
type Resolver = tower::util::ServiceFn<fn(Name) -> std::future::Ready<io::Result<Resolved>>>;

/// Keeps connections to the app.
pub(super) struct Client(Connections<HttpConnector<Resolver>, Body>);

/// The app took it.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
}

/// The app did not take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// It did not answer in time.
    Timeout,
    /// It could not be reached, or hung up.
    Connection,
    /// It answered with another status than one of success, or more than can be read.
    Status {
        /// Which.
        status: StatusCode,
        /// It does not want the event again.
        no_retry: bool,
    },
    /// It redirected too often.
    Redirects,
    /// It redirected elsewhere, where the emulator does not go.
    Unknown,
}

impl Failure {
    /// Slack's word for it.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Timeout => "http_timeout",
            Self::Connection => "connection_failed",
            Self::Status { .. } => "http_error",
            Self::Redirects => "too_many_redirects",
            Self::Unknown => "unknown_error",
        }
    }

    /// The status, if the app answered with one.
    pub(super) fn status(self) -> Option<u16> {
        match self {
            Self::Status { status, .. } => Some(status.as_u16()),
            _ => None,
        }
    }

    pub(super) fn forbids_retry(self) -> bool {
        matches!(self, Self::Status { no_retry: true, .. })
    }
}

impl Client {
    pub(super) fn new() -> Self {
        // The one name that is taken means this machine, whatever the system's tables say.
        let resolve: fn(Name) -> _ = |_| {
            let addresses = [(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()];
            std::future::ready(Ok(addresses.into_iter()))
        };
        let mut connector = HttpConnector::new_with_resolver(service_fn(resolve));
        connector.set_nodelay(true);
        Self(Connections::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector))
    }

    /// Sends a request and reads the answer, within three seconds.
    pub(super) async fn send(
        &self,
        url: &LoopbackUrl,
        (headers, content): (HeaderMap, &Content),
        clock: &dyn Clock,
    ) -> Result<Taken, Failure> {
        let now = clock.now();
        let deadline = clock.sleep_until(now.saturating_add(ACK_WITHIN).unwrap_or(now));
        tokio::select! {
            answer = self.follow(url.clone(), &headers, content) => answer,
            () = deadline => Err(Failure::Timeout),
        }
    }

    async fn follow(
        &self,
        mut url: LoopbackUrl,
        headers: &HeaderMap,
        content: &Content,
    ) -> Result<Taken, Failure> {
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.post(&url, headers, content).await?;
            let location = answer.headers().get(LOCATION).filter(|_| answer.status().is_redirection());
            let Some(location) = location else { return read(answer).await };
            let location = location.to_str().map_err(|_| Failure::Unknown)?;
            url = url.follow(location).map_err(|_| Failure::Unknown)?;
        }
        Err(Failure::Redirects)
    }

    async fn post(
        &self,
        url: &LoopbackUrl,
        headers: &HeaderMap,
        content: &Content,
    ) -> Result<Response<Body>, Failure> {
        let request =
            Request::builder().method(Method::POST).uri(url.as_str()).body(content.body.clone().into());
        let mut request = request.map_err(|_| Failure::Unknown)?;
        request.headers_mut().extend(headers.clone());
        let answer = self.0.request(request).await.map_err(|error: Error| {
            tracing::debug!(error = &error as &dyn std::error::Error, "the app could not be reached");
            Failure::Connection
        })?;
        Ok(answer.map(Body::new))
    }
}

async fn read(answer: Response<Body>) -> Result<Taken, Failure> {
    let status = answer.status();
    let no_retry = answer.headers().get(NO_RETRY).is_some_and(|value| value == "1");
    if !status.is_success() {
        return Err(Failure::Status { status, no_retry });
    }
    match to_bytes(answer.into_body(), MAX_ANSWER).await {
        Ok(body) => Ok(Taken { status, body }),
        Err(_) => Err(Failure::Connection),
    }
}
