//! `countersign run` and its siblings: people at terminals, with and without a running bot, with and without Slack.

mod attacks;
mod away;
mod break_glass;
mod faults;
mod gate;
mod house;
mod running;
