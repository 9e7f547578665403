//! Several changes, all or none.

use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem, Update};

use super::change::Change;
use super::error::StoreError;
use super::item::Held;
use super::table::Table;

/// DynamoDB takes no more items in one transaction.
const MOST: usize = 100;
/// So often a transaction is tried that others cross.
const TRIES: u32 = 8;
/// The first wait before it is tried again; it doubles.
const WAIT: Duration = Duration::from_millis(10);

/// What became of a transaction.
#[derive(Debug)]
pub(super) enum Committed {
    /// All changes were made.
    Done,
    /// None was made. For each change: did its condition hold?
    Refused(Vec<Held>),
}

impl Table {
    /// Makes all of the changes, or none. The token by which a repetition is known is the SDK's own.
    pub(super) async fn commit(&self, changes: &[Change]) -> Result<Committed, StoreError> {
        if changes.len() > MOST {
            return Err(StoreError::TooMany(changes.len()));
        }
        let _turn = self.turn().await;
        let writes: Vec<_> = changes.iter().map(|change| self.write(change)).collect::<Result<_, _>>()?;
        for wait in (0..TRIES).map(|tries| WAIT * 2_u32.pow(tries)) {
            let request = self.client.transact_write_items().set_transact_items(Some(writes.clone()));
            let Err(error) = request.send().await else { return Ok(Committed::Done) };
            match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    let reasons = cancelled.cancellation_reasons();
                    if reasons.iter().any(is_refusal) {
                        return Ok(Committed::Refused(reasons.iter().map(held).collect()));
                    }
                    if !reasons.iter().any(is_crossing) {
                        return Err(StoreError::dynamo(error));
                    }
                }
                _ => return Err(StoreError::dynamo(error)),
            }
            // Somebody else writes one of the items at this moment, or there is too much to write.
            tokio::time::sleep(wait).await;
        }
        Err(StoreError::Crowded)
    }

    fn write(&self, change: &Change) -> Result<TransactWriteItem, StoreError> {
        let (key, made) = change.clone().expressions();
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
            .set_update_expression(made.update)
            .set_condition_expression(made.condition)
            .set_expression_attribute_names(made.names)
            .set_expression_attribute_values(made.values)
            .return_values_on_condition_check_failure(AllOld)
            .build()
            .map_err(StoreError::dynamo)?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}

fn is_refusal(reason: &CancellationReason) -> bool {
    reason.code() == Some("ConditionalCheckFailed")
}

/// Did it only come at a bad moment?
fn is_crossing(reason: &CancellationReason) -> bool {
    matches!(reason.code(), Some("TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded"))
}

fn held(reason: &CancellationReason) -> Held {
    match is_refusal(reason) {
        true => Held::Refused(reason.item.clone().filter(|item| !item.is_empty())),
        false => Held::Done,
    }
}
