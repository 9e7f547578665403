//! The texts of an event that people or runbooks wrote, and the values that runbooks get back: whatever may hold a
//! secret. Names, ids, times and numbers of ours are none of them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Event, Outcome, Report, Request, Stop};
use crate::plan::Plan;
use crate::policy::Refusal;
use crate::secret::Hidden;

impl Event {
    /// The event as it may be written.
    #[must_use]
    pub fn without_secrets(mut self, hidden: &mut Hidden) -> Self {
        match &mut self {
            Self::Requested(request) => request.hide(hidden),
            Self::Planned { plan, .. } | Self::Drifted { plan, .. } => plan.hide(hidden),
            Self::Explained { reason, .. } => *reason = hidden.mask(reason),
            Self::Progressed { state, progress, .. } => {
                *state = hidden.hide(state);
                progress.note = hidden.mask(&progress.note);
            }
            Self::Finished { outcome } => outcome.hide(hidden),
            Self::Stopped { stop: Stop::Refused { refusal } } => refusal.hide(hidden),
            Self::Resolved(resolution) => resolution.reason = hidden.mask(&resolution.reason),
            Self::Reviewed(review) => review.note = hidden.mask(&review.note),
            Self::RootShown { .. }
            | Self::CardShown { .. }
            | Self::Voted(_)
            | Self::Withdrawn { .. }
            | Self::Reminded { .. }
            | Self::Approved { .. }
            | Self::Queued { .. }
            | Self::Claimed { .. }
            | Self::Renewed { .. }
            | Self::Released { .. }
            | Self::Alarmed { .. }
            | Self::Stopped { .. } => {}
        }
        self
    }
}

impl Request {
    /// Hides the arguments of these names, and whatever looks like a credential.
    pub fn keep_secret(&self, names: &BTreeSet<String>, hidden: &mut Hidden) {
        for name in names {
            if let Some(Value::String(value)) = self.args.get(name) {
                hidden.keep_secret(value);
            }
        }
    }

    fn hide(&mut self, hidden: &mut Hidden) {
        self.sentence = hidden.mask(&self.sentence);
        self.args = hidden.hide(&self.args);
        // Nothing secret can stand in a lock: its arguments are not, and nothing was begun with a secret that is in it.
        for freeze in &mut self.frozen {
            freeze.reason = hidden.mask(&freeze.reason);
        }
        self.emergency = self.emergency.as_ref().map(|reason| hidden.mask(reason));
    }
}

impl Plan {
    /// The plan as it may be written: what people see is masked, what the runbook gets back is hidden.
    pub fn hide(&mut self, hidden: &mut Hidden) {
        let changes = self.steps.iter_mut().flat_map(|step| {
            let title = std::iter::once(&mut step.title);
            title.chain(step.changes.iter_mut().flat_map(|change| {
                let fields = [
                    change.of.as_mut(),
                    Some(&mut change.field),
                    change.before.as_mut(),
                    change.after.as_mut(),
                ];
                fields.into_iter().flatten()
            }))
        });
        for text in changes.chain(&mut self.warnings).chain(&mut self.irreversible) {
            *text = hidden.mask(text);
        }
        for value in self.fixed.values_mut().chain([&mut self.payload]) {
            *value = hidden.hide(value);
        }
    }

    /// The plan as the runbook made it; `None` when something that was hidden is not known here.
    pub fn reveal(&self, hidden: &Hidden) -> Option<Self> {
        let mut plan = self.clone();
        for value in plan.fixed.values_mut().chain([&mut plan.payload]) {
            *value = hidden.reveal(value)?;
        }
        Some(plan)
    }
}

impl Outcome {
    fn hide(&mut self, hidden: &mut Hidden) {
        match self {
            Self::Succeeded(report) => report.hide(hidden),
            Self::Failed { reason, .. } | Self::Unknown { reason, .. } => *reason = hidden.mask(reason),
        }
    }
}

impl Report {
    fn hide(&mut self, hidden: &mut Hidden) {
        self.summary = hidden.mask(&self.summary);
        let cells = self.table.iter_mut().flat_map(|table| {
            let cells = table.rows.iter_mut().flatten().flatten();
            table.columns.iter_mut().chain(cells)
        });
        for cell in cells {
            *cell = hidden.mask(cell);
        }
    }
}

impl Refusal {
    fn hide(&mut self, hidden: &mut Hidden) {
        match self {
            Self::Blocked { sentence } | Self::Unreadable { sentence } => *sentence = hidden.mask(sentence),
            Self::Frozen { reason, .. } => *reason = hidden.mask(reason),
            Self::Malformed { problems, .. } => {
                for problem in problems {
                    problem.found = hidden.mask(&problem.found);
                    problem.rule = hidden.mask(&problem.rule);
                }
            }
            Self::WrongName { expected } => *expected = hidden.mask(expected),
            _ => {}
        }
    }
}

#[cfg(test)]
#[path = "texts_tests.rs"]
mod tests;
