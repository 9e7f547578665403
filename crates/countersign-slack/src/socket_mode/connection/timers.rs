//! The clocks of a connection. They are the wire's own, so that they run on tokio's time.

use std::time::Duration;

use tokio::time::Instant;

use crate::socket_mode::desk::Strangers;

const HELLO: Duration = Duration::from_secs(10);
const PING: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(30);
const RETIREMENT: Duration = Duration::from_secs(30);
/// Slack says `approximate_connection_time`; nothing good happens after that.
const ROTATE_AT_PERCENT: u32 = 80;
/// The only way to have the connections counted again is to open another one.
const RECOUNT: Duration = Duration::from_secs(600);
/// A year: far enough for a timer that is not running.
const NEVER: Duration = Duration::from_secs(365 * 24 * 3600);

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// Slack should have said hello.
    Hello,
    /// Slack should have said anything.
    Silence,
    /// Time to show that we are alive.
    Ping,
    /// Time for a replacement.
    Rotation,
    /// The replacement has been serving for a while.
    Retirement,
}

/// When each of them is due.
#[derive(Debug)]
pub(super) struct Timers {
    hello: Option<Instant>,
    silence: Instant,
    ping: Instant,
    rotation: Option<Instant>,
    retirement: Option<Instant>,
}

impl Timers {
    pub(super) fn start() -> Self {
        let now = Instant::now();
        Self {
            hello: Some(now + HELLO),
            silence: now + SILENCE,
            ping: now + PING,
            rotation: None,
            retirement: None,
        }
    }

    /// A frame came in.
    pub(super) fn alive(&mut self) {
        self.silence = Instant::now() + SILENCE;
    }

    /// Slack said hello, perhaps how long the connection will live, and whether there are others than ours.
    pub(super) fn greeted(&mut self, life: Option<Duration>, strangers: Strangers) {
        self.hello = None;
        let life = life.map(|life| life.min(NEVER) * ROTATE_AT_PERCENT / 100);
        let recount = (strangers == Strangers::Seen).then_some(RECOUNT);
        let rotation = [life, recount].into_iter().flatten().min();
        self.rotation = rotation.map(|life| Instant::now() + life);
    }

    /// A replacement serves.
    pub(super) fn retire(&mut self) {
        self.retirement.get_or_insert_with(|| Instant::now() + RETIREMENT);
    }

    /// When something is due next.
    pub(super) fn next(&self) -> Instant {
        let running = [self.hello, self.rotation, self.retirement].into_iter().flatten();
        running.chain([self.ping, self.silence]).min().unwrap_or(self.ping)
    }

    /// What is due now, the gravest first. A ping and a rotation are due once.
    pub(super) fn due(&mut self) -> Option<Due> {
        let now = Instant::now();
        let is_due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if is_due(Some(self.silence)) {
            return Some(Due::Silence);
        }
        if is_due(self.hello) {
            return Some(Due::Hello);
        }
        if is_due(self.retirement) {
            return Some(Due::Retirement);
        }
        if self.rotation.take_if(|at| *at <= now).is_some() {
            return Some(Due::Rotation);
        }
        if self.ping <= now {
            self.ping = now + PING;
            return Some(Due::Ping);
        }
        None
    }
}
