use countersign_core::ids::{ChannelId, OperationId, PersonId};
use countersign_core::plan::{Fixed, Plan};
use countersign_core::policy::Refusal;
use countersign_engine::memory::FakeClock;
use countersign_engine::ports::{Applied, Clock as _, Run, RunbookError};
use countersign_runbooks::service::Ask;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::*;
use crate::domain::{ANY_PORT, Environment, Family, Group, GroupId, Row, Terms};
use crate::ports::{Cause, Notice, Notices};
use crate::sandbox::{self, SandboxFirewall, SandboxTable};
use crate::sync::Whitelist;

struct Nobody;

#[async_trait::async_trait]
impl Notices for Nobody {
    async fn tell(&self, _notice: &Notice) -> Result<(), Cause> {
        Ok(())
    }
}

struct World {
    table: Arc<SandboxTable>,
    firewall: Arc<SandboxFirewall>,
    clock: Arc<FakeClock>,
    office: Office,
}

fn world() -> World {
    let (table, firewall) = (Arc::new(SandboxTable::default()), Arc::new(sandbox::demo()));
    let clock = Arc::new(FakeClock::at("2026-11-20T09:00:00Z".parse().unwrap()));
    let whitelist = Whitelist {
        table: Arc::clone(&table) as _,
        firewall: Arc::clone(&firewall) as _,
        notices: Arc::new(Nobody),
        clock: Arc::clone(&clock) as _,
        terms: Terms::default(),
    };
    let by_channel = [(ChannelId::new("C-PROD"), Environment::new("prod"))].into();
    let default_environment = Some(Environment::new("dev"));
    let office = Office { whitelist, default_environment, by_channel, most_per_person: 2 };
    World { table, firewall, clock, office }
}

impl World {
    fn ask(&self, others: u8, args: Value) -> Ask {
        let fixed = Fixed::from([
            ("now".to_owned(), json!(self.clock.now())),
            ("operation".to_owned(), json!(OperationId::from_parts(1, 1).to_string())),
        ]);
        Ask {
            command: "whitelist".to_owned(),
            person: PersonId::new("T1", "U1"),
            name: "ana".to_owned(),
            channel: ChannelId::new("C1"),
            args,
            others,
            fixed,
        }
    }

    async fn plan(&self, which: &str, args: Value) -> Result<Plan, String> {
        self.plan_for(which, &self.ask(0, args)).await
    }

    async fn plan_for(&self, which: &str, ask: &Ask) -> Result<Plan, String> {
        services(&self.office)[which].plan(ask).await.map_err(sentence)
    }

    async fn apply(&self, which: &str, ask: &Ask, plan: &Plan) -> Result<String, String> {
        self.attempt(which, (ask, plan), 1).await
    }

    async fn attempt(&self, which: &str, (ask, plan): (&Ask, &Plan), fence: u64) -> Result<String, String> {
        let operation = OperationId::from_parts(1, 1);
        let run = Run { operation: &operation, fence, plan, state: None, now: self.clock.now() };
        match services(&self.office)[which].apply(ask, run).await {
            Ok(Applied::Done(report)) => Ok(report.summary),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(sentence(error)),
        }
    }

    /// Plans and applies.
    async fn does(&self, which: &str, args: Value) -> Result<String, String> {
        let ask = self.ask(0, args);
        let plan = self.plan_for(which, &ask).await?;
        self.apply(which, &ask, &plan).await
    }
}

fn sentence(error: RunbookError) -> String {
    match error {
        RunbookError::Refused(Refusal::Blocked { sentence }) => sentence,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_wide_network_is_neither_added_nor_kept_longer_by_its_caller_alone() {
    let w = world();
    let wide = json!({ "ip": "8.8.0.0/16" });
    insta::assert_snapshot!(w.plan("whitelist.add", wide.clone()).await.unwrap_err(), @"8.8.0.0/16 is wider than /24 (or /48 for IPv6), and this command asks nobody else to sign. Give a smaller network, or let an administrator add more signatures for wide ones to the command.");
    let signed = w.ask(1, wide.clone());
    let plan = w.plan_for("whitelist.add", &signed).await.unwrap();
    w.apply("whitelist.add", &signed, &plan).await.unwrap();
    insta::assert_snapshot!(w.plan("whitelist.extend", wide.clone()).await.unwrap_err(), @"8.8.0.0/16 is wider than /24 (or /48 for IPv6), and this command asks nobody else to sign. Give a smaller network, or let an administrator add more signatures for wide ones to the command.");
    assert!(w.plan_for("whitelist.extend", &w.ask(1, wide)).await.is_ok());
}

#[tokio::test]
async fn the_environment_is_the_sentences_the_channels_or_the_usual_one() {
    let mut w = world();
    let title = |plan: Plan| plan.steps[0].title.clone();
    let ip = json!({ "ip": "203.0.113.7/32" });
    assert_eq!(
        title(w.plan("whitelist.add", ip.clone()).await.unwrap()),
        "Let 203.0.113.7/32 through to dev"
    );
    let there = Ask { channel: ChannelId::new("C-PROD"), ..w.ask(0, ip.clone()) };
    assert_eq!(
        title(w.plan_for("whitelist.add", &there).await.unwrap()),
        "Let 203.0.113.7/32 through to prod"
    );
    let named = json!({ "ip": "203.0.113.7/32", "environment": "qa" });
    insta::assert_snapshot!(w.plan("whitelist.add", named).await.unwrap_err(), @"No security group belongs to the environment `qa`; there are groups for dev, prod, staging.");
    w.office.default_environment = None;
    insta::assert_snapshot!(w.plan("whitelist.add", ip.clone()).await.unwrap_err(), @"Say which environment is meant, at the end of the sentence: dev, prod, staging.");
    w.office.default_environment = Some(Environment::new("dev"));
    for (group, _) in w.firewall.snapshot() {
        w.firewall.delete_group(&group.id);
    }
    insta::assert_snapshot!(w.plan("whitelist.add", ip).await.unwrap_err(), @"No security group follows the whitelist yet. Tag one with WhitelistManaged = true and with its Environment.");
}

#[tokio::test]
async fn nobody_has_more_than_their_share() {
    let w = world();
    for ip in ["203.0.113.7/32", "203.0.113.8/32"] {
        w.does("whitelist.add", json!({ "ip": ip })).await.unwrap();
    }
    insta::assert_snapshot!(w.plan("whitelist.add", json!({ "ip": "203.0.113.9/32" })).await.unwrap_err(), @"You have 2 entries in dev, and nobody may have more. `whitelist mine` shows yours; remove one that you no longer need.");
    w.clock.advance(SignedDuration::from_hours(8 * 24));
    assert!(
        w.plan("whitelist.add", json!({ "ip": "203.0.113.9/32" })).await.is_ok(),
        "what is over is no entry"
    );
}

#[tokio::test]
async fn an_extension_has_an_end_too() {
    let w = world();
    let ip = json!({ "ip": "203.0.113.7/32", "duration": 29 * 86_400 });
    w.does("whitelist.add", ip.clone()).await.unwrap();
    insta::assert_snapshot!(w.plan("whitelist.extend", ip).await.unwrap_err(), @"That would be more than 30 days from now. It can be extended to 2026-12-20 09:00 UTC at most.");
    let longer = json!({ "ip": "203.0.113.7/32", "duration": 86_400 });
    insta::assert_snapshot!(w.does("whitelist.extend", longer).await.unwrap(), @"203.0.113.7/32 stays on the whitelist of dev until 2026-12-20 09:00 UTC.");
}

#[tokio::test]
async fn what_is_not_there_is_said_with_where_it_is() {
    let w = world();
    w.does("whitelist.add", json!({ "ip": "203.0.113.7/32", "environment": "prod" })).await.unwrap();
    let here = json!({ "ip": "203.0.113.7/32" });
    insta::assert_snapshot!(w.plan("whitelist.remove", here).await.unwrap_err(), @"203.0.113.7/32 is not on the whitelist of dev, but on that of prod. Name that environment.");
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_not_overwritten() {
    let w = world();
    let ask = w.ask(0, json!({ "ip": "203.0.113.7/32" }));
    let plan = w.plan_for("whitelist.add", &ask).await.unwrap();
    let (added_at, expires_at) = (Some(w.clock.now().as_second()), Some(w.clock.now().as_second() + 3600));
    let (ip_address, environment) = ("203.0.113.7/32".to_owned(), "dev".to_owned());
    w.table.put(Row { ip_address, environment, added_at, expires_at, ..Row::default() });
    insta::assert_snapshot!(w.apply("whitelist.add", &ask, &plan).await.unwrap_err(), @"Somebody else changed 203.0.113.7/32 at the same moment, and nothing was done here. Say it again to see how it stands.");
    assert_eq!(w.table.rows()[0].person, None);
}

#[tokio::test]
async fn a_run_that_was_interrupted_after_its_write_is_done_once() {
    let w = world();
    let ask = w.ask(0, json!({ "ip": "203.0.113.7/32" }));
    let plan = w.plan_for("whitelist.add", &ask).await.unwrap();
    let first = w.apply("whitelist.add", &ask, &plan).await.unwrap();
    assert_eq!(w.apply("whitelist.add", &ask, &plan).await.unwrap(), first);
    assert_eq!(w.table.rows().len(), 1);
    let gone = w.ask(0, json!({ "ip": "203.0.113.7/32" }));
    let plan = w.plan_for("whitelist.remove", &gone).await.unwrap();
    let first = w.apply("whitelist.remove", &gone, &plan).await.unwrap();
    assert_eq!(w.apply("whitelist.remove", &gone, &plan).await.unwrap(), first);
}

#[tokio::test]
async fn what_was_removed_after_an_interrupted_run_does_not_come_back() {
    let w = world();
    let ask = w.ask(0, json!({ "ip": "203.0.113.7/32" }));
    let plan = w.plan_for("whitelist.add", &ask).await.unwrap();
    let first = w.attempt("whitelist.add", (&ask, &plan), 1).await.unwrap();
    assert_eq!(w.attempt("whitelist.add", (&ask, &plan), 2).await.unwrap(), first, "it is there still");
    w.table.delete("203.0.113.7/32", "dev");
    let again = w.attempt("whitelist.add", (&ask, &plan), 2).await.unwrap_err();
    insta::assert_snapshot!(again, @"Somebody else changed 203.0.113.7/32 at the same moment, and nothing was done here. Say it again to see how it stands.");
    assert!(w.table.rows().is_empty());
}

#[tokio::test]
async fn a_group_that_stays_behind_is_named() {
    let w = world();
    let ask = w.ask(0, json!({ "ip": "203.0.113.7/32", "environment": "staging" }));
    let plan = w.plan_for("whitelist.add", &ask).await.unwrap();
    for number in 0..60 {
        let place = (format!("8.8.4.{number}/32").parse().unwrap(), 443);
        w.firewall.add_foreign(&GroupId::new("sg-0d0a1b0000000002"), place);
    }
    insta::assert_snapshot!(w.apply("whitelist.add", &ask, &plan).await.unwrap(), @"203.0.113.7/32 is on the whitelist of staging until 2026-11-27 09:00 UTC. Not in staging-web (sg-0d0a1b0000000002): it has as many rules as it may have; remove entries, or ask AWS for a higher quota.");
}

#[tokio::test]
async fn a_rule_of_somebody_else_is_said_before_one_signs() {
    let w = world();
    let plan = w.plan("whitelist.add", json!({ "ip": "198.51.100.0/24" })).await.unwrap();
    insta::assert_snapshot!(plan.warnings.join("\n"), @"
    dev-web (sg-0d0a1b0000000001) lets it through already, by a rule that somebody else made: that one stays whatever happens here.
    shared-database (sg-0d0a1b0000000004) is shared by dev, staging: whoever it lets through reaches all of them.
    ");
}

#[tokio::test]
async fn a_prefix_list_is_shown_as_one() {
    let w = world();
    let id = GroupId::new("pl-0d0a1b0000000001");
    let environments = [Environment::new("dev")].into();
    let (ports, family) = ([ANY_PORT].into(), Some(Family::V4));
    w.firewall.add_group(Group { id, name: "offices".to_owned(), environments, ports, family, limit: 100 });
    let plan = w.plan("whitelist.add", json!({ "ip": "203.0.113.7/32" })).await.unwrap();
    let step = plan.steps.iter().find(|step| step.title.contains("offices")).unwrap();
    let changes: Vec<String> = step
        .changes
        .iter()
        .map(|change| format!("{:?} {} {:?}", change.of, change.field, change.after))
        .collect();
    insta::assert_snapshot!(format!("{}\n{}", step.title, changes.join("\n")), @r#"
    Prefix list offices (pl-0d0a1b0000000001)
    Some("203.0.113.7/32") in the list Some("allowed")
    None IPv4 rules Some("1 of 100")
    "#);
}
