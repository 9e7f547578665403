//! A webhook's address in AWS Secrets Manager: nobody who may read the function's settings sees it there.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::Mutex;

use super::{WebhookUrl, WebhookUrlFault};
use crate::aws::Aws;
use crate::ports::Cause;

/// The secret's text is the address, or JSON with the address as this.
const FIELD: &str = "webhook_url";

/// A secret that holds a webhook's address.
#[derive(Debug)]
pub struct Secret {
    aws: Arc<Aws>,
    id: String,
    read: Mutex<Option<WebhookUrl>>,
}

/// The address could not be had from the secret. It does not say what the secret holds.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Secrets Manager does not answer, or says no.
    #[error("the secret `{id}` cannot be read; check that it exists, and that the function may read it")]
    Unread {
        /// The secret's ARN or name.
        id: String,
        /// What AWS says.
        #[source]
        source: Cause,
    },
    /// Secrets Manager took too long.
    #[error("Secrets Manager did not answer in time")]
    Late,
    /// It is binary, or no address.
    #[error(
        "the secret `{id}` does not hold a webhook's address; it must be the address alone, or `{{\"webhook_url\": \"…\"}}`"
    )]
    Wrong {
        /// The secret's ARN or name.
        id: String,
        /// What is wrong with it.
        #[source]
        source: WebhookUrlFault,
    },
}

impl Secret {
    /// The secret of this ARN or name. Nothing is asked for yet.
    pub fn new(aws: Arc<Aws>, id: &str) -> Self {
        Self { aws, id: id.to_owned(), read: Mutex::new(None) }
    }

    /// The address, from the secret where it is not known yet.
    pub(super) async fn url(&self) -> Result<WebhookUrl, SecretError> {
        let mut read = self.read.lock().await;
        match &*read {
            Some(url) => Ok(url.clone()),
            None => Ok(read.insert(self.ask().await?).clone()),
        }
    }

    /// The address is another one by now.
    pub(super) async fn forget(&self) {
        *self.read.lock().await = None;
    }

    async fn ask(&self) -> Result<WebhookUrl, SecretError> {
        let client = self.aws.secrets().await;
        let answer = client.get_secret_value().secret_id(&self.id).send().await;
        let unread = |error| SecretError::Unread { id: self.id.clone(), source: Cause::from(error) };
        let answer = answer.map_err(unread)?;
        let url = address(answer.secret_string().unwrap_or_default());
        url.map_err(|source| SecretError::Wrong { id: self.id.clone(), source })
    }
}

fn address(text: &str) -> Result<WebhookUrl, WebhookUrlFault> {
    let json: Option<Value> = serde_json::from_str(text).ok();
    let field = json.as_ref().and_then(|json| json.get(FIELD)).and_then(Value::as_str);
    field.unwrap_or(text).parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_the_address_or_has_it_as_a_field() {
        let url: WebhookUrl = "https://hooks.slack.com/services/T0/B0/x".parse().unwrap();
        assert_eq!(address("https://hooks.slack.com/services/T0/B0/x\n"), Ok(url.clone()));
        assert_eq!(address(r#"{"webhook_url": "https://hooks.slack.com/services/T0/B0/x"}"#), Ok(url));
        for wrong in ["", "{}", r#"{"url": "https://hooks.slack.com/x"}"#, r#"{"webhook_url": 1}"#, "xoxb-1"]
        {
            assert_eq!(address(wrong), Err(WebhookUrlFault::Unreadable), "{wrong:?}");
        }
    }
}
