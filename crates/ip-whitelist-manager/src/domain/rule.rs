//! Ingress rules: those that exist, and those that should.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Cidr, Port};

/// An ingress rule's id: `sgr-0123456789abcdef0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(String);

/// Whose rule it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Made by this whitelist: its tags say so.
    Ours,
    /// Anybody else's: never touched.
    Foreign,
}

/// An ingress rule that exists, for TCP and one network.
///
/// Rules of another shape (other protocols, ranges of ports, prefix lists, groups) are kept by nobody here; they
/// count against the quota alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// From where.
    pub cidr: Cidr,
    /// The first and the last port that it opens; `None`: it is for another protocol than TCP alone.
    pub ports: Option<(Port, Port)>,
    /// Whose it is.
    pub owner: Owner,
    /// What its description says.
    pub description: String,
}

/// A rule that should exist: one TCP port, open to one network.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wanted {
    /// From where.
    pub cidr: Cidr,
    /// To which TCP port.
    pub port: Port,
    /// What its description is to say, in EC2's alphabet.
    pub description: String,
}

/// The ingress rules of a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Those for networks.
    pub list: Vec<Rule>,
    /// How many others there are: for groups and prefix lists, which count in both address families.
    pub others: usize,
}

impl Rule {
    /// The network and the one TCP port that it opens; `None`: it opens something else.
    pub fn place(&self) -> Option<(Cidr, Port)> {
        self.ports.filter(|(first, last)| first == last).map(|(port, _)| (self.cidr, port))
    }
}

impl Wanted {
    /// The network and the TCP port that it is to open.
    pub fn place(&self) -> (Cidr, Port) {
        (self.cidr, self.port)
    }
}

impl RuleId {
    /// A rule's id from its text.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
