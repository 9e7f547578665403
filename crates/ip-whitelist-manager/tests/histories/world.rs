//! What happens in a history, and what must hold.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use countersign_engine::ports::{BoxFuture, Clock};
use ip_whitelist_manager::Whitelist;
use ip_whitelist_manager::domain::{Cidr, Environment, Group, GroupId, Owner, Port, Row, RuleId, Terms};
use ip_whitelist_manager::ports::{Cause, Firewall as _, Notice, Notices};
use ip_whitelist_manager::sandbox::{SandboxFirewall, SandboxTable};
use ip_whitelist_manager::stream::{Change, Record};
use jiff::{SignedDuration, Timestamp};

use crate::faulty::{Chance, FaultyFirewall, FaultyTable};

const BEGINNING: i64 = 1_800_000_000;
const NETWORKS: [&str; 6] =
    ["1.2.3.4/32", "5.6.7.0/24", "2001:db8::1/128", "8.8.8.8/32", "8.8.4.4/32", "2001:db8:1::/48"];
const BAD: [&str; 5] = ["1.2.3.4", "10.0.0.1/32", "0.0.0.0/0", "8.8.0.0/16", "what?"];
const ENVIRONMENTS: [&str; 4] = ["dev", "staging", "prod", "nowhere"];
const LASTS: [i64; 5] = [600, 3_600, 86_400, 31 * 86_400, -5];

/// A clock on which waiting takes no time of ours.
pub struct Impatient(Mutex<Timestamp>);

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

/// A place in a group: what a rule is about.
type Place = (GroupId, Cidr, Port);

/// When it is, every row, and every rule.
type Look = (Timestamp, Vec<Row>, BTreeSet<RuleId>);

pub struct World {
    pub chance: Arc<Chance>,
    pub table: Arc<SandboxTable>,
    pub firewall: Arc<SandboxFirewall>,
    clock: Arc<Impatient>,
    pub whitelist: Whitelist,
    /// Records that the stream has not handed over yet.
    pending: Vec<Record>,
    foreign: BTreeSet<(GroupId, RuleId)>,
}

impl World {
    pub fn new(chance: Chance) -> Self {
        let chance = Arc::new(chance);
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
                family: None,
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

    /// Anything at all.
    pub async fn happens(&mut self, seed: u64) {
        let before = self.look();
        match self.chance.of(12) {
            0 => self.somebody_takes_a_rule(),
            1 if self.chance.of(40) == 0 => self.firewall.delete_group(&GroupId::new("sg-staging")),
            1 if self.chance.of(40) == 0 => self.firewall.untag(&GroupId::new("sg-prod")),
            2 => {
                // Records that nobody ever sees.
                let number = self.chance.of(self.pending.len() + 1);
                self.pending.drain(..number);
            }
            3 => self.pending.reverse(),
            _ => self.anything_usual().await,
        }
        self.check(seed, before, Vec::new());
    }

    async fn anything_usual(&mut self) {
        match self.chance.of(8) {
            0 => self.a_foreign_rule_comes(),
            1 => self.time_passes(),
            2 => self.table.time_to_live(self.clock.now()),
            3 => self.records_come().await,
            4 | 5 => self.acts().await,
            6 => drop(tokio::join!(self.acts(), self.acts())),
            _ => drop(tokio::join!(self.acts(), self.acts(), self.acts())),
        }
    }

    /// What happens every day, and the stream follows at once, with each record once. Then everything is in line, whoever
    /// overtook whom.
    pub async fn goes_on(&mut self, seed: u64) {
        let before = self.look();
        match self.chance.of(6) {
            0 => self.a_foreign_rule_comes(),
            1 => {
                self.time_passes();
                self.whitelist.sweep().await.unwrap();
            }
            _ => {}
        }
        let busy = AtomicUsize::new(2);
        let acts = async || {
            for _ in 0..=self.chance.of(3) {
                self.acts().await;
            }
            busy.fetch_sub(1, Ordering::Relaxed);
        };
        let ((), (), handed) = tokio::join!(acts(), acts(), self.streams(&busy));
        self.check(seed, before, handed);
        self.pending.clear();
        self.is_in_line(seed);
    }

    /// Hands over what is written, as long as somebody is busy; what was handed over.
    async fn streams(&self, busy: &AtomicUsize) -> Vec<Record> {
        let mut handed = Vec::new();
        loop {
            // Asked before the records are: whoever is done has written all of his.
            let is_last = busy.load(Ordering::Relaxed) == 0;
            let records = self.table.take_records();
            if records.is_empty() && is_last {
                return handed;
            }
            assert_eq!(self.whitelist.handle(&records).await, Vec::<String>::new());
            handed.extend(records);
            tokio::task::yield_now().await;
        }
    }

    fn time_passes(&self) {
        let by = SignedDuration::from_secs(i64::try_from(self.chance.of(5_000)).unwrap());
        *self.clock.0.lock().unwrap() += by;
    }

    /// What one process or person does, while others may do something else.
    async fn acts(&self) {
        match self.chance.of(12) {
            0..=2 => self.table.put(self.row()),
            3 | 4 => {
                let rows = self.table.rows();
                if let Some(row) = self.chance.maybe(&rows) {
                    self.table.delete(&row.ip_address, &row.environment);
                }
            }
            5 => self.command().await,
            6 => drop(self.whitelist.sweep().await),
            7 => drop(self.whitelist.reconcile(None).await),
            8 | 9 => {
                let network = (*self.chance.one(&NETWORKS)).to_owned();
                drop(self.whitelist.sync(&BTreeSet::from([network])).await);
            }
            10 => {
                let environment = Environment::new(*self.chance.one(&ENVIRONMENTS));
                drop(self.whitelist.reconcile(Some(&environment)).await);
            }
            _ => {
                // Another shard, or a batch that comes twice.
                drop(self.whitelist.handle(&self.batch()).await);
            }
        }
    }

    fn row(&self) -> Row {
        let now = self.clock.now().as_second();
        let ip_address =
            if self.chance.of(8) == 0 { self.chance.one(&BAD) } else { self.chance.one(&NETWORKS) };
        Row {
            ip_address: (*ip_address).to_owned(),
            environment: (*self.chance.one(&ENVIRONMENTS)).to_owned(),
            added_at: Some(now),
            expires_at: (self.chance.of(20) > 0).then(|| now + self.chance.one(&LASTS)),
            ..Row::default()
        }
    }

    /// A command: reads a row, extends or removes it if nobody else did something meanwhile, and syncs.
    async fn command(&self) {
        let rows = self.table.rows();
        let Some(row) = self.chance.maybe(&rows) else { return };
        let table = &self.whitelist.table;
        let now = self.clock.now().as_second();
        let extended = Row { extended_at: Some(now), expires_at: Some(now + 7_200), ..row.clone() };
        let saved = match self.chance.of(3) {
            0 => table.remove(row).await,
            _ => table.save(&extended, Some(row)).await,
        };
        if saved.is_ok() {
            let _ = self.whitelist.sync(&BTreeSet::from([row.ip_address.clone()])).await;
        }
    }

    fn a_foreign_rule_comes(&mut self) {
        let group = GroupId::new(*self.chance.one(&["sg-dev", "sg-prod", "sg-shared"]));
        let place: (Cidr, Port) =
            (self.chance.one(&NETWORKS).parse().unwrap(), *self.chance.one(&[443, 80, 5432]));
        if let Some(rule) = self.firewall.add_foreign(&group, place) {
            self.foreign.insert((group, rule));
        }
    }

    fn somebody_takes_a_rule(&mut self) {
        let rules: Vec<_> = self.rules().into_iter().collect();
        if let Some((_, (group, rule, _))) = self.chance.maybe(&rules) {
            self.firewall.remove_rule(group, rule);
            self.foreign.remove(&(group.clone(), rule.clone()));
        }
    }

    fn batch(&self) -> Vec<Record> {
        let number = self.chance.of(self.pending.len() + 1);
        self.pending[..number].to_vec()
    }

    /// The stream hands over some records, and again those that failed.
    async fn records_come(&mut self) {
        let batch = self.batch();
        let failed = self.whitelist.handle(&batch).await;
        self.pending.retain(|record| !batch.contains(record) || failed.contains(&record.sequence));
    }

    fn look(&self) -> Look {
        let rules = self.rules().into_iter().map(|(_, (_, rule, _))| rule).collect();
        (self.clock.now(), self.table.rows(), rules)
    }

    /// What must hold at every moment.
    fn check(&mut self, seed: u64, (then, rows, known): Look, mut records: Vec<Record>) {
        records.extend(self.table.take_records());
        let written = records.iter().filter_map(|record| match &record.change {
            Change::Written(row) => Some(row),
            Change::Removed { .. } | Change::Unreadable(_) => None,
        });
        let seen: Vec<&Row> = rows.iter().chain(written).collect();
        let mut asked_for = self.wanted(seen.iter().copied(), then);
        asked_for.extend(self.wanted(seen, self.clock.now()));
        for (owner, (group, rule, place)) in self.rules() {
            let is_new = owner == Owner::Ours && !known.contains(&rule);
            let is_asked_for = place.is_some_and(|(cidr, port)| asked_for.contains(&(group, cidr, port)));
            assert!(!is_new || is_asked_for, "seed {seed}: no good row asked for {place:?}");
        }
        self.pending.extend(records);
        let of_others: BTreeSet<_> = self
            .rules()
            .into_iter()
            .filter(|(owner, _)| *owner == Owner::Foreign)
            .map(|(_, (group, rule, _))| (group, rule))
            .collect();
        self.foreign.retain(|(group, _)| self.firewall.snapshot().iter().any(|(one, _)| one.id == *group));
        assert_eq!(of_others, self.foreign, "seed {seed}: a rule of somebody else was touched");
    }

    /// What must hold once everything has been tried again.
    pub fn is_in_line(&self, seed: u64) {
        let wanted = self.wanted(&self.table.rows(), self.clock.now());
        let of = |owner| -> BTreeSet<Place> {
            let rules = self.rules().into_iter().filter(|(one, _)| *one == owner);
            rules.filter_map(|(_, (group, _, place))| place.map(|(cidr, port)| (group, cidr, port))).collect()
        };
        let expected: BTreeSet<_> = wanted.difference(&of(Owner::Foreign)).cloned().collect();
        let ours = of(Owner::Ours);
        let surplus: Vec<_> = ours.difference(&expected).filter(|place| !wanted.contains(place)).collect();
        let missing: Vec<_> = expected.difference(&ours).collect();
        assert!(surplus.is_empty() && missing.is_empty(), "seed {seed}: -{surplus:?} +{missing:?}");
    }

    /// A group that has lost its tags lets through nothing that no row asks for any more.
    pub async fn has_no_strays(&self, seed: u64) {
        let (rows, now) = (self.table.rows(), self.clock.now());
        let entries: Vec<_> = rows.iter().filter_map(|row| row.entry(&Terms::default(), now).ok()).collect();
        for rule in self.firewall.strays(&[]).await.unwrap().into_values().flatten() {
            let mut of_it = entries.iter().filter(|entry| entry.cidr == rule.cidr);
            assert!(of_it.any(|entry| entry.is_open(now)), "seed {seed}: {} is open still", rule.cidr);
        }
    }

    pub async fn has_nothing_left_to_do(&self, seed: u64) {
        let calls = self.firewall.calls();
        let again = self.whitelist.reconcile(None).await.unwrap();
        assert!(again.groups.iter().all(|group| group.authorised.is_empty() && group.revoked.is_empty()));
        assert_eq!(self.firewall.calls(), calls + 3, "seed {seed}: it was only looked at");
        let _ = self.firewall.groups().await;
    }

    /// What these rows ask for, by hand: the places of the groups of their environments.
    fn wanted<'r>(&self, rows: impl IntoIterator<Item = &'r Row>, now: Timestamp) -> BTreeSet<Place> {
        let groups = self.firewall.snapshot();
        let entries: Vec<_> = rows
            .into_iter()
            .filter(|row| NETWORKS.contains(&row.ip_address.as_str()))
            .filter_map(|row| row.entry(&Terms::default(), now).ok())
            .filter(|entry| entry.is_open(now))
            .collect();
        let mut wanted = BTreeSet::new();
        for (group, _) in groups {
            for entry in entries.iter().filter(|entry| group.environments.contains(&entry.environment)) {
                wanted.extend(group.ports.iter().map(|port| (group.id.clone(), entry.cidr, *port)));
            }
        }
        wanted
    }

    #[expect(clippy::type_complexity, reason = "it is taken apart at once")]
    fn rules(&self) -> Vec<(Owner, (GroupId, RuleId, Option<(Cidr, Port)>))> {
        let groups = self.firewall.snapshot().into_iter();
        groups
            .flat_map(|(group, rules)| {
                let list = rules.list.into_iter();
                list.map(move |rule| (rule.owner, (group.id.clone(), rule.id.clone(), rule.place())))
            })
            .collect()
    }
}
