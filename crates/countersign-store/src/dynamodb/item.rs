//! Reading attributes, requests that read items, and the one that writes one.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, Get, KeysAndAttributes, TransactGetItem};

use super::change::{Change, Value, names_in};
use super::error::StoreError;
use super::table::{Index, Item, Key, LIST, PARTITION, SORT, Table};

/// So many items are read in one request at most.
const PART: usize = 100;

/// What became of a change.
#[derive(Debug)]
pub(super) enum Held {
    /// It was made.
    Done,
    /// The item is not as the condition wants it: this is how it is, if it is there.
    Refused(Option<Item>),
}

/// A text among an item's attributes.
pub(super) fn text<'a>(item: &'a Item, name: &'static str) -> Result<&'a str, StoreError> {
    maybe_text(item, name).ok_or(StoreError::Missing(name))
}

/// A text that may be there.
pub(super) fn maybe_text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
}

/// A number among an item's attributes.
pub(super) fn number<T: std::str::FromStr>(item: &Item, name: &'static str) -> Result<T, StoreError> {
    let number = item.get(name).and_then(|value| value.as_n().ok());
    number.and_then(|number| number.parse().ok()).ok_or(StoreError::Missing(name))
}

/// The item's key.
pub(super) fn key_of(item: &Item) -> Result<Key, StoreError> {
    Ok(Key { partition: text(item, PARTITION)?.to_owned(), sort: text(item, SORT)?.to_owned() })
}

/// What to look for in a partition, or in an index.
pub(super) struct Search {
    pub(super) index: Option<Index>,
    pub(super) condition: &'static str,
    pub(super) values: Vec<(&'static str, Value)>,
    pub(super) forward: bool,
    pub(super) most: usize,
}

impl Search {
    /// All of a list, in its index's order.
    pub(super) fn list(list: &str, index: Index) -> Self {
        Self::new(Some(index), "#list = :list", vec![(LIST, list.into())])
    }

    /// What of a list is due at a time (milliseconds since 1970, UTC), or was before.
    pub(super) fn due(list: &str, at: i64) -> Self {
        let values = vec![(LIST, list.into()), ("at", at.into())];
        Self::new(Some(Index::Due), "#list = :list AND #due <= :at", values)
    }

    /// All of a partition.
    pub(super) fn partition(partition: &str) -> Self {
        Self::new(None, "#pk = :pk", vec![("pk", partition.into())])
    }

    /// What of a partition has a sort key that begins with `prefix`.
    pub(super) fn beginning(partition: String, prefix: &str) -> Self {
        let values = vec![("pk", partition.into()), ("prefix", prefix.into())];
        Self::new(None, "#pk = :pk AND begins_with(#sk, :prefix)", values)
    }

    /// What stands in a partition after a sort key.
    pub(super) fn after(partition: String, sort: &str) -> Self {
        let values = vec![("pk", partition.into()), ("sk", sort.into())];
        Self::new(None, "#pk = :pk AND #sk > :sk", values)
    }

    fn new(index: Option<Index>, condition: &'static str, values: Vec<(&'static str, Value)>) -> Self {
        Self { index, condition, values, forward: true, most: usize::MAX }
    }

    /// The first of them alone.
    pub(super) fn at_most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// The last one first.
    pub(super) fn backwards(mut self) -> Self {
        self.forward = false;
        self
    }
}

impl Table {
    /// The item as it is now.
    pub(super) async fn get(&self, key: Key) -> Result<Option<Item>, StoreError> {
        let _turn = self.turn().await;
        let request = self.client.get_item().table_name(&self.name).consistent_read(true);
        let answer = request.set_key(Some(key.attributes())).send().await.map_err(StoreError::dynamo)?;
        Ok(answer.item)
    }

    /// Two items as they are at one moment.
    pub(super) async fn get_two(&self, keys: [Key; 2]) -> Result<[Option<Item>; 2], StoreError> {
        let _turn = self.turn().await;
        let mut request = self.client.transact_get_items();
        for key in keys {
            let get = Get::builder().table_name(&self.name).set_key(Some(key.attributes())).build();
            let get = get.map_err(StoreError::dynamo)?;
            request = request.transact_items(TransactGetItem::builder().get(get).build());
        }
        let answer = request.send().await.map_err(StoreError::dynamo)?;
        let mut found = answer.responses.unwrap_or_default().into_iter().map(|one| one.item);
        let mut next = || found.next().flatten().filter(|item| !item.is_empty());
        Ok([next(), next()])
    }

    /// The items under `keys` as they are now, those that are there, in any order.
    pub(super) async fn get_all(&self, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        let mut found = Vec::with_capacity(keys.len());
        let _turn = self.turn().await;
        for part in keys.chunks(PART) {
            let mut left = vec![];
            left.extend(part.iter().cloned().map(Key::attributes));
            while !left.is_empty() {
                let keys = KeysAndAttributes::builder().set_keys(Some(left)).consistent_read(true).build();
                let keys = keys.map_err(StoreError::dynamo)?;
                let request = self.client.batch_get_item().request_items(&self.name, keys);
                let answer = request.send().await.map_err(StoreError::dynamo)?;
                found.extend(answer.responses.unwrap_or_default().into_values().flatten());
                let rest = answer.unprocessed_keys.unwrap_or_default().into_values();
                left = rest.flat_map(|keys| keys.keys).collect();
            }
        }
        Ok(found)
    }

    /// What a search finds, page by page.
    pub(super) async fn query(&self, search: Search) -> Result<Vec<Item>, StoreError> {
        let Search { index, condition, values, forward, most } = search;
        let values: HashMap<String, AttributeValue> =
            values.into_iter().map(|(name, value)| (format!(":{name}"), value.0)).collect();
        let mut found = Vec::new();
        let mut from = None;
        let _turn = self.turn().await;
        loop {
            let limit = i32::try_from(most.saturating_sub(found.len())).ok();
            let request = self.client.query().table_name(&self.name).key_condition_expression(condition);
            let request = request
                .set_expression_attribute_names(Some(names_in(condition)))
                .set_expression_attribute_values(Some(values.clone()))
                .set_index_name(index.map(|index| index.name().to_owned()))
                // An index has no consistent reads; what it names is read itself.
                .consistent_read(index.is_none())
                .scan_index_forward(forward)
                .set_limit(limit)
                .set_exclusive_start_key(from);
            let answer = request.send().await.map_err(StoreError::dynamo)?;
            found.extend(answer.items.unwrap_or_default());
            from = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if from.is_none() || found.len() >= most {
                return Ok(found);
            }
        }
    }

    /// The keys that an index names.
    pub(super) async fn keys(&self, search: Search) -> Result<Vec<Key>, StoreError> {
        self.query(search).await?.iter().map(key_of).collect()
    }

    /// Makes a change.
    pub(super) async fn change(&self, change: Change) -> Result<Held, StoreError> {
        use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
        use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld;

        let _turn = self.turn().await;
        let (key, made) = change.expressions();
        let request = self.client.update_item().table_name(&self.name).set_key(Some(key.attributes()));
        let request = request
            .set_update_expression(made.update)
            .set_condition_expression(made.condition)
            .set_expression_attribute_names(made.names)
            .set_expression_attribute_values(made.values)
            .return_values_on_condition_check_failure(AllOld);
        match request.send().await {
            Ok(_) => Ok(Held::Done),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    Ok(Held::Refused(refused.item.clone().filter(|item| !item.is_empty())))
                }
                _ => Err(StoreError::dynamo(error)),
            },
        }
    }
}
