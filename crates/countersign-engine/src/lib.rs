//! The pipeline that carries a message from chat to a signed change.
//!
//! `countersign-core` decides; this crate acts: it takes what the transport
//! stored ([`intake`]), walks it through the stages ([`pipeline`]), and
//! reaches the world through [`ports`] alone.

pub mod causes;
pub mod contract;
pub mod intake;
pub mod memory;
pub mod pipeline;
pub mod ports;
pub mod rules;
pub mod system;

pub use intake::Intake;
pub use pipeline::{Engine, LEASE};
pub use rules::Rules;
