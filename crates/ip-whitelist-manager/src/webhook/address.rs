//! A webhook's address.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

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

impl WebhookUrl {
    pub(super) fn into_url(self) -> Url {
        self.0
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookUrl(•••)")
    }
}
