//! Looking at a thread until something stands in it.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use reqwest::Response;

use crate::office::Office;

/// Nothing in the walk takes so long; if it does, something is broken.
const PATIENCE: Duration = Duration::from_secs(10);
/// No answer of the Web API takes so long.
const ANSWER: Duration = Duration::from_secs(5);

/// How to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Ask `conversations.replies` again and again, without a pause.
    Asking,
    /// Keep the page open and read what it is told; nothing is asked.
    Page,
}

/// Eyes on one thread.
pub(crate) struct Eyes<'a> {
    office: &'a Office,
    root: String,
    /// The open page's stream, and what has come of an event that is not whole yet.
    page: Option<(Response, String)>,
    looks: Vec<Duration>,
}

impl<'a> Eyes<'a> {
    /// Looks at the thread under the message `root`.
    pub(crate) async fn on(office: &'a Office, root: &str, way: Way) -> Result<Self> {
        let page = match way {
            Way::Asking => None,
            Way::Page => Some((office.open_page(root).send().await?.error_for_status()?, String::new())),
        };
        Ok(Self { office, root: root.to_owned(), page, looks: Vec::new() })
    }

    /// Resolves once the thread looks as wanted. An open page tells only what looks
    /// different since the last time, the whole card when anything in it does.
    pub(crate) async fn until(&mut self, wanted: impl Fn(&str) -> bool) -> Result<()> {
        let mut last = String::new();
        let earlier = self.looks.len();
        let looking = async {
            loop {
                last = self.look().await?;
                if wanted(&last) {
                    return Ok(());
                }
            }
        };
        match tokio::time::timeout(PATIENCE, looking).await {
            Ok(seen) => seen,
            Err(late) => {
                let asked = self.looks.len() - earlier;
                Err(late).with_context(|| format!("it was not to be seen, asked {asked} times; last: {last}"))
            }
        }
    }

    /// How long each question to the Web API took.
    pub(crate) fn looks(self) -> Vec<Duration> {
        self.looks
    }

    async fn look(&mut self) -> Result<String> {
        match &mut self.page {
            Some((stream, begun)) => event(stream, begun).await,
            None => {
                let begun = Instant::now();
                let asking = self.office.thread(&self.root).timeout(ANSWER).send().await?;
                let thread = asking.text().await?;
                self.looks.push(begun.elapsed());
                Ok(thread)
            }
        }
    }
}

/// The next whole event of the page's stream.
async fn event(stream: &mut Response, begun: &mut String) -> Result<String> {
    loop {
        if let Some((whole, rest)) = begun.split_once("\n\n") {
            let whole = whole.to_owned();
            *begun = rest.to_owned();
            return Ok(whole);
        }
        let chunk = stream.chunk().await?.context("the page's stream has ended")?;
        begun.push_str(&String::from_utf8_lossy(&chunk));
    }
}
