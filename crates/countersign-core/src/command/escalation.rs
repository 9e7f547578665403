//! Arguments whose size asks for more people.

use ipnet::IpNet;
use serde_json::Value;

use super::kind::Kind;

/// Beyond a bound, an argument asks for more other people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalation {
    /// The argument's name; it must be of the bound's kind.
    pub argument: String,
    /// Up to and including this, nothing changes.
    pub bound: Bound,
    /// This many others must sign beyond the bound.
    pub others: u8,
}

/// How large an argument may be without more signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// A whole number, or a duration in seconds.
    Number(i64),
    /// A network, by the length of its prefix: a shorter one is a wider network.
    Width {
        /// For IPv4: `24`.
        v4: u8,
        /// For IPv6: `48`.
        v6: u8,
    },
}

impl Escalation {
    /// Do the arguments go beyond the bound? An argument that was left out does not; one that cannot be measured does.
    pub fn applies(&self, args: &Value) -> bool {
        args.get(&self.argument).is_some_and(|value| self.bound.is_exceeded(value).unwrap_or(true))
    }
}

impl Bound {
    /// Can it be held against an argument of this kind?
    pub fn measures(self, kind: &Kind) -> bool {
        match self {
            Self::Number(_) => matches!(kind, Kind::Int(_) | Kind::Duration),
            Self::Width { .. } => *kind == Kind::Cidr,
        }
    }

    fn is_exceeded(self, value: &Value) -> Option<bool> {
        match self {
            Self::Number(most) => value.as_i64().map(|number| number > most),
            Self::Width { v4, v6 } => {
                let net: IpNet = value.as_str()?.parse().ok()?;
                Some(net.prefix_len() < if matches!(net, IpNet::V4(_)) { v4 } else { v6 })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wide(value: &str) -> bool {
        let bound = Bound::Width { v4: 24, v6: 48 };
        let escalation = Escalation { argument: "ip".to_owned(), bound, others: 1 };
        escalation.applies(&json!({ "ip": value }))
    }

    #[test]
    fn a_wider_network_asks_for_more() {
        assert!(!wide("203.0.113.0/24") && !wide("203.0.113.7/32") && wide("203.0.112.0/23"));
        assert!(!wide("2001:db8::/48") && wide("2001:db8::/47") && wide("::/0") && wide("0.0.0.0/0"));
    }

    #[test]
    fn what_cannot_be_measured_is_beyond_every_bound() {
        assert!(wide("the office"));
        let number = Escalation { argument: "days".to_owned(), bound: Bound::Number(30), others: 1 };
        assert!(number.applies(&json!({ "days": "many" })) && number.applies(&json!({ "days": 31 })));
        assert!(!number.applies(&json!({ "days": 30 })) && !number.applies(&json!({})));
    }
}
