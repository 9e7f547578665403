//! Against emulators of AWS, and against answers that no emulator gives.

mod canned;
mod faults;
mod firewall;
mod prefix_lists;
mod table;

use std::sync::Arc;

use countersign_engine::ports::Ids as _;
use countersign_engine::system::OsIds;

use super::Aws;

/// The emulator that `cargo xtask aws` runs.
#[expect(clippy::disallowed_methods, reason = "the edge of these tests")]
fn emulator() -> Arc<Aws> {
    let address = std::env::var("COUNTERSIGN_AWS").expect("COUNTERSIGN_AWS is an emulator's address");
    Arc::new(Aws::emulator(&address))
}

/// A name that nobody else has.
fn fresh(what: &str) -> String {
    format!("{what}-{:016x}", OsIds.random())
}
