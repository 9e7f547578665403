//! One group: what is missing is added, what is surplus taken away, whatever becomes of the others.

use jiff::SignedDuration;

use super::{GroupPlan, Synced, Whitelist};
use crate::domain::{Group, GroupId, Rule, RuleId, Wanted};
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
    /// There is nothing left to do for this group.
    Gone,
    Trouble(Trouble),
}

impl Whitelist {
    /// Does what the plans say, group by group. What goes comes first, so that there is room.
    pub(crate) async fn bring_in_line(&self, plans: Vec<GroupPlan>) -> Synced {
        let mut synced = Synced::default();
        for plan in plans {
            if plan.difference.is_empty() && plan.difference.foreign.is_empty() {
                continue;
            }
            let foreign = plan.difference.foreign;
            let mut done = GroupSynced {
                group: plan.group,
                authorised: Vec::new(),
                revoked: Vec::new(),
                foreign,
                trouble: None,
            };
            self.revoke(&mut done, &plan.difference.surplus).await;
            self.authorise(&mut done, &plan.difference.missing).await;
            if let Some(trouble) = done.trouble {
                tracing::warn!(group = %done.group.id, %trouble, "a security group is not in line");
                self.tell(Notice::Behind { group: name(&done.group), why: trouble.to_string() }).await;
            }
            synced.groups.push(done);
        }
        synced
    }

    async fn revoke(&self, done: &mut GroupSynced, surplus: &[Rule]) {
        for chunk in surplus.chunks(MOST_IN_A_CALL) {
            let ids: Vec<_> = chunk.iter().map(|rule| rule.id.clone()).collect();
            match self.patiently(&done.group.id, Call::Revoke(&ids)).await {
                Called::Done => done.revoked.extend_from_slice(chunk),
                Called::Overlaps if chunk.len() == 1 => {}
                Called::Overlaps => {
                    for rule in chunk {
                        Box::pin(self.revoke(done, std::slice::from_ref(rule))).await;
                    }
                }
                Called::Gone => return,
                Called::Trouble(trouble) => done.trouble = Some(trouble),
            }
        }
    }

    async fn authorise(&self, done: &mut GroupSynced, missing: &[Wanted]) {
        for chunk in missing.chunks(MOST_IN_A_CALL) {
            match self.patiently(&done.group.id, Call::Authorise(chunk)).await {
                Called::Done => done.authorised.extend_from_slice(chunk),
                Called::Overlaps if chunk.len() == 1 => done.foreign.extend_from_slice(chunk),
                // One of them is there already, so that none was added; or the group is nearly full.
                Called::Overlaps => self.one_by_one(done, chunk).await,
                Called::Trouble(Trouble::Full) if chunk.len() > 1 => self.one_by_one(done, chunk).await,
                Called::Gone => return,
                Called::Trouble(trouble) => done.trouble = Some(trouble),
            }
        }
    }

    async fn one_by_one(&self, done: &mut GroupSynced, wanted: &[Wanted]) {
        for one in wanted {
            Box::pin(self.authorise(done, std::slice::from_ref(one))).await;
            if done.trouble == Some(Trouble::Full) {
                return;
            }
        }
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
        Err(FirewallError::GroupGone) => Called::Gone,
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

/// What people call a group.
pub(crate) fn name(group: &Group) -> String {
    if group.name.is_empty() { group.id.to_string() } else { format!("{} ({})", group.name, group.id) }
}

impl Trouble {
    /// May it be over at the next attempt, without anybody doing something?
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Throttled | Self::Failed)
    }
}
