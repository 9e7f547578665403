//! Notices through an incoming webhook of Slack: the way of a Lambda, which has no bot beside it.

mod address;
mod mrkdwn;
mod secret;

use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;
use tokio::sync::OnceCell;

pub use address::{WebhookUrl, WebhookUrlFault};
pub use secret::{Secret, SecretError};

use crate::ports::{Cause, Notice, Notices};
use crate::telling;

/// Slack answers within this, or the notice is lost: it must not hold up the security groups.
const ALTOGETHER: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(2);

/// The webhook did not take a notice. Nothing of its address is in here.
#[derive(Debug, thiserror::Error)]
enum WebhookError {
    #[error("Slack's webhook cannot be reached")]
    Unreached(#[source] reqwest::Error),
    #[error("Slack's webhook answered {0}; make a new one if it was revoked")]
    Refused(u16),
    #[error("the address of Slack's webhook is not known")]
    Address(#[from] SecretError),
}

/// Tells a channel through a webhook.
#[derive(Debug)]
pub struct Webhook {
    address: Address,
    client: OnceCell<reqwest::Client>,
}

/// Who knows the webhook's address.
#[derive(Debug)]
enum Address {
    Given(WebhookUrl),
    Secret(Secret),
}

impl Webhook {
    /// Nothing is reached, and no client made, before there is something to tell.
    pub fn new(url: WebhookUrl) -> Self {
        Self { address: Address::Given(url), client: OnceCell::new() }
    }

    /// The same where a secret holds the address; it is read when there is first something to tell, and again after
    /// Slack has refused it.
    pub fn of_secret(secret: Secret) -> Self {
        Self { address: Address::Secret(secret), client: OnceCell::new() }
    }

    async fn url(&self) -> Result<WebhookUrl, WebhookError> {
        match &self.address {
            Address::Given(url) => Ok(url.clone()),
            Address::Secret(secret) => {
                let read = tokio::time::timeout(ALTOGETHER, secret.url()).await;
                Ok(read.map_err(|_| SecretError::Late)??)
            }
        }
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
        let answer = client.post(self.url().await?.into_url()).json(&json!({ "text": text })).send().await;
        let status = answer.map_err(unreached)?.status();
        if status.is_success() {
            return Ok(());
        }
        if let Address::Secret(secret) = &self.address {
            secret.forget().await;
        }
        Err(WebhookError::Refused(status.as_u16()))
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
