//! How many people must sign, and from which groups.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::GroupName;

/// The signatures that one operation needs.
///
/// With several groups in `from`, each of them must be represented by a person
/// of its own: two groups never share one signature.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quorum {
    /// Must the caller confirm?
    pub caller: bool,
    /// How many other people must sign.
    pub others: u8,
    /// The groups from which the others come; empty means: anyone who may vote here.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub from: BTreeSet<GroupName>,
}

impl Quorum {
    /// Does anybody have to sign at all?
    pub fn is_needed(&self) -> bool {
        self.caller || self.others_needed() > 0
    }

    /// How many others must sign: never fewer than there are groups to represent.
    pub fn others_needed(&self) -> usize {
        usize::from(self.others).max(self.from.len())
    }
}

/// For people: `you and one other person of sre`.
impl fmt::Display for Quorum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let others = match self.others_needed() {
            0 => None,
            1 => Some("one other person".to_owned()),
            2 => Some("two other people".to_owned()),
            n => Some(format!("{n} other people")),
        };
        match (self.caller, others) {
            (false, None) => f.write_str("nobody: it only reads")?,
            (true, None) => f.write_str("you confirm")?,
            (true, Some(others)) => write!(f, "you and {others}")?,
            (false, Some(others)) => f.write_str(&others)?,
        }
        if !self.from.is_empty() {
            let groups: Vec<&str> = self.from.iter().map(GroupName::as_str).collect();
            write!(f, " from {}", groups.join(" and "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quorum_of_nobody_is_none() {
        let quorum = |caller, others, from: &[&str]| Quorum {
            caller,
            others,
            from: from.iter().map(|group| GroupName::new(*group)).collect(),
        };
        assert!(!quorum(false, 0, &[]).is_needed());
        assert!(quorum(true, 0, &[]).is_needed() && quorum(false, 1, &[]).is_needed());
        assert!(quorum(false, 0, &["sre"]).is_needed());
        assert_eq!(quorum(true, 1, &["security", "sre"]).others_needed(), 2);
        assert_eq!(quorum(true, 3, &["sre"]).others_needed(), 3);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let from = |groups: &[&str]| groups.iter().map(|g| GroupName::new(*g)).collect();
        let texts: Vec<String> = [
            Quorum::default(),
            Quorum { caller: true, ..Quorum::default() },
            Quorum { caller: true, others: 1, from: from(&[]) },
            Quorum { caller: true, others: 2, from: from(&["sre"]) },
            Quorum { caller: false, others: 1, from: from(&["security", "sre"]) },
        ]
        .iter()
        .map(Quorum::to_string)
        .collect();
        insta::assert_snapshot!(texts.join("\n"), @r"
        nobody: it only reads
        you confirm
        you and one other person
        you and two other people from sre
        two other people from security and sre
        ");
    }
}
