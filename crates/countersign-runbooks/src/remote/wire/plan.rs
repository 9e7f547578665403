use std::collections::BTreeMap;

use countersign_core::plan::{FieldChange, Plan, Step};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What would happen, step by step. People sign it, so that it has no choices left.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WirePlan {
    /// What changes, in order.
    #[serde(default)]
    pub steps: Vec<WireStep>,
    /// What the people who sign should know, as sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Why it cannot be done, as sentences for the person. A plan with any is a refusal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blockers: Vec<String>,
    /// What cannot be undone, as sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub irreversible: Vec<String>,
    /// What the first plan fixed. A runbook may add to what the request holds, and changes none of that.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fixed: BTreeMap<String, Value>,
    /// What the runbook itself needs to apply the plan; signed with the rest, shown to nobody.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub payload: Value,
}

/// One thing that would change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WireStep {
    /// What happens, in a few words.
    pub title: String,
    /// The fields that change.
    #[serde(default)]
    pub changes: Vec<WireChange>,
}

/// One field, before and after. Without a value the thing is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WireChange {
    /// The thing that has the field, when a step touches several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The field's name.
    pub field: String,
    /// Its value now.
    #[serde(default)]
    pub before: Option<String>,
    /// Its value then.
    #[serde(default)]
    pub after: Option<String>,
}

/// A plan has nothing that blocks it.
impl From<Plan> for WirePlan {
    fn from(plan: Plan) -> Self {
        let change = |FieldChange { of, field, before, after }| WireChange { of, field, before, after };
        let step = |step: Step| WireStep {
            title: step.title,
            changes: step.changes.into_iter().map(change).collect(),
        };
        Self {
            steps: plan.steps.into_iter().map(step).collect(),
            warnings: plan.warnings,
            blockers: Vec::new(),
            irreversible: plan.irreversible,
            fixed: plan.fixed,
            payload: plan.payload,
        }
    }
}

/// What blocks it is left out: look at it first.
impl From<WirePlan> for Plan {
    fn from(plan: WirePlan) -> Self {
        let change = |WireChange { of, field, before, after }| FieldChange { of, field, before, after };
        let step = |step: WireStep| Step {
            title: step.title,
            changes: step.changes.into_iter().map(change).collect(),
        };
        Self {
            steps: plan.steps.into_iter().map(step).collect(),
            warnings: plan.warnings,
            irreversible: plan.irreversible,
            fixed: plan.fixed,
            payload: plan.payload,
        }
    }
}
