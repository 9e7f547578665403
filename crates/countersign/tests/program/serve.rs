//! `countersign serve` against the emulated workspace: over Socket Mode, over HTTP, over both; killed, flooded, and
//! asked for what cannot be done.

mod burst;
mod disorder;
mod http;
mod migration;
pub mod office;
mod refused;
mod signed;
mod socket_mode;
mod tokens;
mod without_database;
