//! `cargo bench -p bench --bench whitelist`: ten thousand networks on the whitelist of twenty environments, compared with
//! their security groups, beside a handler that makes a call for each network.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod peer;
mod timed;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use async_trait::async_trait;
use countersign_engine::memory::FakeClock;
use ip_whitelist_manager::Whitelist;
use ip_whitelist_manager::domain::{Environment, Group, GroupId, Row, Terms};
use ip_whitelist_manager::ports::{Cause, Notice, Notices};
use ip_whitelist_manager::sandbox::{SandboxFirewall, SandboxTable};
use jiff::Timestamp;
use timed::Timed;

const ENTRIES: usize = 10_000;
const GROUPS: usize = 20;
/// As many as EC2 allows with the highest quota.
const LIMIT: usize = 1_000;
const ROUNDS: usize = 7;
const NOW: i64 = 1_800_000_000;

/// What one way of doing it took.
#[derive(Clone, Copy, Default)]
struct Figure {
    own: Duration,
    ec2: u64,
    table: u64,
}

/// The same work in three situations, by one way.
type Figures = [Figure; 3];

struct Nobody;

#[async_trait]
impl Notices for Nobody {
    async fn tell(&self, _notice: &Notice) -> Result<(), Cause> {
        Ok(())
    }
}

struct World {
    table: Arc<Timed<SandboxTable>>,
    firewall: Arc<Timed<SandboxFirewall>>,
    whitelist: Whitelist,
    now: Timestamp,
}

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(runtime.block_on(compared())?);
        theirs.push(runtime.block_on(one_by_one())?);
    }
    println!(
        "| {ENTRIES} entries, {GROUPS} groups | own time, ms | EC2 calls | per entry | table calls | a call each: own time, ms | EC2 calls |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|");
    let names = ["all of them are new", "nothing is to be done", "a tenth goes, a tenth is new"];
    for (place, name) in names.into_iter().enumerate() {
        let (a, b) = (median(&ours, place), median(&theirs, place));
        println!(
            "| {name} | {:.1} | {} | {:.4} | {} | {:.1} | {} |",
            a.own.as_secs_f64() * 1e3,
            a.ec2,
            a.ec2 as f64 / ENTRIES as f64,
            a.table,
            b.own.as_secs_f64() * 1e3,
            b.ec2
        );
    }
    Ok(())
}

/// The figure in the middle, by its own time. Calls are the same in each round.
fn median(rounds: &[Figures], place: usize) -> Figure {
    let mut figures: Vec<Figure> = rounds.iter().filter_map(|round| round.get(place)).copied().collect();
    figures.sort_by_key(|figure| figure.own);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

async fn compared() -> Result<Figures> {
    let w = World::new()?;
    let mut figures = Figures::default();
    for (place, figure) in figures.iter_mut().enumerate() {
        if place == 2 {
            w.moves_on();
        }
        *figure = w.measure(async || Ok(w.whitelist.reconcile(None).await.map(drop)?)).await?;
        w.is_in_line()?;
    }
    Ok(figures)
}

async fn one_by_one() -> Result<Figures> {
    let w = World::new()?;
    let firewall = &*w.firewall;
    let all = w.table.inner.rows();
    let new = w.measure(async || peer::open(firewall, &all, w.now).await).await?;
    w.is_in_line()?;
    let again = w.measure(async || peer::open(firewall, &all, w.now).await).await?;
    let (gone, come) = w.moves_on();
    let moved = async || {
        peer::shut(firewall, &gone).await?;
        peer::open(firewall, &come, w.now).await
    };
    let moved = w.measure(moved).await?;
    w.is_in_line()?;
    Ok([new, again, moved])
}

impl World {
    fn new() -> Result<Self> {
        let (table, firewall): (Arc<Timed<SandboxTable>>, Arc<Timed<SandboxFirewall>>) = Default::default();
        let now = Timestamp::from_second(NOW)?;
        for number in 0..GROUPS {
            firewall.inner.add_group(Group {
                id: GroupId::new(format!("sg-{number:017x}")),
                name: format!("web-{number}"),
                environments: [Environment::new(environment(number))].into(),
                ports: [443].into(),
                family: None,
                limit: LIMIT,
            });
        }
        for number in 0..ENTRIES {
            table.inner.put(row(number));
        }
        let whitelist = Whitelist {
            table: Arc::clone(&table) as _,
            firewall: Arc::clone(&firewall) as _,
            notices: Arc::new(Nobody),
            clock: Arc::new(FakeClock::at(now)),
            terms: Terms::default(),
        };
        Ok(Self { table, firewall, whitelist, now })
    }

    async fn measure(&self, work: impl AsyncFnOnce() -> Result<()>) -> Result<Figure> {
        let calls = self.firewall.inner.calls();
        let begin = Instant::now();
        work().await?;
        let whole = begin.elapsed();
        let own = whole.saturating_sub(self.table.time() + self.firewall.time());
        Ok(Figure { own, ec2: self.firewall.inner.calls() - calls, table: self.table.calls() })
    }

    /// A tenth of the entries is removed, and as many come; both.
    fn moves_on(&self) -> (Vec<Row>, Vec<Row>) {
        let (gone, come): (Vec<Row>, Vec<Row>) =
            (0..ENTRIES).step_by(10).map(|number| (row(number), row(number + ENTRIES))).unzip();
        for row in &gone {
            self.table.inner.delete(&row.ip_address, &row.environment);
        }
        for row in &come {
            self.table.inner.put(row.clone());
        }
        (gone, come)
    }

    fn is_in_line(&self) -> Result<()> {
        let mut there = Vec::new();
        for (group, rules) in self.firewall.inner.snapshot() {
            for environment in &group.environments {
                there.extend(rules.list.iter().map(|rule| (rule.cidr.to_string(), environment.to_string())));
            }
        }
        there.sort();
        let mut wanted: Vec<_> =
            self.table.inner.rows().into_iter().map(|row| (row.ip_address, row.environment)).collect();
        wanted.sort();
        ensure!(there == wanted, "the groups are not as the table says");
        Ok(())
    }
}

fn environment(number: usize) -> String {
    format!("customer-{:02}", number % GROUPS)
}

fn row(number: usize) -> Row {
    Row {
        ip_address: format!("203.{}.{}.{}/32", number / 65_536, number / 256 % 256, number % 256),
        environment: environment(number / 7),
        description: Some("John's office".to_owned()),
        added_by: Some("john.doe".to_owned()),
        added_at: Some(NOW),
        expires_at: Some(NOW + 7 * 86_400),
        ..Row::default()
    }
}
