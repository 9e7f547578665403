//! Countersign's way in: the receiver or the sockets, the inbox in SQLite, the pipeline behind it.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use countersign::{config, dev};
use countersign_core::ids::{OrgId, UserId};
use countersign_engine::intake::Skip;
use countersign_engine::pipeline::Ports;
use countersign_engine::ports::Delivery;
use countersign_engine::system::{OsIds, SystemClock};
use countersign_engine::{Engine, Intake};
use countersign_slack::http::{Receiver, SigningSecrets, router, serve};
use countersign_slack::inbound::{self, Reading};
use countersign_slack::socket_mode::{self, Health, Wire};
use countersign_slack::web_api::Settings;
use countersign_slack::{Me, Secret, SlackChat, SlackDirectory, WebApi};
use countersign_store::sqlite::SqliteStore;
use tokio::sync::watch;

use crate::SECRET;

/// An address at which nobody listens: small talk makes the bot ask nothing.
const NOWHERE: &str = "http://127.0.0.1:9/api/";

/// Signed requests at `PORT`.
pub(crate) async fn http() -> Result<()> {
    let intake = intake(NOWHERE).await?;
    let secrets = Arc::new(SigningSecrets::new(&Secret::new(SECRET))?);
    let receiver = Receiver::new(intake, secrets, Arc::new(SystemClock));
    let port: u16 = std::env::var("PORT")?.parse()?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("ready");
    serve(listener, router(receiver), std::future::pending()).await;
    Ok(())
}

/// Envelopes from the Slack at `api`.
pub(crate) async fn socket(api: &str) -> Result<()> {
    let intake = intake(api).await?;
    let (health, mut seen) = watch::channel(Health::default());
    let wire = Wire {
        api: web(api, "xapp-bench")?,
        clock: Arc::new(SystemClock),
        ids: Arc::new(OsIds),
        connections: socket_mode::CONNECTIONS,
        others: socket_mode::Others::Strangers,
        health,
    };
    let running = tokio::spawn(socket_mode::run(wire, intake, std::future::pending()));
    seen.wait_for(|health| health.connected == socket_mode::CONNECTIONS).await?;
    println!("ready");
    Ok(running.await??)
}

async fn intake(api: &str) -> Result<Arc<Intake>> {
    let folder = tempfile::tempdir()?.keep();
    let store = Arc::new(SqliteStore::open(folder.join("ledger.db")).await?);
    let me =
        Me { team: OrgId::new("T1"), enterprise: None, user: UserId::new("UBOT"), bot_id: "B1".to_owned() };
    let web = web(api, "xoxb-bench")?;
    let clock = Arc::new(SystemClock);
    let ports = Ports {
        chat: Arc::new(SlackChat::new(web.clone(), me.clone())),
        directory: Arc::new(SlackDirectory::new(web, me.clone(), clock.clone())),
        ledger: store.clone(),
        freezes: store.clone(),
        clock,
        ids: Arc::new(OsIds),
    };
    let engine = Engine::new(ports, rules(&folder).await?);
    let read = move |delivery: &Delivery| match inbound::read(delivery, &me) {
        Reading::Envelope(envelope) => Ok(envelope),
        _ => Err(Skip::Nothing),
    };
    Ok(Intake::new(store, engine, Box::new(read)))
}

async fn rules(folder: &Path) -> Result<countersign_engine::Rules> {
    let freezes: Arc<dyn countersign_engine::ports::Freezes> =
        Arc::new(countersign_engine::memory::MemoryFreezes::default());
    dev::make_demo_database(&folder.join("demo.db"), jiff::Timestamp::now()).await?;
    let path = folder.join("countersign.toml");
    std::fs::write(&path, dev::DEMO_CONFIG)?;
    let config = config::read(&path)?;
    config.rules(OrgId::new("T1"), (&dev::registry(folder), &freezes)).await.context("the demo's rules")
}

fn web(api: &str, token: &str) -> Result<WebApi> {
    let settings = Settings { base: api.parse()?, token: Secret::new(token), deadlines: Default::default() };
    Ok(WebApi::new(settings, Arc::new(SystemClock))?)
}
