//! What the SDK's errors mean to the ports.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::ports::{Cause, FirewallError, TableError};

/// An error's code, as AWS gives it.
pub(super) fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Option<&str> {
    error.as_service_error().and_then(ProvideErrorMetadata::code)
}

/// DynamoDB's errors (API reference, common errors and those of each operation).
pub(super) fn table<E, R>(error: SdkError<E, R>) -> TableError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    let throttled = matches!(
        code(&error),
        Some("ProvisionedThroughputExceededException" | "RequestLimitExceeded" | "ThrottlingException")
    );
    let cause = Cause::from(error);
    if throttled { TableError::Throttled(cause) } else { TableError::Failed(cause) }
}

/// EC2's errors (API reference, error codes).
pub(super) fn firewall<E, R>(error: SdkError<E, R>) -> FirewallError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match code(&error) {
        Some("InvalidPermission.Duplicate") => FirewallError::Duplicate,
        Some("InvalidPermission.NotFound" | "InvalidSecurityGroupRuleId.NotFound") => FirewallError::NotFound,
        Some(
            "InvalidGroup.NotFound" | "InvalidSecurityGroupID.NotFound" | "InvalidPrefixListID.NotFound",
        ) => FirewallError::GroupGone,
        Some("RulesPerSecurityGroupLimitExceeded" | "PrefixListMaxEntriesExceeded") => FirewallError::Full,
        // The last two: a prefix list that somebody else changes in this moment.
        Some(
            "RequestLimitExceeded"
            | "Throttling"
            | "ThrottlingException"
            | "PrefixListVersionMismatch"
            | "IncorrectState",
        ) => FirewallError::Throttled(error.into()),
        Some("UnauthorizedOperation" | "AccessDenied" | "AccessDeniedException") => {
            FirewallError::Denied(error.into())
        }
        _ => FirewallError::Failed(error.into()),
    }
}
