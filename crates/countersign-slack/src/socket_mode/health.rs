//! How the connections are, for whoever looks after the bot.

use jiff::Timestamp;

/// How the connections are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// Connections on which Slack has said hello and that are still read.
    pub connected: usize,
    /// Connections that are to be kept open.
    pub wanted: usize,
    /// When Slack was last heard on any of them (UTC).
    pub last_frame: Option<Timestamp>,
    /// What somebody has to do something about.
    pub alarms: Vec<Alarm>,
    /// Frames so far that were none of the protocol's: not JSON, binary, or of an unknown type.
    pub odd_frames: u64,
    /// What went wrong since the last hello.
    pub last_error: Option<String>,
}

/// What does not get better by itself. Its text says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Alarm {
    /// Socket Mode is off.
    #[error(
        "Slack says that Socket Mode is switched off; switch it on again on the app's page (Settings, Socket Mode). Until then it is tried every minute"
    )]
    LinkDisabled,
    /// The app holds connections that are not ours.
    #[error(
        "Slack counts {all} connections of this app and {ours} are ours: another program uses the same app token and takes a part of the events; stop it, or give each program an app of its own"
    )]
    OtherInstance {
        /// All of the app's.
        all: u64,
        /// The most that can be ours.
        ours: usize,
    },
    /// The app holds more connections than Slack allows.
    #[error(
        "Slack says that the app has too many connections (ten are allowed), so that this program holds fewer for an hour; look for other programs with the same app token"
    )]
    TooManyConnections,
    /// Slack will not take the token.
    #[error("it has stopped for good: {advice}. Correct that and start the program again")]
    Stopped {
        /// What is wrong.
        advice: &'static str,
    },
}

impl Alarm {
    pub(super) fn is_about_the_link(&self) -> bool {
        matches!(self, Self::LinkDisabled)
    }

    pub(super) fn is_about_others(&self) -> bool {
        matches!(self, Self::OtherInstance { .. })
    }
}

impl Health {
    /// Notes an alarm, in place of an earlier one of its kind.
    pub(super) fn raise(&mut self, alarm: Alarm) {
        self.clear(|old| std::mem::discriminant(old) == std::mem::discriminant(&alarm));
        self.alarms.push(alarm);
    }

    /// Drops these alarms.
    pub(super) fn clear(&mut self, which: impl Fn(&Alarm) -> bool) {
        self.alarms.retain(|alarm| !which(alarm));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_do_about_each_alarm() {
        insta::assert_snapshot!(Alarm::LinkDisabled, @"Slack says that Socket Mode is switched off; switch it on again on the app's page (Settings, Socket Mode). Until then it is tried every minute");
        insta::assert_snapshot!(Alarm::OtherInstance { all: 5, ours: 2 }, @"Slack counts 5 connections of this app and 2 are ours: another program uses the same app token and takes a part of the events; stop it, or give each program an app of its own");
        insta::assert_snapshot!(Alarm::TooManyConnections, @"Slack says that the app has too many connections (ten are allowed), so that this program holds fewer for an hour; look for other programs with the same app token");
        insta::assert_snapshot!(Alarm::Stopped { advice: "the app token was revoked or has expired; make a new one" }, @"it has stopped for good: the app token was revoked or has expired; make a new one. Correct that and start the program again");
    }

    #[test]
    fn an_alarm_replaces_one_of_its_kind() {
        let mut health = Health::default();
        health.raise(Alarm::OtherInstance { all: 5, ours: 2 });
        health.raise(Alarm::LinkDisabled);
        health.raise(Alarm::OtherInstance { all: 6, ours: 2 });
        assert_eq!(health.alarms, [Alarm::LinkDisabled, Alarm::OtherInstance { all: 6, ours: 2 }]);
    }
}
