//! What cannot be done, is not there, or is broken: a clear sentence, the right exit code, and nothing lost.
//!
//! Exit codes: 1 when it did not work, 2 when something is wrong with what was asked for.

mod arguments;
mod configuration;
mod folder;
mod locked;
mod sentences;
mod watched;
