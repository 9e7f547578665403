//! What a command would change: a value with no choices left in it.
//!
//! People sign the [`Fingerprint`] of a plan. Everything that would move by
//! itself (the time, generated ids) is fixed by the first plan and carried in
//! [`Plan::fixed`], so that the fingerprint of a second plan differs only when
//! the world or the arguments did.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::canonical::canonical_json;
use crate::command::spec::CommandName;

/// What would happen, step by step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// What changes, in order.
    pub steps: Vec<Step>,
    /// What the people who sign should know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// What cannot be undone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub irreversible: Vec<String>,
    /// What the first plan fixed: the time as `now`, the operation's id as `operation`, generated ids.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fixed: Fixed,
    /// What the runbook itself needs to apply the plan; signed with the rest, shown to nobody.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub payload: Value,
}

mod pages;

pub use pages::Page;

/// The longest value that a card shows whole, in characters.
const MOST_IN_A_VALUE: usize = 400;
/// The most that a card shows of one plan, in characters; a card may have to show two.
const MOST_IN_A_PLAN: usize = 3_500;
/// The most that a card shows of one step, in characters.
const MOST_IN_A_STEP: usize = 2_800;
/// What is drawn around the parts of a change, in characters, at most.
const AROUND: usize = 20;
/// The most lines that a card shows of one plan.
const MOST_LINES: usize = 30;

impl Plan {
    /// Can all of it be shown in a card, with nothing cut? People sign what they can see, and nothing else.
    pub fn fits_a_card(&self) -> bool {
        let changes = || self.steps.iter().flat_map(|step| &step.changes);
        let values = changes().flat_map(|change| [&change.of, &change.before, &change.after]).flatten();
        let fields = changes().map(|change| &change.field);
        let titles = self.steps.iter().map(|step| &step.title);
        let texts = values.chain(fields).chain(titles).chain(&self.warnings).chain(&self.irreversible);
        let lengths: Vec<usize> = texts.map(|text| text.chars().count()).collect();
        // One step is one list, and a list has a bound of its own.
        let lists = self.steps.iter().all(|step| step.length() <= MOST_IN_A_STEP);
        let lines = changes().count() + self.steps.len() + self.warnings.len() + self.irreversible.len();
        lists
            && lines <= MOST_LINES
            && lengths.iter().all(|length| *length <= MOST_IN_A_VALUE)
            && lengths.iter().sum::<usize>() <= MOST_IN_A_PLAN
    }
}

/// Values that the first plan fixed, by name.
pub type Fixed = BTreeMap<String, Value>;

/// One thing that would change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What happens, in a few words: `Update 1 row of accounts`.
    pub title: String,
    /// The fields that change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldChange>,
}

impl Step {
    /// How long its changes are as they are drawn, in characters.
    fn length(&self) -> usize {
        self.changes.iter().map(|change| change.length() + AROUND).sum()
    }
}

impl FieldChange {
    /// All its texts together, in characters.
    fn length(&self) -> usize {
        [self.of.as_ref(), Some(&self.field), self.before.as_ref(), self.after.as_ref()]
            .into_iter()
            .flatten()
            .map(|text| text.chars().count())
            .sum()
    }
}

/// One field, before and after. `None` means that the thing is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The thing that has the field, when a step touches several: `acme`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The field's name.
    pub field: String,
    /// Its value now.
    pub before: Option<String>,
    /// Its value then.
    pub after: Option<String>,
}

/// What people sign: a SHA-256 over the command, its arguments and the plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of `plan` for one command with its arguments.
    pub fn of(command: &CommandName, args: &Value, plan: &Plan) -> Self {
        let signed = serde_json::json!({ "command": command, "args": args, "plan": plan });
        Self::of_bytes(canonical_json(&signed).as_bytes())
    }

    /// Thirty-two zero bytes: the hash before the first.
    pub fn zero() -> Self {
        Self([0; 32])
    }

    /// The SHA-256 of `bytes`.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Its 64 hex digits, as bytes of their text.
    pub(crate) fn hex(&self) -> [u8; 64] {
        let mut digits = [0; 64];
        // Two digits for each of the 32 bytes always fit.
        let _ = hex::encode_to_slice(self.0, &mut digits);
        digits
    }

    /// The first eight hex digits, for people to compare.
    pub fn short(&self) -> String {
        self.to_string().chars().take(8).collect()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({})", self.short())
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = hex::FromHexError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plan(after: &str) -> Plan {
        let change = FieldChange {
            of: None,
            field: "plan".into(),
            before: Some("free".into()),
            after: Some(after.into()),
        };
        Plan { steps: vec![Step { title: "Update".into(), changes: vec![change] }], ..Plan::default() }
    }

    #[test]
    fn whatever_is_signed_moves_the_fingerprint() {
        let name = CommandName::new("set-plan");
        let signed = Fingerprint::of(&name, &json!({"a": 1}), &plan("pro"));
        assert_eq!(signed, Fingerprint::of(&name, &json!({"a": 1}), &plan("pro")));
        assert_ne!(signed, Fingerprint::of(&name, &json!({"a": 2}), &plan("pro")));
        assert_ne!(signed, Fingerprint::of(&name, &json!({"a": 1}), &plan("enterprise")));
        assert_ne!(signed, Fingerprint::of(&CommandName::new("other"), &json!({"a": 1}), &plan("pro")));
        let fixed = Plan { fixed: [("now".to_owned(), json!("2026"))].into(), ..plan("pro") };
        assert_ne!(signed, Fingerprint::of(&name, &json!({"a": 1}), &fixed));
        let payload = Plan { payload: json!("x"), ..plan("pro") };
        assert_ne!(signed, Fingerprint::of(&name, &json!({"a": 1}), &payload));
    }

    #[test]
    fn a_plan_that_a_card_would_cut_does_not_fit() {
        assert!(plan("pro").fits_a_card());
        assert!(!plan(&"x".repeat(401)).fits_a_card());
        let mut many = plan("pro");
        many.steps = vec![many.steps[0].clone(); 20];
        assert!(!many.fits_a_card(), "too many lines");
        let mut long = plan(&"x".repeat(390));
        long.steps[0].changes = vec![long.steps[0].changes[0].clone(); 7];
        assert!(!long.fits_a_card(), "too much in one list");
        let mut wide = plan(&"x".repeat(399));
        wide.steps = vec![wide.steps[0].clone(); 9];
        assert!(!wide.fits_a_card(), "too much in all");
    }

    #[test]
    fn a_fingerprint_survives_its_text() {
        let fingerprint = Fingerprint::of_bytes(b"plan");
        let text = serde_json::to_string(&fingerprint).unwrap();
        assert_eq!(serde_json::from_str::<Fingerprint>(&text).unwrap(), fingerprint);
        assert!(serde_json::from_str::<Fingerprint>("\"abc\"").is_err());
    }
}
