//! What the whitelist needs from the world: the table, the firewall, and somebody to tell.

mod firewall;
mod notices;
mod table;

pub use firewall::{Firewall, FirewallError};
pub use notices::{Notice, Notices};
pub use table::{Saved, Table, TableError};

/// The cause of a failure, for the log alone.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;
