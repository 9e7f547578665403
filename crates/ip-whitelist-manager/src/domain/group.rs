//! The security groups that the whitelist keeps.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Cidr;

/// An environment: `dev`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Environment(String);

/// A security group's id: `sg-0123456789abcdef0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GroupId(String);

/// A TCP port.
pub type Port = u16;

/// The place of a port where an entry is for whatever ports the users of a prefix list open.
pub const ANY_PORT: Port = 0;

/// A family of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// A security group that follows the whitelist, or a managed prefix list that does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its name, for people.
    pub name: String,
    /// The environments whose entries it lets through; a group may be shared.
    pub environments: BTreeSet<Environment>,
    /// The TCP ports that it opens to them: its tag `WhitelistPorts`, else 443. Of a prefix list: [`ANY_PORT`] alone.
    pub ports: BTreeSet<Port>,
    /// The one family that it takes; `None`: both.
    pub family: Option<Family>,
    /// How many rules EC2 lets it have per address family (60, unless the account has more), or entries.
    pub limit: usize,
}

impl Group {
    /// Does it take networks of this one's family?
    pub fn takes(&self, cidr: Cidr) -> bool {
        self.family.is_none_or(|family| (family == Family::V4) == cidr.is_v4())
    }
}

impl Environment {
    /// An environment from its name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl GroupId {
    /// A group's id from its text.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
