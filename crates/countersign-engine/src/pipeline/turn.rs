//! Locks: operations that share something run one after the other, in the order in which they were ready.

use countersign_core::ids::LockKey;
use countersign_core::operation::{Event, Operation};
use jiff::{SignedDuration, Timestamp};

use super::advance::Step;
use super::show::Shown;
use super::{Engine, Failure};
use crate::ports::Turn;

/// How often an operation looks whether another process let go of its lock.
const LOOK: SignedDuration = SignedDuration::from_secs(3);

impl Engine {
    /// Takes its place in the line for its lock. `None`: nobody is before it, and nobody will be until it
    /// gives its place up, so that it may be verified and run.
    pub(super) async fn wait_for_its_turn(
        &self,
        operation: &Operation,
        run_by: Option<Timestamp>,
    ) -> Result<Option<Step>, Failure> {
        let (id, Some(lock)) = (&operation.request.id, &operation.request.lock) else { return Ok(None) };
        // From before the look, so that whoever leaves after it wakes this one.
        self.tasks.waits_for(lock, id);
        let ahead = match self.ports.ledger.line_up(lock, id, operation.head).await? {
            Turn::Conflict => return Ok(Some(Step::Again)),
            Turn::After(ahead) => ahead,
        };
        if ahead.is_empty() {
            self.tasks.waits_no_more(lock, id);
            return Ok(None);
        }
        if ahead != operation.ahead {
            self.append(operation, vec![Event::Queued { ahead }]).await?;
            return Ok(Some(Step::Again));
        }
        let redraw = match self.show_or_let_be(operation).await? {
            Shown::Drawn => None,
            Shown::Later(when) => Some(when),
        };
        let end = run_by.map(|end| end + SignedDuration::from_millis(1));
        let look = Some(self.now() + LOOK);
        Ok(Some(Step::Rest([redraw, end, look].into_iter().flatten().min())))
    }

    /// The operation let go of what it shared: whoever waits for that in this process looks again at once.
    pub(super) fn let_go(self: &std::sync::Arc<Self>, lock: &LockKey) {
        for waiting in self.tasks.waiting_for(lock) {
            self.advance(&waiting);
        }
    }
}
