//! One group: what is missing is added, what is surplus taken away, whatever becomes of the others.

use std::ops::ControlFlow;

use jiff::SignedDuration;

use super::{GroupPlan, Synced, Whitelist};
use crate::domain::{Difference, Group, GroupId, Rule, RuleId, Wanted};
use crate::ports::{FirewallError, Notice};

/// The most rules in one call. EC2 names no bound; a call of this size stays far from its limits for a request.
const MOST_IN_A_CALL: usize = 200;
/// How often a call is tried that EC2 asks to pause before.
const ATTEMPTS: u32 = 4;
/// The first pause; the next ones double.
const PAUSE: SignedDuration = SignedDuration::from_millis(400);

/// What was done with one group.
#[derive(Debug)]
pub struct GroupSynced {
    /// The group.
    pub group: Group,
    /// Rules that were added.
    pub authorised: Vec<Wanted>,
    /// Rules that were taken away.
    pub revoked: Vec<Rule>,
    /// Rules that are there because somebody else made them.
    pub foreign: Vec<Wanted>,
    /// Why it is not in line yet.
    pub trouble: Option<Trouble>,
}

/// Why a group is not in line. Its `Display` is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It has as many rules as it may have.
    #[error("it has as many rules as it may have; remove entries, or ask AWS for a higher quota")]
    Full,
    /// The program has no right to.
    #[error("this program has no right to change it; look at its IAM policy and at the group's tags")]
    Denied,
    /// It was deleted in this very moment.
    #[error("it does not exist any more")]
    Gone,
    /// EC2 asked for pauses for too long.
    #[error("EC2 asks for a pause; it is tried again")]
    Throttled,
    /// EC2 did not answer as it should.
    #[error("EC2 did not answer as it should; it is tried again")]
    Failed,
}

/// A call that writes.
#[derive(Clone, Copy)]
enum Call<'a> {
    Authorise(&'a [Wanted]),
    Revoke(&'a [RuleId]),
}

/// What became of one call.
enum Called {
    Done,
    /// Something in it was there, or gone, already.
    Overlaps,
    Trouble(Trouble),
}

/// How far a trouble reaches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The other rules of the address family would meet it too.
    Family,
    /// Whatever is asked of the group would meet it.
    Group,
}

impl Whitelist {
    /// Does what the plans say, group by group. What goes comes first, so that there is room.
    pub(crate) async fn bring_in_line(&self, plans: Vec<GroupPlan>) -> Synced {
        let mut synced = Synced::default();
        for plan in plans {
            if plan.difference.is_empty() && plan.difference.foreign.is_empty() {
                continue;
            }
            let foreign = plan.difference.foreign.clone();
            let mut done = GroupSynced {
                group: plan.group,
                authorised: Vec::new(),
                revoked: Vec::new(),
                foreign,
                trouble: None,
            };
            self.change(&mut done, &plan.difference).await;
            if let Some(trouble) = done.trouble {
                tracing::warn!(group = %done.group.id, %trouble, "a security group is not in line");
                if trouble != Trouble::Gone {
                    self.tell(Notice::Behind { group: name(&done.group), why: trouble.to_string() }).await;
                }
            }
            synced.groups.push(done);
        }
        synced
    }

    async fn change(&self, done: &mut GroupSynced, difference: &Difference) {
        for chunk in difference.surplus.chunks(MOST_IN_A_CALL) {
            if self.revoke(done, chunk).await.is_break() {
                return;
            }
        }
        let (v4, v6): (Vec<Wanted>, Vec<Wanted>) =
            difference.missing.iter().cloned().partition(|wanted| wanted.cidr.is_v4());
        // A group that is full for one family has room for the other.
        for family in [v4, v6] {
            for chunk in family.chunks(MOST_IN_A_CALL) {
                match self.authorise(done, chunk).await {
                    ControlFlow::Continue(()) => {}
                    ControlFlow::Break(Reach::Family) => break,
                    ControlFlow::Break(Reach::Group) => return,
                }
            }
        }
    }

    async fn revoke(&self, done: &mut GroupSynced, surplus: &[Rule]) -> ControlFlow<Reach> {
        let ids: Vec<_> = surplus.iter().map(|rule| rule.id.clone()).collect();
        match self.patiently(&done.group.id, Call::Revoke(&ids)).await {
            Called::Done => done.revoked.extend_from_slice(surplus),
            Called::Overlaps => {
                // One of them is gone already, so that none was taken away.
                if let Some((first, second)) = halves(surplus) {
                    Box::pin(self.revoke(done, first)).await?;
                    return Box::pin(self.revoke(done, second)).await;
                }
            }
            Called::Trouble(trouble) => return done.meets(trouble),
        }
        ControlFlow::Continue(())
    }

    async fn authorise(&self, done: &mut GroupSynced, missing: &[Wanted]) -> ControlFlow<Reach> {
        match (self.patiently(&done.group.id, Call::Authorise(missing)).await, halves(missing)) {
            (Called::Done, _) => done.authorised.extend_from_slice(missing),
            // One of them is there already, so that none was added; or there is room for some only.
            (Called::Overlaps | Called::Trouble(Trouble::Full), Some((first, second))) => {
                Box::pin(self.authorise(done, first)).await?;
                return Box::pin(self.authorise(done, second)).await;
            }
            (Called::Overlaps, None) => done.foreign.extend_from_slice(missing),
            (Called::Trouble(trouble), _) => return done.meets(trouble),
        }
        ControlFlow::Continue(())
    }

    /// Calls, and calls again after a pause where EC2 asks for one.
    async fn patiently(&self, group: &GroupId, call: Call<'_>) -> Called {
        let mut pause = PAUSE;
        for _ in 1..ATTEMPTS {
            match self.call(group, call).await {
                Err(FirewallError::Throttled(_)) => self.clock.sleep_until(self.now() + pause).await,
                other => return called(other),
            }
            pause *= 2;
        }
        called(self.call(group, call).await)
    }

    async fn call(&self, group: &GroupId, call: Call<'_>) -> Result<(), FirewallError> {
        match call {
            Call::Authorise(rules) => self.firewall.authorise(group, rules).await,
            Call::Revoke(rules) => self.firewall.revoke(group, rules).await,
        }
    }
}

fn called(result: Result<(), FirewallError>) -> Called {
    match result {
        Ok(()) => Called::Done,
        Err(FirewallError::Duplicate | FirewallError::NotFound) => Called::Overlaps,
        Err(FirewallError::GroupGone) => Called::Trouble(Trouble::Gone),
        Err(FirewallError::Full) => Called::Trouble(Trouble::Full),
        Err(FirewallError::Throttled(_)) => Called::Trouble(Trouble::Throttled),
        Err(error @ FirewallError::Denied(_)) => {
            tracing::error!(error = %countersign_engine::causes::line(&error), "a security group was not changed");
            Called::Trouble(Trouble::Denied)
        }
        Err(error @ FirewallError::Failed(_)) => {
            tracing::error!(error = %countersign_engine::causes::line(&error), "a security group was not changed");
            Called::Trouble(Trouble::Failed)
        }
    }
}

/// Both halves of more than one.
fn halves<T>(all: &[T]) -> Option<(&[T], &[T])> {
    (all.len() > 1).then(|| all.split_at(all.len() / 2))
}

/// What people call a group.
pub(crate) fn name(group: &Group) -> String {
    if group.name.is_empty() { group.id.to_string() } else { format!("{} ({})", group.name, group.id) }
}

impl GroupSynced {
    /// Remembers the trouble, and says how far it reaches. What may pass is not forgotten over what does not, so that
    /// it is tried again.
    fn meets(&mut self, trouble: Trouble) -> ControlFlow<Reach> {
        if !self.trouble.is_some_and(|known| known.may_pass()) {
            self.trouble = Some(trouble);
        }
        match trouble {
            Trouble::Full => ControlFlow::Break(Reach::Family),
            Trouble::Gone | Trouble::Denied | Trouble::Throttled => ControlFlow::Break(Reach::Group),
            // Perhaps it was about this one call.
            Trouble::Failed => ControlFlow::Continue(()),
        }
    }
}

impl Trouble {
    /// May something be open still? What is full was shut first, and what is gone lets nobody through.
    pub(super) fn may_leave_open(&self) -> bool {
        !matches!(self, Self::Full | Self::Gone)
    }

    /// May it be over at the next attempt, without anybody doing something?
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Throttled | Self::Failed)
    }
}

#[cfg(test)]
#[path = "group_tests.rs"]
mod tests;
