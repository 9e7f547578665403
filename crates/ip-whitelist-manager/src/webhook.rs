//! Notices through an incoming webhook of Slack: the way of a Lambda, which has no bot beside it.

mod mrkdwn;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;
use tokio::sync::OnceCell;
use url::{Host, Url};

use crate::ports::{Cause, Notice, Notices};
use crate::telling;

/// Slack answers within this, or the notice is lost: it must not hold up the security groups.
const ALTOGETHER: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(2);

/// A webhook's address. Whoever has it may write into the channel, so that nothing prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl(Url);

/// A text that is no address of a webhook. It does not say the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookUrlFault {
    /// It is no address.
    #[error("it is no address; Slack's begin with https://hooks.slack.com/services/")]
    Unreadable,
    /// Others could read it on the way.
    #[error("it must begin with https:// (http:// is for this machine's own addresses alone)")]
    Open,
}

impl FromStr for WebhookUrl {
    type Err = WebhookUrlFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text.trim()).map_err(|_| WebhookUrlFault::Unreadable)?;
        match (url.scheme(), url.host()) {
            ("https", Some(_)) => Ok(Self(url)),
            ("http", Some(Host::Ipv4(address))) if address.is_loopback() => Ok(Self(url)),
            ("http", Some(Host::Ipv6(address))) if address.is_loopback() => Ok(Self(url)),
            ("http", Some(Host::Domain("localhost"))) => Ok(Self(url)),
            ("http", _) => Err(WebhookUrlFault::Open),
            _ => Err(WebhookUrlFault::Unreadable),
        }
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookUrl(•••)")
    }
}

/// The webhook did not take a notice. Nothing of its address is in here.
#[derive(Debug, thiserror::Error)]
enum WebhookError {
    #[error("Slack's webhook cannot be reached")]
    Unreached(#[source] reqwest::Error),
    #[error("Slack's webhook answered {0}; make a new one if it was revoked")]
    Refused(u16),
}

/// Tells a channel through a webhook.
#[derive(Debug)]
pub struct Webhook {
    url: WebhookUrl,
    client: OnceCell<reqwest::Client>,
}

impl Webhook {
    /// Nothing is reached, and no client made, before there is something to tell.
    pub fn new(url: WebhookUrl) -> Self {
        Self { url, client: OnceCell::new() }
    }

    async fn client(&self) -> Result<&reqwest::Client, reqwest::Error> {
        let client = || async {
            let builder = reqwest::Client::builder().timeout(ALTOGETHER).connect_timeout(CONNECT);
            builder.redirect(reqwest::redirect::Policy::none()).build()
        };
        self.client.get_or_try_init(client).await
    }

    async fn post(&self, notice: &Notice) -> Result<(), WebhookError> {
        let unreached = |error: reqwest::Error| WebhookError::Unreached(error.without_url());
        let client = self.client().await.map_err(unreached)?;
        let text = mrkdwn::reply(&telling::reply(notice));
        let answer = client.post(self.url.0.clone()).json(&json!({ "text": text })).send().await;
        let status = answer.map_err(unreached)?.status();
        if status.is_success() { Ok(()) } else { Err(WebhookError::Refused(status.as_u16())) }
    }
}

#[async_trait]
impl Notices for Webhook {
    async fn tell(&self, notice: &Notice) -> Result<(), Cause> {
        Ok(self.post(notice).await?)
    }
}

/// Tells nobody, where there is no webhook.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silence;

#[async_trait]
impl Notices for Silence {
    async fn tell(&self, notice: &Notice) -> Result<(), Cause> {
        tracing::info!(?notice, "there is no webhook to tell this");
        Ok(())
    }
}

#[cfg(test)]
mod tests;
