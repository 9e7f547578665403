//! Two processes at once: a change of the table that comes between another one's reading and its writing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use super::tests::{World, row, world};
use super::*;
use crate::domain::{GroupId, RuleId, Wanted};
use crate::sandbox::{SandboxFirewall, SandboxTable};

/// What somebody else does to the table.
type Act = Box<dyn FnOnce(&SandboxTable) + Send>;

/// The sandbox's groups, where somebody else acts in the moment before a call writes.
struct Overtaken {
    firewall: Arc<SandboxFirewall>,
    table: Arc<SandboxTable>,
    other: Whitelist,
    /// What the other one writes to the table, once.
    act: Mutex<Option<Act>>,
}

impl Overtaken {
    async fn overtake(&self) {
        let act = self.act.lock().unwrap().take();
        if let Some(act) = act {
            act(&self.table);
            self.other.handle(&self.table.take_records()).await;
        }
    }
}

#[async_trait::async_trait]
impl Firewall for Overtaken {
    async fn groups(&self) -> Result<Vec<Group>, FirewallError> {
        self.firewall.groups().await
    }

    async fn rules(&self, groups: &[GroupId]) -> Result<BTreeMap<GroupId, Rules>, FirewallError> {
        self.firewall.rules(groups).await
    }

    async fn authorise(&self, group: &GroupId, rules: &[Wanted]) -> Result<(), FirewallError> {
        self.overtake().await;
        self.firewall.authorise(group, rules).await
    }

    async fn revoke(&self, group: &GroupId, rules: &[RuleId]) -> Result<(), FirewallError> {
        self.overtake().await;
        self.firewall.revoke(group, rules).await
    }
}

/// A process whose first write is overtaken by another one that follows a change of the table.
fn overtaken(w: &World, act: impl FnOnce(&SandboxTable) + Send + 'static) -> Whitelist {
    let (firewall, table) = (Arc::clone(&w.firewall), Arc::clone(&w.table));
    let act: Act = Box::new(act);
    let firewall = Overtaken { firewall, table, other: w.whitelist.clone(), act: Mutex::new(Some(act)) };
    Whitelist { firewall: Arc::new(firewall), ..w.whitelist.clone() }
}

fn key() -> BTreeSet<String> {
    ["1.2.3.4/32".to_owned()].into()
}

#[tokio::test]
async fn what_is_removed_while_it_is_opened_is_shut_again() {
    let w = world();
    w.table.put(row("1.2.3.4/32", "dev"));
    overtaken(&w, |table| table.delete("1.2.3.4/32", "dev")).sync(&key()).await.unwrap();
    assert_eq!(w.rules(), "sg-dev: ; sg-shared: ");
}

#[tokio::test]
async fn what_is_added_while_it_is_shut_is_opened_again() {
    let w = world();
    w.table.put(row("1.2.3.4/32", "dev"));
    w.stream().await;
    w.table.delete("1.2.3.4/32", "dev");
    overtaken(&w, |table| table.put(row("1.2.3.4/32", "dev"))).sync(&key()).await.unwrap();
    assert_eq!(w.rules(), "sg-dev: 1.2.3.4/32; sg-shared: 1.2.3.4/32");
}

#[tokio::test]
async fn a_comparison_of_everything_is_no_exception() {
    let w = world();
    w.table.put(row("1.2.3.4/32", "dev"));
    w.table.put(row("5.6.7.8/32", "prod"));
    overtaken(&w, |table| table.delete("1.2.3.4/32", "dev")).reconcile(None).await.unwrap();
    assert_eq!(w.rules(), "sg-dev: ; sg-shared: 5.6.7.8/32");
    w.table.delete("5.6.7.8/32", "prod");
    overtaken(&w, |table| table.put(row("5.6.7.8/32", "prod"))).reconcile(None).await.unwrap();
    assert_eq!(w.rules(), "sg-dev: ; sg-shared: 5.6.7.8/32");
}
