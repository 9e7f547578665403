//! Random histories of the whitelist: whatever happens to rows, rules, groups and records, in the end the rules that
//! exist are those that should, no rule of somebody else was ever touched, and no bad row ever opened anything.
//!
//! `cargo test` runs two thousand; `HISTORIES=100000 cargo test --release -p ip-whitelist-manager --test histories`
//! runs as many as it says.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod faulty;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use countersign_engine::ports::{BoxFuture, Clock};
use faulty::{Chance, FaultyFirewall, FaultyTable};
use ip_whitelist_manager::Whitelist;
use ip_whitelist_manager::domain::{Cidr, Environment, Group, GroupId, Owner, Port, Row, RuleId, Terms};
use ip_whitelist_manager::ports::{Cause, Firewall as _, Notice, Notices, Table as _};
use ip_whitelist_manager::sandbox::{SandboxFirewall, SandboxTable};
use ip_whitelist_manager::stream::Record;
use jiff::{SignedDuration, Timestamp};
use std::sync::Mutex;

const BEGINNING: i64 = 1_800_000_000;
const NETWORKS: [&str; 6] =
    ["1.2.3.4/32", "5.6.7.0/24", "2001:db8::1/128", "8.8.8.8/32", "8.8.4.4/32", "2001:db8:1::/48"];
const BAD: [&str; 5] = ["1.2.3.4", "10.0.0.1/32", "0.0.0.0/0", "8.8.0.0/16", "what?"];
const ENVIRONMENTS: [&str; 3] = ["dev", "staging", "prod"];

/// A clock on which waiting takes no time of ours.
struct Impatient(Mutex<Timestamp>);

impl Clock for Impatient {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn sleep_until(&self, when: Timestamp) -> BoxFuture<'static, ()> {
        let mut now = self.0.lock().unwrap();
        *now = when.max(*now);
        Box::pin(std::future::ready(()))
    }
}

struct Nobody;

#[async_trait]
impl Notices for Nobody {
    async fn tell(&self, _notice: &Notice) -> Result<(), Cause> {
        Ok(())
    }
}

struct World {
    chance: Arc<Chance>,
    table: Arc<SandboxTable>,
    firewall: Arc<SandboxFirewall>,
    clock: Arc<Impatient>,
    whitelist: Whitelist,
    /// Records that the stream has not handed over yet.
    pending: Vec<Record>,
    foreign: BTreeSet<(GroupId, RuleId)>,
}

impl World {
    fn new(seed: u64) -> Self {
        let chance = Arc::new(Chance::new(seed));
        let (table, firewall) = (Arc::new(SandboxTable::default()), Arc::new(SandboxFirewall::default()));
        let clock = Arc::new(Impatient(Mutex::new(Timestamp::from_second(BEGINNING).unwrap())));
        for (id, environments, ports) in [
            ("sg-dev", &["dev"][..], &[443, 22][..]),
            ("sg-staging", &["staging"], &[443]),
            ("sg-prod", &["prod"], &[443]),
            ("sg-shared", &["dev", "staging"], &[5432]),
        ] {
            firewall.add_group(Group {
                id: GroupId::new(id),
                name: String::new(),
                environments: environments.iter().map(|name| Environment::new(*name)).collect(),
                ports: ports.iter().copied().collect(),
                limit: 60,
            });
        }
        let whitelist = Whitelist {
            table: Arc::new(FaultyTable { table: Arc::clone(&table), chance: Arc::clone(&chance) }),
            firewall: Arc::new(FaultyFirewall {
                firewall: Arc::clone(&firewall),
                chance: Arc::clone(&chance),
            }),
            notices: Arc::new(Nobody),
            clock: Arc::clone(&clock) as _,
            terms: Terms::default(),
        };
        Self { chance, table, firewall, clock, whitelist, pending: Vec::new(), foreign: BTreeSet::new() }
    }

    fn row(&self) -> Row {
        let now = self.clock.now().as_second();
        let ip_address =
            if self.chance.of(8) == 0 { self.chance.one(&BAD) } else { self.chance.one(&NETWORKS) };
        let lasts = [600, 3_600, 86_400, 31 * 86_400, -5];
        Row {
            ip_address: (*ip_address).to_owned(),
            environment: (*self.chance.one(&ENVIRONMENTS)).to_owned(),
            added_at: Some(now),
            expires_at: (self.chance.of(20) > 0).then(|| now + self.chance.one(&lasts)),
            ..Row::default()
        }
    }

    async fn step(&mut self) {
        match self.chance.of(16) {
            0..=3 => self.table.put(self.row()),
            4 => self.change_one(|row, now| row.expires_at = Some(now + 7_200)).await,
            5 | 6 => {
                let rows = self.table.rows();
                if let Some(row) = self.chance.maybe(&rows) {
                    self.table.delete(&row.ip_address, &row.environment);
                }
            }
            7 => self.foreign_rule(),
            8 => {
                // Somebody takes away a rule of ours.
                let rules = self.ours();
                if let Some((group, rule)) = self.chance.maybe(&rules) {
                    self.firewall.remove_rule(group, rule);
                }
            }
            9 => self.table.time_to_live(self.clock.now()),
            10 => {
                let by = SignedDuration::from_secs(i64::try_from(self.chance.of(5_000)).unwrap());
                *self.clock.0.lock().unwrap() += by;
            }
            11 => drop(self.whitelist.sweep().await),
            12 => drop(self.whitelist.reconcile(None).await),
            13 if self.chance.of(40) == 0 => self.firewall.delete_group(&GroupId::new("sg-staging")),
            _ => self.deliver().await,
        }
    }

    /// A command: reads a row, writes it if nobody else did, and syncs.
    async fn change_one(&self, change: impl FnOnce(&mut Row, i64)) {
        let rows = self.table.rows();
        let Some(row) = self.chance.maybe(&rows) else { return };
        let mut new = row.clone();
        change(&mut new, self.clock.now().as_second());
        if self.table.save(&new, Some(row)).await.is_ok() {
            let _ = self.whitelist.sync(&BTreeSet::from([new.ip_address])).await;
        }
    }

    fn foreign_rule(&mut self) {
        let group = GroupId::new(*self.chance.one(&["sg-dev", "sg-prod", "sg-shared"]));
        let place: (Cidr, Port) =
            (self.chance.one(&NETWORKS).parse().unwrap(), *self.chance.one(&[443, 80, 5432]));
        if let Some(rule) = self.firewall.add_foreign(&group, place) {
            self.foreign.insert((group, rule));
        }
    }

    /// The stream hands over some records, perhaps not the first ones, perhaps twice, perhaps never.
    async fn deliver(&mut self) {
        self.pending.extend(self.table.take_records());
        if self.pending.is_empty() {
            return;
        }
        let number = 1 + self.chance.of(self.pending.len());
        let batch: Vec<Record> = self.pending.iter().take(number).cloned().collect();
        let failed = self.whitelist.handle(&batch).await;
        match self.chance.of(6) {
            0 => {}
            1 => self.pending.reverse(),
            2 => drop(self.pending.drain(..number)),
            _ => self.pending.retain(|record| !batch.contains(record) || failed.contains(&record.sequence)),
        }
    }

    fn ours(&self) -> Vec<(GroupId, RuleId)> {
        self.rules(Owner::Ours).into_iter().map(|(group, rule, _)| (group, rule)).collect()
    }

    fn rules(&self, owner: Owner) -> Vec<(GroupId, RuleId, Cidr)> {
        let groups = self.firewall.snapshot().into_iter();
        groups
            .flat_map(|(group, rules)| {
                let list = rules.list.into_iter().filter(move |rule| rule.owner == owner);
                list.map(move |rule| (group.id.clone(), rule.id, rule.cidr))
            })
            .collect()
    }

    /// What must hold at every moment.
    fn check(&self, seed: u64) {
        let there: BTreeSet<_> =
            self.rules(Owner::Foreign).into_iter().map(|(group, rule, _)| (group, rule)).collect();
        let expected: BTreeSet<_> =
            self.foreign.iter().filter(|(group, _)| self.exists(group)).cloned().collect();
        assert_eq!(there, expected, "seed {seed}: a rule of somebody else was touched");
        let opened: BTreeSet<Cidr> = self.rules(Owner::Ours).into_iter().map(|(_, _, cidr)| cidr).collect();
        let good: BTreeSet<Cidr> = NETWORKS.iter().map(|network| network.parse().unwrap()).collect();
        assert!(opened.is_subset(&good), "seed {seed}: a bad row was let through: {opened:?}");
    }

    fn exists(&self, group: &GroupId) -> bool {
        self.firewall.snapshot().iter().any(|(one, _)| one.id == *group)
    }

    /// What must hold once everything has been tried again.
    async fn settle(&self, seed: u64) {
        self.chance.calm();
        self.whitelist.sweep().await.unwrap();
        self.whitelist.reconcile(None).await.unwrap();
        let now = self.clock.now();
        let walls = self.firewall.snapshot();
        let known: BTreeSet<Environment> =
            walls.iter().flat_map(|(group, _)| group.environments.clone()).collect();
        for (group, rules) in walls {
            let mut wanted: BTreeSet<(Cidr, Port)> = BTreeSet::new();
            for row in self.table.rows().iter().filter(|row| known.contains(&row.environment())) {
                let Ok(entry) = row.entry(&Terms::default(), now) else { continue };
                if group.environments.contains(&entry.environment) && entry.is_open(now) {
                    wanted.extend(group.ports.iter().map(|port| (entry.cidr, *port)));
                }
            }
            let of = |owner| -> BTreeSet<(Cidr, Port)> {
                let list = rules.list.iter().filter(move |rule| rule.owner == owner);
                list.filter_map(|rule| rule.place()).collect()
            };
            let (ours, foreign) = (of(Owner::Ours), of(Owner::Foreign));
            let expected: BTreeSet<_> = wanted.difference(&foreign).copied().collect();
            assert_eq!(ours, expected, "seed {seed}, {}: not in line", group.id);
        }
        let calls = self.firewall.calls();
        let again = self.whitelist.reconcile(None).await.unwrap();
        assert!(again.groups.iter().all(|group| group.authorised.is_empty() && group.revoked.is_empty()));
        assert_eq!(self.firewall.calls(), calls + 2, "seed {seed}: nothing is left to do");
        let _ = self.firewall.groups().await;
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how many histories is said by whoever runs this test alone")]
fn in_the_end_the_rules_are_those_that_should_be() {
    let histories = std::env::var("HISTORIES").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for seed in 0..histories {
        runtime.block_on(async {
            let mut world = World::new(seed);
            for _ in 0..40 {
                world.step().await;
                world.check(seed);
            }
            world.settle(seed).await;
        });
    }
}
