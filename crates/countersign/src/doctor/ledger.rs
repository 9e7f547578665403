//! The ledger: a file, a table, or Slack itself.

use std::path::Path;

use countersign_engine::causes;
use countersign_store::sqlite::{Seen, SqliteStore};

use super::{Finding, Patient};
use crate::config::{Config, Keeps};

const WHAT: &str = "ledger";

const NO_DATABASE: &str = "Slack itself is the ledger, and there is a key for it. No file is written.";
const NOT_LOOKED: &str = "Slack itself is the ledger; whether there is a key for it was not looked at.";

pub(super) async fn examine(config: &Config, patient: &Patient) -> Finding {
    match (config.keeps(), &patient.tokens) {
        (Keeps::File, _) => file(&patient.ledger).await,
        (Keeps::Table(table), _) => dynamodb(table).await,
        (Keeps::Slack, Some(source)) => match source.ledger_key() {
            Ok(_) => Finding::fine(WHAT, NO_DATABASE),
            Err(error) => Finding::wrong(WHAT, error.to_string()),
        },
        (Keeps::Slack, None) => Finding::skipped(WHAT, NOT_LOOKED),
    }
}

async fn file(path: &Path) -> Finding {
    let shown = path.display();
    match SqliteStore::look(path).await {
        Ok(Seen::Store) => Finding::fine(WHAT, format!("{shown} can be written.")),
        Ok(Seen::Nothing) => Finding::fine(WHAT, format!("{shown} is not there yet, and can be made.")),
        Ok(Seen::InUse) => {
            Finding::note(WHAT, format!("{shown} is in use: a countersign runs on it at this moment."))
        }
        Err(error) => Finding::wrong(WHAT, format!("{}.", causes::line(&error))),
    }
}

#[cfg(feature = "dynamodb")]
async fn dynamodb(table: &crate::config::Dynamodb) -> Finding {
    use countersign_store::dynamodb::DynamoStore;

    seen(&table.table, &DynamoStore::look(&crate::store::settings(table)).await)
}

/// What was seen under a table's name, for a person.
#[cfg(feature = "dynamodb")]
pub(super) fn seen(
    name: &str,
    seen: &Result<countersign_store::dynamodb::Seen, countersign_store::dynamodb::OpenError>,
) -> Finding {
    use countersign_store::dynamodb::Seen;

    match seen {
        Ok(Seen::Store) => {
            Finding::fine(WHAT, format!("The DynamoDB table {name} is there, and is one of ours."))
        }
        Ok(Seen::Hoards) => Finding::wrong(
            WHAT,
            format!(
                "The DynamoDB table {name} keeps for ever what came in: switch its time to live on, for `expires`."
            ),
        ),
        Ok(Seen::Nothing) => Finding::wrong(
            WHAT,
            format!(
                "There is no DynamoDB table {name} in this account and region; make it with `countersign ledger create`."
            ),
        ),
        Ok(Seen::NotReady) => Finding::note(
            WHAT,
            format!("The DynamoDB table {name} is being made or changed; look again in a minute."),
        ),
        Ok(Seen::Foreign) => Finding::wrong(
            WHAT,
            format!("The DynamoDB table {name} is not one of Countersign's; name another one in [ledger]."),
        ),
        Err(error) => Finding::wrong(WHAT, format!("{}.", causes::line(error))),
    }
}

/// The configuration was refused before.
#[cfg(not(feature = "dynamodb"))]
async fn dynamodb(table: &crate::config::Dynamodb) -> Finding {
    Finding::skipped(WHAT, format!("The DynamoDB table {} was not looked at.", table.table))
}

#[cfg(all(test, feature = "dynamodb"))]
mod dynamodb_tests {
    use countersign_store::dynamodb::{OpenError, Seen};

    use super::*;

    #[test]
    fn whatever_is_seen_is_said() {
        let failed = OpenError::Failed { table: "countersign".to_owned(), source: "denied".into() };
        let all = [
            Ok(Seen::Store),
            Ok(Seen::Hoards),
            Ok(Seen::Nothing),
            Ok(Seen::NotReady),
            Ok(Seen::Foreign),
            Err(failed),
        ];
        let mut findings = crate::doctor::Findings::default();
        findings.extend(all.iter().map(|one| seen("countersign", one)).collect());
        insta::assert_snapshot!(findings, @"
            ok       ledger         The DynamoDB table countersign is there, and is one of ours.
            WRONG    ledger         The DynamoDB table countersign keeps for ever what came in: switch its time to live on, for `expires`.
            WRONG    ledger         There is no DynamoDB table countersign in this account and region; make it with `countersign ledger create`.
            note     ledger         The DynamoDB table countersign is being made or changed; look again in a minute.
            WRONG    ledger         The DynamoDB table countersign is not one of Countersign's; name another one in [ledger].
            WRONG    ledger         the DynamoDB table `countersign` cannot be reached; check the region, the credentials and their permissions: denied.
            ");
    }
}
