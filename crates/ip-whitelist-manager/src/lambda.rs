//! The Lambda `<name>-ip-whitelist-manager`: one function for the table's stream, for the clock, and for the bot.
//!
//! | event | what happens | answer |
//! |---|---|---|
//! | a batch of the table's stream | the groups follow | `batchItemFailures` |
//! | `{"tick": "sweep"}`, or any scheduled event of EventBridge; every minute | what is over is removed | counts |
//! | `{"tick": "reconcile"}`, every hour | everything is compared | counts |
//! | a call of the runbook protocol: `{"version": 1, "call": "plan", …}` | what the command does | the protocol's |

mod answer;
mod batch;
mod event;
mod settings;

pub use answer::{Function, InvocationError};
pub use event::{Event, EventFault};
pub use settings::{Settings, SettingsError, WebhookAt};
