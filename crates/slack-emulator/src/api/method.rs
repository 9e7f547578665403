//! What a method is.

use std::future::Future;
use std::pin::Pin;

use super::call::Call;
use super::reply::Answer;
pub(super) use crate::limits::Tier;

/// A handler's future.
pub(super) type Answering = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// A Web API method.
pub(super) struct Method {
    pub(super) name: &'static str,
    pub(super) tokens: Tokens,
    /// How many calls it takes.
    pub(super) tier: Tier,
    /// Arguments besides the token that must be there and not empty.
    pub(super) required: &'static [&'static str],
    /// The scope that a bot token needs; where it depends on the channel, the handler checks.
    pub(super) scope: Option<&'static str>,
    /// Slack takes JSON bodies for this method. The others are taken here as well, with a warning.
    pub(super) json: Json,
    /// The codes of its own that it can answer.
    pub(super) errors: &'static [&'static str],
    pub(super) run: fn(Call) -> Answering,
}

/// Whether Slack takes JSON for a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Json {
    /// It does.
    Taken,
    /// It reads arguments from the query or a form alone.
    Ignored,
}

/// Which tokens a method takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tokens {
    /// None is needed.
    None,
    /// A bot's or a person's.
    BotOrPerson,
    /// The bot's alone.
    Bot,
    /// The app-level token.
    App,
}
