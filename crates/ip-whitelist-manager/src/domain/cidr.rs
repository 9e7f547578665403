//! Networks in the one form in which they are kept.

use std::fmt;
use std::str::FromStr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// A network, IPv4 or IPv6, that begins where its text says: `203.0.113.7/32`, `2001:db8::/48`.
///
/// EC2 makes this form of whatever it is told; a key of the table must have it from the beginning, so that one
/// network is one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cidr(IpNet);

/// A text that is no network in that form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CidrFault {
    /// It is no address and no network.
    #[error("{0} is no IP address or network")]
    Unreadable(String),
    /// It is one, and is written in another form.
    #[error("{written} is written {canonical}")]
    NotCanonical {
        /// As it was written.
        written: String,
        /// As it is to be written.
        canonical: Cidr,
    },
}

impl Cidr {
    /// The network, cut to where it begins.
    pub fn new(net: IpNet) -> Self {
        Self(net.trunc())
    }

    /// Is it of IPv4? EC2 counts a group's rules of both families apart.
    pub fn is_v4(&self) -> bool {
        matches!(self.0, IpNet::V4(_))
    }

    /// The network as such.
    pub fn net(&self) -> IpNet {
        self.0
    }
}

impl FromStr for Cidr {
    type Err = CidrFault;

    /// Only the canonical form.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unreadable = || CidrFault::Unreadable(text.to_owned());
        let net = text.parse::<IpNet>().or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from));
        let canonical = Self::new(net.map_err(|_| unreadable())?);
        if canonical.to_string() == text {
            return Ok(canonical);
        }
        Err(CidrFault::NotCanonical { written: text.to_owned(), canonical })
    }
}

impl TryFrom<String> for Cidr {
    type Error = CidrFault;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Cidr> for String {
    fn from(cidr: Cidr) -> Self {
        cidr.to_string()
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
