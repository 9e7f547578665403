//! What the whitelist means, without any I/O or clock.

mod cidr;
mod description;
mod desired;
mod entry;
mod group;
mod guard;
mod rule;

pub use cidr::{Cidr, CidrFault};
pub use desired::{Desired, Difference, Quota};
pub use entry::{Entry, MOST_IN_A_DESCRIPTION, Row, RowFault, Terms};
pub use group::{ANY_PORT, Environment, Family, Group, GroupId, Port};
pub use guard::{Forbidden, Width};
pub use rule::{Owner, Rule, RuleId, Rules, Wanted};
