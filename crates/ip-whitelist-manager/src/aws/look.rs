//! Looking at what a whitelist stands on, without changing anything: the table, the groups, and the right to change them.

use std::sync::Arc;

use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::types::{
    GlobalSecondaryIndexDescription, IndexStatus, KeySchemaElement, KeyType, TableDescription, TableStatus,
    TimeToLiveStatus,
};

use super::item::{ENVIRONMENT, EXPIRES_AT, IP_ADDRESS};
use super::table::INDEX;
use super::{Account, Aws, Ec2Firewall};
use crate::domain::Group;
use crate::ports::{Cause, Firewall as _, FirewallError};

/// What stands under the table's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// A whitelist's table.
    Whitelist,
    /// One whose rows DynamoDB itself never deletes: the backstop is missing.
    NoExpiry,
    /// One without the index that rows are listed by.
    NoIndex,
    /// Nothing.
    Nothing,
    /// A table, or its index, that is being made or changed.
    NotReady,
    /// A table with other keys.
    Foreign,
}

/// A group, and what these credentials may do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// The group.
    pub group: Group,
    /// What EC2 says of it; `None`: it does not say, as of prefix lists.
    pub may: Option<May>,
}

/// What these credentials may do with a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct May {
    /// Let something through to it.
    pub open: bool,
    /// Take that away again.
    pub shut: bool,
}

impl Account {
    /// What stands under the table's name.
    ///
    /// # Errors
    /// What DynamoDB says, where it does not answer or says no.
    pub async fn look_at_table(&self, aws: &Aws) -> Result<Seen, Cause> {
        let client = aws.dynamodb().await;
        let described = match client.describe_table().table_name(&self.table).send().await {
            Ok(answer) => answer.table,
            Err(error) => match error.as_service_error() {
                Some(DescribeTableError::ResourceNotFoundException(_)) => None,
                _ => return Err(error.into()),
            },
        };
        let Some(table) = described else { return Ok(Seen::Nothing) };
        match of(&table) {
            Seen::Whitelist => {}
            other => return Ok(other),
        }
        let expiry = client.describe_time_to_live().table_name(&self.table).send().await?;
        let expiry = expiry.time_to_live_description;
        let expires = expiry.is_some_and(|expiry| {
            matches!(
                expiry.time_to_live_status(),
                Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)
            ) && expiry.attribute_name() == Some(EXPIRES_AT)
        });
        Ok(if expires { Seen::Whitelist } else { Seen::NoExpiry })
    }

    /// The groups that follow the table, and whether they could be opened and shut. EC2 is asked to try, and not to do it.
    ///
    /// # Errors
    /// [`FirewallError`] where the groups cannot be read.
    pub async fn look_at_groups(&self, aws: Arc<Aws>) -> Result<Vec<Looked>, FirewallError> {
        let firewall = Ec2Firewall::new(aws, self.discovery.clone(), &self.table);
        let mut looked = Vec::new();
        for group in firewall.groups().await? {
            let may = firewall.may(&group.id).await?;
            looked.push(Looked { group, may });
        }
        Ok(looked)
    }
}

/// What a table is by its description.
fn of(table: &TableDescription) -> Seen {
    if !keys_are(table.key_schema(), &[(IP_ADDRESS, KeyType::Hash), (ENVIRONMENT, KeyType::Range)]) {
        return Seen::Foreign;
    }
    let by_environment = |index: &&GlobalSecondaryIndexDescription| {
        index.index_name() == Some(INDEX) && keys_are(index.key_schema(), &[(ENVIRONMENT, KeyType::Hash)])
    };
    let Some(index) = table.global_secondary_indexes().iter().find(by_environment) else {
        return Seen::NoIndex;
    };
    let ready = matches!(table.table_status(), Some(TableStatus::Active | TableStatus::Updating))
        && index.index_status() == Some(&IndexStatus::Active);
    if ready { Seen::Whitelist } else { Seen::NotReady }
}

fn keys_are(schema: &[KeySchemaElement], keys: &[(&str, KeyType)]) -> bool {
    schema.len() == keys.len()
        && schema.iter().all(|one| {
            keys.iter().any(|(name, kind)| one.attribute_name() == *name && one.key_type() == kind)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(name: &str, kind: KeyType) -> KeySchemaElement {
        KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()
    }

    fn table(range: &str, index: Option<(&str, IndexStatus)>) -> Seen {
        let mut table = TableDescription::builder()
            .key_schema(element(IP_ADDRESS, KeyType::Hash))
            .key_schema(element(range, KeyType::Range))
            .table_status(TableStatus::Active);
        if let Some((name, status)) = index {
            let index = GlobalSecondaryIndexDescription::builder().index_name(name).index_status(status);
            table =
                table.global_secondary_indexes(index.key_schema(element(ENVIRONMENT, KeyType::Hash)).build());
        }
        of(&table.build())
    }

    #[test]
    fn a_table_is_known_by_its_keys_and_its_index() {
        assert_eq!(table("environment", Some((INDEX, IndexStatus::Active))), Seen::Whitelist);
        assert_eq!(table("environment", Some((INDEX, IndexStatus::Creating))), Seen::NotReady);
        assert_eq!(table("environment", Some(("by-owner", IndexStatus::Active))), Seen::NoIndex);
        assert_eq!(table("environment", None), Seen::NoIndex);
        assert_eq!(table("sk", Some((INDEX, IndexStatus::Active))), Seen::Foreign);
    }
}
