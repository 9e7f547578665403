//! A workspace for the ledger: the emulator, over the wire.

mod claims;
mod contract;
mod forged;
mod restart;
mod wire;
