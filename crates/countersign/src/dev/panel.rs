//! The sandbox account as the page shows it, and the demo's clock.

use std::sync::Arc;

use countersign_engine::ports::Clock;
use ip_whitelist_manager::domain::{Group, Owner, Rules};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use slack_emulator::aside::{Aside, Line, Panel, Section, Weight};
use tokio::sync::watch;

use super::Sandbox;
use super::clock::MovableClock;

/// What the buttons move the clock by.
const MOVES: [(&str, &str, SignedDuration); 3] = [
    ("hour", "+1 hour", SignedDuration::from_hours(1)),
    ("day", "+1 day", SignedDuration::from_hours(24)),
    ("week", "+1 week", SignedDuration::from_hours(7 * 24)),
];

/// The panel beside the demo's workspace.
pub(super) struct AccountPanel {
    sandbox: Arc<Sandbox>,
    clock: MovableClock,
    moved: watch::Sender<u64>,
}

impl AccountPanel {
    pub(super) fn new(sandbox: &Arc<Sandbox>, clock: &MovableClock) -> Arc<Self> {
        let panel = Self { sandbox: Arc::clone(sandbox), clock: clock.clone(), moved: watch::Sender::new(0) };
        Arc::new(panel)
    }

    /// Tells the page of whatever changes in the account, until the task is aborted.
    pub(super) async fn follow(self: Arc<Self>) {
        let (mut rules, mut time) = (self.sandbox.firewall.changes(), self.clock.moves());
        loop {
            tokio::select! {
                moved = rules.changed() => if moved.is_err() { return },
                moved = time.changed() => if moved.is_err() { return },
            }
            self.moved.send_modify(|number| *number += 1);
        }
    }
}

impl Aside for AccountPanel {
    fn draw(&self) -> Panel {
        let now = Clock::now(&self.clock).to_zoned(TimeZone::UTC);
        let untagged = self.sandbox.firewall.untagged().into_iter().map(|group| Section {
            heading: group.name,
            note: "the bot does not touch it".to_owned(),
            lines: Vec::new(),
        });
        Panel {
            title: "Sandbox account".to_owned(),
            note: format!(
                "Security groups in memory: nothing here is real. It is {} UTC here.",
                now.strftime("%a %d %b, %H:%M")
            ),
            buttons: MOVES.iter().map(|(name, label, _)| (*name, (*label).to_owned())).collect(),
            sections: self.sandbox.firewall.snapshot().into_iter().map(section).chain(untagged).collect(),
        }
    }

    fn press(&self, button: &str) {
        if let Some((_, _, by)) = MOVES.iter().find(|(name, _, _)| *name == button) {
            self.clock.advance(*by);
        }
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }
}

fn section((group, rules): (Group, Rules)) -> Section {
    let environments: Vec<&str> = group.environments.iter().map(|one| one.as_str()).collect();
    let lines = rules.list.iter().map(|rule| {
        let port = rule.place().map(|(_, port)| format!(" → {port}")).unwrap_or_default();
        Line {
            text: format!("{}{port}", rule.cidr),
            hint: match rule.owner {
                Owner::Ours => rule.description.clone(),
                Owner::Foreign => "somebody else's rule: the bot leaves it alone".to_owned(),
            },
            weight: if rule.owner == Owner::Ours { Weight::Strong } else { Weight::Quiet },
        }
    });
    Section { heading: group.name, note: environments.join(", "), lines: lines.collect() }
}
