//! Answering a slash command at the address that came with it.

use reqwest::Url;
use serde_json::json;

use super::methods::Content;
use super::{WebApi, WebError, answer};

const METHOD: &str = "response_url";

impl WebApi {
    /// Sends an answer that the command's caller alone sees. Slack takes five within 30 minutes, and no token.
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
        let response = self
            .http
            .post(url)
            .json(&body)
            .send()
            .await
            .map_err(|error| answer::not_received(METHOD, &error))?;
        if let Some(error) = answer::failed(METHOD, &response) {
            return Err(error);
        }
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        Err(WebError::Denied {
            method: METHOD,
            code: format!("status {status}"),
            needed: None,
            provided: None,
        })
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
