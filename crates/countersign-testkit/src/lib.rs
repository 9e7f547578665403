//! Stories: people with verbs, against the real pipeline.
//!
//! ```no_run
//! # use countersign_testkit::{BACKOFFICE, run_story};
//! run_story(async |w| {
//!     let request = w.ana.says(BACKOFFICE, "@Backoffice Bot set acme trial remaining to 14 days").await;
//!     w.ana.reacts(&request, "white_check_mark").await;
//!     w.ben.reacts(&request, "white_check_mark").await;
//!     assert!(w.card(&request).await.text().contains("Done"));
//! });
//! ```
//!
//! A story runs the program's own parts over the wire: the emulator, the Socket
//! Mode and Web API clients, the SQLite ledger, the demo's configuration and
//! database. Time stands still until the story moves it, and nothing sleeps:
//! after each verb the world is left to come to rest. What is left over at the
//! end fails the story.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a story that cannot go on fails its test")]

use countersign::config::{Keeps, Registry};

mod clock;
mod held;
mod message;
mod person;
pub mod properties;
mod world;

pub use message::Message;
pub use person::Person;
pub use world::World;

/// The channel of the people who help customers.
pub const BACKOFFICE: &str = "C0BACKOFFICE";
/// The channel of the people who run the product.
pub const DEVELOPERS: &str = "C0DEVELOPERS";
/// The channel without commands.
pub const GENERAL: &str = "C0GENERAL";
/// The bot's user.
pub const BOT: &str = "U0BOT";

/// Tells a story in a new world with the demo's commands, and checks that nothing is left over.
///
/// # Panics
/// When the story fails, or leaves something undone.
pub fn run_story(story: impl AsyncFnOnce(&mut World)) {
    run_story_with(countersign::dev::DEMO_CONFIG, story);
}

/// Tells a story in a new world with the commands of `config`.
///
/// # Panics
/// When the story fails, or leaves something undone.
pub fn run_story_with(config: &str, story: impl AsyncFnOnce(&mut World)) {
    tell((config, Registry::new(), Keeps::File), story);
}

/// Tells a story in a new world without a database: Slack itself is the ledger.
///
/// # Panics
/// When the story fails, or leaves something undone.
pub fn run_story_without_database(story: impl AsyncFnOnce(&mut World)) {
    run_story_without_database_with((countersign::dev::DEMO_CONFIG, Registry::new()), story);
}

/// Tells a story in a new world without a database, with the commands of `config` and runbooks beside the demo's.
///
/// # Panics
/// When the story fails, or leaves something undone.
pub fn run_story_without_database_with(
    (config, runbooks): (&str, Registry),
    story: impl AsyncFnOnce(&mut World),
) {
    tell((config, runbooks, Keeps::Slack), story);
}

fn tell((config, runbooks, keeps): (&str, Registry, Keeps<'_>), story: impl AsyncFnOnce(&mut World)) {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let mut world = World::new((config, runbooks), keeps).await;
        story(&mut world).await;
        world.end().await;
    });
}
