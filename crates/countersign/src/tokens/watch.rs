//! Notices that the secrets have changed, while the program runs.

use std::sync::Arc;

use countersign_engine::ports::Clock;
use jiff::SignedDuration;
use tokio::sync::watch::{self, Sender};

use super::{Source, TokenError, Tokens};

/// How old what was read last may be. The files are read whole, so that this is an age limit as well.
const MOST_AGE: SignedDuration = SignedDuration::from_secs(5);

/// The secrets of `source`, of which `now` are known: newer ones follow when a file has changed, at the
/// latest [`MOST_AGE`] later, and at once on SIGHUP. What cannot be read changes nothing: it is said once
/// in the log, and the secrets that were known stay. It ends when nobody holds the receiver any more.
pub fn watch(source: Source, now: Tokens, clock: Arc<dyn Clock>) -> watch::Receiver<Tokens> {
    let (tokens, receiver) = watch::channel(now);
    let hangups = Hangups::listen();
    tokio::spawn(keep(source, tokens, (clock, hangups)));
    receiver
}

async fn keep(source: Source, tokens: Sender<Tokens>, (clock, mut hangups): (Arc<dyn Clock>, Hangups)) {
    let mut said = None;
    loop {
        let Ok(next) = clock.now().checked_add(MOST_AGE) else { return };
        tokio::select! {
            () = tokens.closed() => return,
            () = clock.sleep_until(next) => {}
            () = hangups.next() => {}
        }
        let error = look(&source, &tokens).err();
        if let Some(error) = error.as_ref().filter(|error| said.as_ref() != Some(*error)) {
            tracing::error!("The tokens cannot be read again, so those from before stay in use. {error}");
        }
        said = error;
    }
}

fn look(source: &Source, tokens: &Sender<Tokens>) -> Result<(), TokenError> {
    let read = source.load()?;
    let changed = tokens.send_if_modified(|known| {
        let differs = *known != read;
        *known = read;
        differs
    });
    if changed {
        tracing::info!("The tokens have changed; the new ones are in use from now on.");
    }
    Ok(())
}

/// The requests to read everything again.
struct Hangups {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Hangups {
    fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let signal = signal(SignalKind::hangup());
        if let Err(error) = &signal {
            tracing::warn!(%error, "SIGHUP cannot be listened for; changed token files are still noticed");
        }
        Self { signal: signal.ok() }
    }

    async fn next(&mut self) {
        match &mut self.signal {
            // No more signals come once there is `None`.
            Some(signal) => match signal.recv().await {
                Some(()) => {}
                None => std::future::pending().await,
            },
            None => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
impl Hangups {
    fn listen() -> Self {
        Self {}
    }

    async fn next(&mut self) {
        std::future::pending().await
    }
}
