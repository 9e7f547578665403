//! `kill -9` at every step of the walk: after the next start there is one card, the votes count, and the change was
//! made once.

mod any_moment;
mod every_call;
mod every_step;
pub mod product;
mod request;
