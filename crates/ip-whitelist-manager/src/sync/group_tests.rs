use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::domain::Rules;
use crate::ports::Firewall;
use crate::sandbox::SandboxFirewall;
use crate::sync::tests::{World, group, row, world};

use super::*;

/// The sandbox, where something happens whenever a call wants to write.
struct Meddled<F> {
    firewall: Arc<SandboxFirewall>,
    writes: AtomicUsize,
    /// Told which write this is, and of which group; may do something, or refuse the call.
    meddle: F,
}

impl<F: Fn(usize, &GroupId) -> Result<(), FirewallError>> Meddled<F> {
    fn write(&self, group: &GroupId) -> Result<(), FirewallError> {
        (self.meddle)(self.writes.fetch_add(1, Ordering::Relaxed), group)
    }
}

#[async_trait::async_trait]
impl<F: Fn(usize, &GroupId) -> Result<(), FirewallError> + Send + Sync> Firewall for Meddled<F> {
    async fn groups(&self) -> Result<Vec<Group>, FirewallError> {
        self.firewall.groups().await
    }

    async fn rules(&self, groups: &[GroupId]) -> Result<BTreeMap<GroupId, Rules>, FirewallError> {
        self.firewall.rules(groups).await
    }

    async fn strays(&self, groups: &[GroupId]) -> Result<BTreeMap<GroupId, Vec<Rule>>, FirewallError> {
        self.firewall.strays(groups).await
    }

    async fn authorise(&self, group: &GroupId, rules: &[Wanted]) -> Result<(), FirewallError> {
        self.write(group)?;
        self.firewall.authorise(group, rules).await
    }

    async fn revoke(&self, group: &GroupId, rules: &[RuleId]) -> Result<(), FirewallError> {
        self.write(group)?;
        self.firewall.revoke(group, rules).await
    }
}

fn meddled<F: Fn(usize, &GroupId) -> Result<(), FirewallError>>(w: &World, meddle: F) -> Arc<Meddled<F>> {
    Arc::new(Meddled { firewall: Arc::clone(&w.firewall), writes: AtomicUsize::new(0), meddle })
}

/// What became of a reconcile in which something happens at each write, and how many writes there were.
async fn reconciled(
    w: &World,
    meddle: impl Fn(usize, &GroupId) -> Result<(), FirewallError> + Send + Sync + 'static,
) -> (Synced, usize) {
    let firewall = meddled(w, meddle);
    let whitelist = Whitelist { firewall: Arc::clone(&firewall) as _, ..w.whitelist.clone() };
    let mut work = pin!(whitelist.reconcile(None));
    let synced = loop {
        tokio::select! {
            biased;
            synced = &mut work => break synced.unwrap(),
            () = tokio::task::yield_now() => if let Some(next) = w.clock.next_wake() { w.clock.set(next) },
        }
    };
    (synced, firewall.writes.load(Ordering::Relaxed))
}

/// A hundred and twenty networks, in a group that has room for them.
fn many() -> World {
    let w = world();
    w.firewall.add_group(Group { limit: 1000, ..group("sg-qa", &["qa"]) });
    for number in 0..120 {
        w.table.put(row(&format!("1.2.3.{number}/32"), "qa"));
    }
    w
}

fn rules_of_qa(w: &World) -> Rules {
    w.firewall.snapshot().into_iter().find(|(group, _)| group.id.as_str() == "sg-qa").unwrap().1
}

fn added(synced: &Synced) -> usize {
    synced.groups.iter().map(|group| group.authorised.len()).sum()
}

#[tokio::test]
async fn a_group_that_is_full_for_one_family_has_room_for_the_other() {
    let w = world();
    for number in 0..5 {
        w.table.put(row(&format!("1.2.3.{number}/32"), "prod"));
    }
    w.table.put(row("2001:db8::1/128", "prod"));
    let synced = w.whitelist.reconcile(None).await.unwrap();
    assert_eq!(
        w.rules(),
        "sg-dev: ; sg-shared: 1.2.3.0/32 1.2.3.1/32 1.2.3.2/32 2001:db8::1/128",
        "as many as fit"
    );
    assert_eq!(synced.groups[0].trouble, Some(Trouble::Full));
}

#[tokio::test]
async fn a_rule_that_comes_meanwhile_costs_a_few_calls_and_stops_no_other() {
    let w = many();
    let firewall = Arc::clone(&w.firewall);
    let (synced, writes) = reconciled(&w, move |_, group| {
        firewall.add_foreign(group, ("1.2.3.77/32".parse().unwrap(), 443));
        Ok(())
    })
    .await;
    assert_eq!((added(&synced), synced.groups[0].foreign.len()), (119, 1));
    assert_eq!(synced.groups[0].trouble, None);
    assert!(writes < 20, "{writes}");
}

#[tokio::test]
async fn a_rule_that_goes_meanwhile_stops_no_other() {
    let w = many();
    w.whitelist.reconcile(None).await.unwrap();
    for row in w.table.rows() {
        w.table.delete(&row.ip_address, &row.environment);
    }
    let gone = rules_of_qa(&w).list[50].id.clone();
    let firewall = Arc::clone(&w.firewall);
    let (synced, writes) = reconciled(&w, move |_, group| {
        firewall.remove_rule(group, &gone);
        Ok(())
    })
    .await;
    assert_eq!((synced.groups[0].revoked.len(), synced.groups[0].trouble), (119, None));
    assert!(w.firewall.snapshot().iter().all(|(_, rules)| rules.list.is_empty()));
    assert!(writes < 20, "{writes}");
}

#[tokio::test]
async fn a_group_that_asks_for_pauses_is_left_alone_after_some_and_the_others_are_not() {
    let w = many();
    w.whitelist.reconcile(None).await.unwrap();
    for number in 0..10 {
        w.table.delete(&format!("1.2.3.{number}/32"), "qa");
        w.table.put(row(&format!("8.8.8.{number}/32"), "qa"));
    }
    w.table.put(row("1.2.3.4/32", "dev"));
    let (synced, writes) = reconciled(&w, |_, group| match group.as_str() {
        "sg-qa" => Err(FirewallError::Throttled("on purpose".into())),
        _ => Ok(()),
    })
    .await;
    let qa = synced.groups.iter().find(|done| done.group.id.as_str() == "sg-qa").unwrap();
    assert_eq!((qa.trouble, qa.authorised.len()), (Some(Trouble::Throttled), 0));
    assert!(synced.is_to_be_tried_again());
    assert_eq!(writes, 4 + 2, "four attempts, and a call for each of the two others");
    assert!(w.rules().contains("sg-dev: 1.2.3.4/32; "));
    let behind: Vec<String> = w.told().into_iter().filter(|told| !told.starts_with("added")).collect();
    assert_eq!(behind, ["behind sg-qa: EC2 asks for a pause; it is tried again"]);
}

#[tokio::test]
async fn a_short_pause_is_waited_for() {
    let w = many();
    let (synced, writes) =
        reconciled(
            &w,
            |write, _| if write < 3 { Err(FirewallError::Throttled("on purpose".into())) } else { Ok(()) },
        )
        .await;
    assert_eq!((added(&synced), synced.groups[0].trouble, writes), (120, None, 4));
}

#[tokio::test]
async fn a_group_that_is_deleted_meanwhile_is_said_in_the_result_alone() {
    let w = many();
    w.table.put(row("1.2.3.4/32", "dev"));
    let firewall = Arc::clone(&w.firewall);
    let (synced, _) = reconciled(&w, move |_, _| {
        firewall.delete_group(&GroupId::new("sg-qa"));
        Ok(())
    })
    .await;
    let qa = synced.groups.iter().find(|done| done.group.id.as_str() == "sg-qa").unwrap();
    assert_eq!(qa.trouble, Some(Trouble::Gone));
    assert!(!synced.is_to_be_tried_again());
    assert!(w.rules().contains("sg-dev: 1.2.3.4/32; "));
    assert_eq!(w.told(), ["added 1.2.3.4/32"]);
}

#[tokio::test]
async fn who_may_not_asks_once_and_what_is_lost_is_tried_again() {
    let w = many();
    let (synced, writes) = reconciled(&w, |_, _| Err(FirewallError::Denied("on purpose".into()))).await;
    assert_eq!((synced.groups[0].trouble, writes), (Some(Trouble::Denied), 1));
    assert!(!synced.is_to_be_tried_again());
    let (synced, _) = reconciled(&w, |_, _| Err(FirewallError::Failed("on purpose".into()))).await;
    assert_eq!(synced.groups[0].trouble, Some(Trouble::Failed));
    assert!(synced.is_to_be_tried_again());
}

/// The same whitelist, where this group loses its first call.
fn losing(w: &World, group: &'static str) -> Whitelist {
    let lost = std::sync::atomic::AtomicBool::new(false);
    let firewall = meddled(w, move |_, id: &GroupId| {
        match id.as_str() == group && !lost.swap(true, Ordering::Relaxed) {
            true => Err(FirewallError::Failed("on purpose".into())),
            false => Ok(()),
        }
    });
    Whitelist { firewall, ..w.whitelist.clone() }
}

#[tokio::test]
async fn people_are_told_once_of_what_took_two_attempts() {
    let w = world();
    w.table.put(row("1.2.3.4/32", "dev"));
    let (whitelist, records) = (losing(&w, "sg-shared"), w.table.take_records());
    assert_eq!(whitelist.handle(&records).await, ["1"]);
    assert_eq!(w.rules(), "sg-dev: 1.2.3.4/32; sg-shared: ");
    assert!(whitelist.handle(&records).await.is_empty());
    assert_eq!(w.rules(), "sg-dev: 1.2.3.4/32; sg-shared: 1.2.3.4/32");
    let behind = "behind sg-shared: EC2 did not answer as it should; it is tried again";
    assert_eq!(w.told(), [behind, "added 1.2.3.4/32"]);
}

#[tokio::test]
async fn a_row_stays_until_all_that_it_opened_is_shut() {
    let w = world();
    w.table.put(row("1.2.3.4/32", "dev"));
    w.stream().await;
    w.told();
    w.clock.advance(SignedDuration::from_hours(8 * 24));
    let whitelist = losing(&w, "sg-shared");
    assert_eq!(whitelist.sweep().await.unwrap().expired, 0);
    assert_eq!((w.rules().as_str(), w.table.rows().len()), ("sg-dev: ; sg-shared: 1.2.3.4/32", 1));
    assert_eq!(whitelist.sweep().await.unwrap().expired, 1);
    assert_eq!((w.rules().as_str(), w.table.rows().len()), ("sg-dev: ; sg-shared: ", 0));
    assert_eq!(w.told().last().unwrap(), "expired 1.2.3.4/32");
}

#[tokio::test]
async fn a_row_stays_while_nobody_may_shut_what_it_opened() {
    let w = world();
    w.table.put(row("1.2.3.4/32", "dev"));
    w.stream().await;
    w.told();
    w.clock.advance(SignedDuration::from_hours(8 * 24));
    let denied = |_: usize, _: &GroupId| Err(FirewallError::Denied("on purpose".into()));
    let whitelist = Whitelist { firewall: meddled(&w, denied), ..w.whitelist.clone() };
    assert_eq!(whitelist.sweep().await.unwrap().expired, 0);
    assert_eq!(w.table.rows().len(), 1);
    assert!(w.told().iter().all(|told| told.starts_with("behind")), "nobody is told that it is shut");
}

#[tokio::test]
async fn a_row_stays_while_a_group_without_its_tags_cannot_be_shut() {
    let w = world();
    w.table.put(row("1.2.3.4/32", "dev"));
    w.stream().await;
    w.firewall.untag(&GroupId::new("sg-shared"));
    w.told();
    w.clock.advance(SignedDuration::from_hours(8 * 24));
    let denied = |_: usize, group: &GroupId| match group.as_str() {
        "sg-shared" => Err(FirewallError::Denied("on purpose".into())),
        _ => Ok(()),
    };
    let whitelist = Whitelist { firewall: meddled(&w, denied), ..w.whitelist.clone() };
    assert_eq!(whitelist.sweep().await.unwrap().expired, 0);
    assert_eq!((w.rules().as_str(), w.table.rows().len()), ("sg-dev: ", 1));
    assert!(
        w.told().iter().all(|told| told.starts_with("behind sg-shared")),
        "nobody is told that it is shut"
    );
    assert_eq!(w.whitelist.sweep().await.unwrap().expired, 1, "whoever may shut it ends it");
}
