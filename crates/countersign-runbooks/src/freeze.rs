//! `[command.freeze]`: commands that begin, end and list freezes.
//!
//! ```toml
//! [[command]]
//! pattern = "freeze env <environment:environment> for <duration:duration> because <reason...>"
//! risk    = "low"
//!
//! [command.freeze]
//! do     = "begin"
//! what   = "env <environment>"   # the lock of the commands that are meant; left out: everything
//! others = 1                     # so many more sign for what is done all the same; left out: nothing is done
//! ```

mod config;

use std::sync::Arc;

use async_trait::async_trait;
use countersign_core::ids::OperationId;
use countersign_core::operation::{Report, Table};
use countersign_core::plan::{FieldChange, Fixed, Plan, Step};
use countersign_core::policy::{Freeze, Frozen, LONGEST_FREEZE, Permit, Refusal};
use countersign_core::secret::credential;
use countersign_engine::ports::{Applied, Freezes, Interrupted, Run, Runbook, RunbookError};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

pub use config::{Do, FreezeConfig, FreezeConfigError};

/// The work of a command that is about freezes.
pub struct FreezeRunbook {
    config: config::Checked,
    freezes: Arc<dyn Freezes>,
}

impl FreezeRunbook {
    /// A runbook for a command with these arguments.
    ///
    /// # Errors
    /// [`FreezeConfigError`]: an argument is missing, or what is frozen cannot be read.
    pub fn new(
        config: &FreezeConfig,
        freezes: Arc<dyn Freezes>,
        arguments: &[String],
    ) -> Result<Self, FreezeConfigError> {
        Ok(Self { config: config.check(arguments)?, freezes })
    }

    fn what(&self, permit: &Permit) -> Frozen {
        self.config.what.as_ref().map_or(Frozen::Everything, |lock| Frozen::Lock(lock.key(permit.args())))
    }

    async fn standing(&self, what: &Frozen, now: Timestamp) -> Result<Option<Freeze>, RunbookError> {
        let standing =
            self.freezes.standing(now).await.map_err(|error| RunbookError::Failed(error.into()))?;
        Ok(standing.into_iter().find(|freeze| freeze.what == *what))
    }

    /// The freeze that would begin at `now`.
    fn freeze(&self, permit: &Permit, now: Timestamp) -> Result<Freeze, RunbookError> {
        let args = permit.args();
        let seconds = args.get("duration").and_then(Value::as_i64).unwrap_or_default();
        let duration = SignedDuration::from_secs(seconds);
        if duration <= SignedDuration::ZERO || duration > LONGEST_FREEZE {
            return Err(blocked("A freeze lasts 30 days at most. Ask for less; it can be renewed."));
        }
        Ok(Freeze {
            what: self.what(permit),
            until: now + duration,
            // It will stand on the cards of others, and in their records.
            reason: credential::mask(args.get("reason").and_then(Value::as_str).unwrap_or_default())
                .into_owned(),
            by: Some(permit.caller().clone()),
            others: self.config.others,
        })
    }

    async fn list(&self, now: Timestamp) -> Result<Report, RunbookError> {
        let standing =
            self.freezes.standing(now).await.map_err(|error| RunbookError::Failed(error.into()))?;
        let rows: Vec<Vec<Option<String>>> = standing
            .iter()
            .map(|freeze| {
                let by = freeze.by.as_ref().map(|by| by.user.to_string());
                vec![
                    Some(freeze.what.to_string()),
                    Some(shown(freeze.until)),
                    by,
                    Some(freeze.reason.clone()),
                ]
            })
            .collect();
        if rows.is_empty() {
            return Ok(Report { summary: "Nothing is frozen by hand.".to_owned(), table: None });
        }
        let columns = ["what", "until", "by", "why"].map(str::to_owned).to_vec();
        let summary = format!("{} frozen by hand", rows.len());
        Ok(Report { summary, table: Some(Table { columns, rows, left_out: 0 }) })
    }
}

#[async_trait]
impl Runbook for FreezeRunbook {
    async fn plan(&self, permit: &Permit, fixed: &Fixed) -> Result<Plan, RunbookError> {
        let now = first_look(fixed)?;
        let (title, change) = match self.config.action {
            Do::List => return Ok(Plan { fixed: fixed.clone(), ..Plan::default() }),
            Do::Begin => {
                let freeze = self.freeze(permit, now)?;
                let before = self.standing(&freeze.what, now).await?;
                not_weaker(before.as_ref(), &freeze)?;
                (format!("Freeze {}", freeze.what), (before, Some(freeze)))
            }
            Do::End => {
                let what = self.what(permit);
                let Some(before) = self.standing(&what, now).await? else {
                    return Err(blocked(&format!("Nothing to end: {what} is not frozen by hand.")));
                };
                (format!("End the freeze of {what}"), (Some(before), None))
            }
        };
        let (before, after) = change;
        let field = |field: &str, of: fn(&Freeze) -> String| FieldChange {
            of: None,
            field: field.to_owned(),
            before: before.as_ref().map(of),
            after: after.as_ref().map(of),
        };
        let changes = vec![
            field("until", |freeze| shown(freeze.until)),
            field("why", |freeze| freeze.reason.clone()),
            field("all the same", |freeze| all_the_same(freeze.others)),
        ];
        Ok(Plan { steps: vec![Step { title, changes }], fixed: fixed.clone(), ..Plan::default() })
    }

    async fn apply(&self, permit: &Permit, run: Run<'_>) -> Result<Applied, RunbookError> {
        let lost = |error: countersign_engine::ports::FreezesError| RunbookError::Unknown(error.into());
        let now = first_look(&run.plan.fixed)?;
        let report = match self.config.action {
            Do::List => return Ok(Applied::Done(self.list(run.now).await?)),
            Do::Begin => {
                let freeze = self.freeze(permit, now)?;
                not_weaker(self.standing(&freeze.what, now).await?.as_ref(), &freeze)?;
                self.freezes.begin(&freeze).await.map_err(lost)?;
                format!("{} is frozen until {}.", freeze.what, shown(freeze.until))
            }
            Do::End => {
                let what = self.what(permit);
                self.freezes.end(&what).await.map_err(lost)?;
                format!("{what} is not frozen by hand any more.")
            }
        };
        Ok(Applied::Done(Report { summary: report, table: None }))
    }

    fn only_reads(&self) -> bool {
        self.config.action == Do::List
    }

    /// Beginning and ending twice does no harm.
    async fn interrupted(&self, _operation: &OperationId, _fence: u64) -> Result<Interrupted, RunbookError> {
        Ok(Interrupted::Again)
    }
}

/// The time of the first plan, from which a freeze counts.
fn first_look(fixed: &Fixed) -> Result<Timestamp, RunbookError> {
    let now = fixed.get("now").and_then(Value::as_str).and_then(|now| now.parse().ok());
    now.ok_or_else(|| RunbookError::Failed("a plan without its time".into()))
}

/// A freeze that ends earlier, or that fewer people can go against, would be a way around ending the one that stands.
fn not_weaker(standing: Option<&Freeze>, new: &Freeze) -> Result<(), RunbookError> {
    let strictness = |freeze: &Freeze| freeze.others.unwrap_or(u8::MAX);
    match standing {
        Some(standing) if new.until < standing.until || strictness(new) < strictness(standing) => {
            let until = shown(standing.until);
            Err(blocked(&format!(
                "{} is frozen until {until}, and more strictly than that. End it first.",
                standing.what
            )))
        }
        _ => Ok(()),
    }
}

fn blocked(sentence: &str) -> RunbookError {
    RunbookError::Refused(Refusal::Blocked { sentence: sentence.to_owned() })
}

fn shown(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn all_the_same(others: Option<u8>) -> String {
    match others {
        None => "nothing is done".to_owned(),
        Some(1) => "with one more signature".to_owned(),
        Some(n) => format!("with {n} more signatures"),
    }
}
