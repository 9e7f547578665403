//! Which way Slack reaches the app: through the app's sockets, or through signed requests to its URLs.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// The one way that is switched on (in a manifest: `socket_mode_enabled`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum Transport {
    /// Socket Mode.
    #[default]
    Socket,
    /// Signed requests over HTTP.
    Http(Box<RequestUrls>),
}

/// Where the signed requests go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestUrls {
    /// Gets the events; and everything else that has no URL of its own.
    pub url: LoopbackUrl,
    /// Gets the slash commands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_url: Option<LoopbackUrl>,
    /// Gets buttons and modals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interactivity_url: Option<LoopbackUrl>,
}

/// An `http:` URL on this machine. The emulator sends to no other, so that it is no way to reach other hosts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LoopbackUrl(Url);

/// Why a text is no [`LoopbackUrl`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotLoopbackUrl {
    /// It is no URL at all.
    #[error("{0:?} is no URL; write one such as http://127.0.0.1:3000/slack/events.")]
    NoUrl(String),
    /// It leads elsewhere.
    #[error("The emulator sends to http://127.0.0.1, http://localhost and http://[::1] alone, not to {0}.")]
    Elsewhere(String),
}

impl Transport {
    /// Everything over HTTP to one URL.
    ///
    /// # Errors
    /// [`NotLoopbackUrl`] when the URL is none, or leads to another machine.
    pub fn http(url: &str) -> Result<Self, NotLoopbackUrl> {
        Ok(Self::Http(Box::new(RequestUrls {
            url: LoopbackUrl::parse(url)?,
            command_url: None,
            interactivity_url: None,
        })))
    }
}

impl LoopbackUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`NotLoopbackUrl`] when it is none, or leads to another machine.
    pub fn parse(text: &str) -> Result<Self, NotLoopbackUrl> {
        Self::check(Url::parse(text).map_err(|_| NotLoopbackUrl::NoUrl(text.into()))?)
    }

    /// Where a redirect from here leads.
    pub(crate) fn follow(&self, location: &str) -> Result<Self, NotLoopbackUrl> {
        Self::check(self.0.join(location).map_err(|_| NotLoopbackUrl::NoUrl(location.into()))?)
    }

    fn check(url: Url) -> Result<Self, NotLoopbackUrl> {
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address == Ipv4Addr::LOCALHOST,
            Some(Host::Ipv6(address)) => address == Ipv6Addr::LOCALHOST,
            None => false,
        };
        let bare = url.username().is_empty() && url.password().is_none();
        if url.scheme() == "http" && here && bare {
            Ok(Self(url))
        } else {
            Err(NotLoopbackUrl::Elsewhere(url.into()))
        }
    }

    /// The URL as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for LoopbackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for LoopbackUrl {
    type Error = NotLoopbackUrl;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<LoopbackUrl> for String {
    fn from(url: LoopbackUrl) -> Self {
        url.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached() {
        for url in [
            "http://127.0.0.1:3000/slack/events",
            "http://localhost:1",
            "http://[::1]:9/",
            "HTTP://LOCALHOST",
        ] {
            assert!(LoopbackUrl::parse(url).is_ok(), "{url}");
        }
        for url in [
            "",
            "127.0.0.1:3000",
            "https://127.0.0.1/",
            "http://example.com/",
            "http://localhost.example.com/",
            "http://127.0.0.1.example.com/",
            "http://169.254.169.254/latest",
            "http://0.0.0.0/",
            "http://[::ffff:10.0.0.1]/",
            "http://127.0.0.1@example.com/",
            "http://user:word@127.0.0.1/",
            "file:///etc/passwd",
        ] {
            assert!(LoopbackUrl::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_redirect_stays_on_this_machine() {
        let from = LoopbackUrl::parse("http://127.0.0.1:3000/a").unwrap();
        assert_eq!(from.follow("/b").unwrap().as_str(), "http://127.0.0.1:3000/b");
        assert!(from.follow("http://example.com/").is_err());
        assert!(from.follow("//example.com/").is_err());
    }

    #[test]
    fn a_foreign_url_says_what_is_taken() {
        let wrong = LoopbackUrl::parse("http://example.com/").unwrap_err();
        insta::assert_snapshot!(wrong, @"The emulator sends to http://127.0.0.1, http://localhost and http://[::1] alone, not to http://example.com/.");
    }
}
