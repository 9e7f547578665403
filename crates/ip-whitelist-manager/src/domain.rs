//! What the whitelist means, without any I/O or clock.

mod cidr;
mod entry;
mod group;
mod rule;

pub use cidr::{Cidr, CidrFault};
pub use entry::{Entry, Row, RowFault};
pub use group::{Environment, Group, GroupId, Port};
pub use rule::{Owner, Rule, RuleId, Wanted};
