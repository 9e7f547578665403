//! Run production from Slack, with a second signature.
//!
//! The front door: [`config`] reads what a team wrote down, [`bot`] connects it
//! with a Slack workspace and a ledger, [`dev`] starts all of it on one machine
//! with a workspace in a box, [`serve`] runs it in a real one, [`terminal`] takes the same commands while Slack is
//! away, [`store`] opens what they write to, and [`cli`] is the program around them.

pub mod audit;
pub mod bot;
pub mod cli;
pub mod config;
pub mod dev;
pub mod doctor;
pub mod init;
pub mod manifest;
pub mod serve;
pub mod store;
pub mod terminal;
pub mod tokens;
pub mod whitelist;
