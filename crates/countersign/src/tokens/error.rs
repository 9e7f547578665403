//! What is wrong with a secret, as sentences that hold no part of it.

use std::path::PathBuf;

use super::kind::{Kind, Looks};

/// A secret is missing, or is not what it should be. Displayed as sentences for whoever starts the program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing says what it is.
    #[error(
        "There is no {0}. Set {variable}, or {variable}_FILE to the path of a file with it, or put it as \
         `{key}` into the JSON file that --tokens names. {found}",
        variable = .0.variable(), key = .0.key(), found = .0.where_found()
    )]
    Missing(Kind),
    /// It is said, and holds nothing.
    #[error("{place} is empty. Put the {kind} into it, or take it away.")]
    Empty {
        /// The secret.
        kind: Kind,
        /// The variable, file or key.
        place: String,
    },
    /// It is another kind of secret.
    #[error("{place} {looks}, but the {kind} belongs there.{}", hint(*kind, *looks))]
    Swapped {
        /// The secret that belongs there.
        kind: Kind,
        /// The variable, file or key.
        place: String,
        /// What is there.
        looks: Looks,
    },
    /// It holds what no secret of Slack's does.
    #[error(
        "{place} holds white space or characters that no {kind} has. Copy it again, all of it and alone."
    )]
    Characters {
        /// The secret.
        kind: Kind,
        /// The variable, file or key.
        place: String,
    },
    /// Two places hold it.
    #[error("{variable} and {variable}_FILE are both set. Keep one of them.")]
    Twice {
        /// The variable.
        variable: String,
    },
    /// A file cannot be read.
    #[error("{}{} cannot be read: {reason}.", path.display(), named_by(variable.as_deref()))]
    File {
        /// The file.
        path: PathBuf,
        /// The variable that names it, if one does.
        variable: Option<String>,
        /// Why.
        reason: String,
    },
    /// The ledger's key is none.
    #[error("{0}")]
    LedgerKey(countersign_store::slack::BadKey),
    /// The file of all secrets is none.
    #[error(
        "{}: {what}. It should be {{\"bot_token\": \"xoxb-…\", \"app_token\": \"xapp-…\", \"signing_secret\": \"…\"}}.",
        path.display()
    )]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its place.
        what: String,
    },
}

fn named_by(variable: Option<&str>) -> String {
    variable.map(|variable| format!(" (from {variable})")).unwrap_or_default()
}

fn hint(kind: Kind, looks: Looks) -> String {
    match looks {
        Looks::Like(Kind::Bot | Kind::App) if matches!(kind, Kind::Bot | Kind::App) => {
            " Are the two exchanged?".to_owned()
        }
        Looks::Rotating => {
            " Token rotation is switched on for this app, and Slack does not switch it off again: \
                             make another app from `countersign manifest`, which leaves it off."
                .to_owned()
        }
        _ => format!(" {}", kind.where_found()),
    }
}
