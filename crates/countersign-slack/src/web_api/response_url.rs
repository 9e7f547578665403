//! Answering a slash command at the address that came with it.

use std::time::Duration;

use reqwest::Url;
use serde_json::{Value, json};

use super::methods::Content;
use super::{WebApi, WebError, answer};

const METHOD: &str = "response_url";
/// Of the five answers that Slack takes at one address.
const TRIES: u32 = 3;
/// Before the next try when nobody was there.
const PAUSE: Duration = Duration::from_secs(1);
/// A longer wait than this is the caller's business.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

impl WebApi {
    /// Sends an answer that the command's caller alone sees. Slack takes five within 30 minutes, and no token.
    /// It is sent again only where nothing was said for certain: a person who reads it twice is confused.
    ///
    /// # Errors
    /// [`WebError::ForeignAddress`] unless the address is Slack's: the payload that
    /// brought it is trusted, but a mistake here would let it reach into our network.
    pub async fn respond(&self, response_url: &str, content: Content<'_>) -> Result<(), WebError> {
        let url = Url::parse(response_url)
            .ok()
            .filter(|url| self.is_slacks(url))
            .ok_or(WebError::ForeignAddress)?;
        let body = json!({
            "response_type": "ephemeral",
            "replace_original": false,
            "text": content.text,
            "blocks": content.blocks,
        });
        let mut tries = 1;
        loop {
            let error = match self.respond_once(&url, &body).await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            if tries == TRIES || !self.pause_after(&error).await {
                return Err(error);
            }
            tries += 1;
        }
    }

    /// Waits before another try; `false` unless the failure proves that nothing was said.
    async fn pause_after(&self, error: &WebError) -> bool {
        let wait = match error {
            WebError::RateLimited { retry_after, .. } if *retry_after <= LONGEST_WAIT => *retry_after,
            WebError::Unavailable { .. } => PAUSE,
            _ => return false,
        };
        self.sleep(wait).await;
        true
    }

    async fn respond_once(&self, url: &Url, body: &Value) -> Result<(), WebError> {
        let request = self.http.post(url.clone()).json(body);
        let response = request.send().await.map_err(|error| answer::not_received(METHOD, &error))?;
        if let Some(error) = answer::failed(METHOD, &response) {
            return Err(error);
        }
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let code = format!("status {status}");
        Err(WebError::Denied { method: METHOD, code, needed: None, provided: None })
    }

    /// Slack's own hosts over TLS, or the very server that the methods are on.
    fn is_slacks(&self, url: &Url) -> bool {
        if !url.username().is_empty() || url.password().is_some() {
            return false;
        }
        let at_slack = url.scheme() == "https"
            && url.port().is_none()
            && url.host_str().is_some_and(|host| host.ends_with(".slack.com"));
        at_slack || url.origin() == self.base.origin()
    }
}
