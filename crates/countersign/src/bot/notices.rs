//! What Slack said about the app, and what it sent that nobody knows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign_engine::ports::Clock;
use countersign_slack::inbound::Notice;
use jiff::{SignedDuration, Timestamp};

/// So many names of unknown things are counted each for itself; further ones together.
const MOST_NAMES: usize = 50;
/// The name under which further ones are counted.
const FURTHER: &str = "further kinds";
/// Slack counts deliveries over this time.
const LIMITED_FOR: SignedDuration = SignedDuration::from_hours(1);

/// What was noticed since the start.
pub(super) struct Notices {
    clock: Arc<dyn Clock>,
    noticed: Mutex<Noticed>,
}

#[derive(Debug, Clone, Default)]
struct Noticed {
    gone: Option<&'static str>,
    limited_at: Option<Timestamp>,
    unknown: BTreeMap<String, u64>,
}

impl Notices {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, noticed: Mutex::default() }
    }

    /// Takes note, and says in the log what to do.
    pub(super) fn take(&self, notice: &Notice) {
        let said = sentence(notice);
        match notice {
            Notice::Uninstalled | Notice::TokenRevoked => {
                tracing::error!("{said}");
                self.noticed().gone = Some(said);
            }
            Notice::RateLimited => {
                tracing::error!("{said}");
                self.noticed().limited_at = Some(self.clock.now());
            }
            Notice::Shared(channel) => tracing::warn!(%channel, "{said}"),
            Notice::Unshared(channel) => tracing::info!(%channel, "{said}"),
        }
    }

    /// Counts something unknown.
    pub(super) fn count(&self, name: String) {
        let mut noticed = self.noticed();
        let unknown = &mut noticed.unknown;
        let is_full = unknown.len() >= MOST_NAMES && !unknown.contains_key(&name);
        let name = if is_full { FURTHER.to_owned() } else { name };
        let count = unknown.entry(name).or_default();
        *count = count.saturating_add(1);
    }

    /// The bot's token works, whatever was said before.
    pub(super) fn token_works(&self) {
        self.noticed().gone = None;
    }

    /// Why the bot cannot work any more, for the operator.
    pub(super) fn gone(&self) -> Option<&'static str> {
        self.noticed().gone
    }

    /// That Slack drops events, for the operator.
    pub(super) fn limited(&self) -> Option<&'static str> {
        let now = self.clock.now();
        let limited = self.noticed().limited_at.filter(|at| now.duration_since(*at) < LIMITED_FOR);
        limited.map(|_| sentence(&Notice::RateLimited))
    }

    /// How often what was unknown came, by name.
    pub(super) fn unknown(&self) -> BTreeMap<String, u64> {
        self.noticed().unknown.clone()
    }

    fn noticed(&self) -> MutexGuard<'_, Noticed> {
        self.noticed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A notice, and what to do about it.
fn sentence(notice: &Notice) -> &'static str {
    match notice {
        Notice::Uninstalled => {
            "the app was removed from the workspace; install it again and give its new tokens"
        }
        Notice::TokenRevoked => "the bot's token was revoked; install the app again and give its new token",
        Notice::RateLimited => {
            "Slack drops events for a while, there were more than 30,000 in an hour; \
             take the app out of channels where nobody needs it"
        }
        Notice::Shared(_) => {
            "a channel is now shared with another organisation; commands there are seen by people outside"
        }
        Notice::Unshared(_) => "a channel is not shared with another organisation any more",
    }
}

#[cfg(test)]
mod tests {
    use countersign_engine::memory::FakeClock;

    use super::*;

    fn notices() -> (Notices, Arc<FakeClock>) {
        let clock = Arc::new(FakeClock::at(Timestamp::UNIX_EPOCH));
        (Notices::new(clock.clone()), clock)
    }

    #[test]
    fn what_takes_the_bot_away_counts_until_a_token_works() {
        let (notices, _clock) = notices();
        assert_eq!(notices.gone(), None);
        notices.take(&Notice::TokenRevoked);
        insta::assert_snapshot!(notices.gone().unwrap(), @"the bot's token was revoked; install the app again and give its new token");
        notices.take(&Notice::Uninstalled);
        insta::assert_snapshot!(notices.gone().unwrap(), @"the app was removed from the workspace; install it again and give its new tokens");
        notices.token_works();
        assert_eq!(notices.gone(), None);
    }

    #[test]
    fn a_limit_counts_for_an_hour() {
        let (notices, clock) = notices();
        notices.take(&Notice::RateLimited);
        insta::assert_snapshot!(notices.limited().unwrap(), @"Slack drops events for a while, there were more than 30,000 in an hour; take the app out of channels where nobody needs it");
        clock.advance(SignedDuration::from_hours(1));
        assert_eq!(notices.limited(), None);
    }

    #[test]
    fn names_of_unknown_things_do_not_grow_without_end() {
        let (notices, _clock) = notices();
        for number in 0..200 {
            notices.count(format!("events_api/{number}"));
            notices.count("events_api/0".to_owned());
        }
        let unknown = notices.unknown();
        assert_eq!(unknown.len(), MOST_NAMES + 1);
        assert_eq!(unknown.get("events_api/0"), Some(&201));
        assert_eq!(unknown.get(FURTHER), Some(&150));
    }
}
