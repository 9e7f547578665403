//! The members of user groups and the freezes by hand, as fresh as the decision needs them.

use std::sync::{Arc, PoisonError};

use countersign_core::policy::{Freeze, Roster};

use super::{Engine, Failure};
use crate::Rules;
use crate::ports::Freshness;

impl Engine {
    /// The rules in force, with the user groups' members as the directory has them, and what is frozen by hand.
    ///
    /// # Errors
    /// The directory's failure, or that of the freezes: nothing is decided with members that may be none any more.
    pub(super) async fn rules_as_of(&self, freshness: Freshness) -> Result<Arc<Rules>, Failure> {
        let rules = self.rules();
        let mut roster = Roster::new();
        for usergroup in rules.policy.usergroups() {
            let members = self.ports.directory.usergroup(&usergroup, freshness).await?;
            roster.insert(usergroup, members);
        }
        let freezes = self.freezes(freshness).await?;
        if roster == rules.policy.roster && freezes == rules.policy.freezes {
            return Ok(rules);
        }
        let fresh = Arc::new(rules.as_of(roster, freezes));
        let mut in_force = self.rules.write().unwrap_or_else(PoisonError::into_inner);
        // A reload that came meanwhile stays in force; this decision is still made by the rules that it began with.
        if Arc::ptr_eq(&in_force, &rules) {
            *in_force = Arc::clone(&fresh);
        }
        Ok(fresh)
    }

    /// What is frozen by hand. The last look before the work asks anew, also where an answer is remembered: another
    /// process may have said a moment ago that nothing is to be touched.
    pub(super) async fn freezes(&self, freshness: Freshness) -> Result<Vec<Freeze>, Failure> {
        if freshness == Freshness::Now {
            self.ports.freezes.refresh(self.now()).await?;
        }
        Ok(self.ports.freezes.standing(self.now()).await?)
    }
}
