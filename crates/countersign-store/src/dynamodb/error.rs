use countersign_core::ids::OperationId;

/// Why the store did not do what it was asked; the cause inside a port's error.
#[derive(Debug, thiserror::Error)]
pub(super) enum StoreError {
    #[error("an operation begins with a request of its own")]
    NoRequest,
    #[error("the id of {0} is taken")]
    Taken(OperationId),
    #[error("there is no operation {0}")]
    NoOperation(OperationId),
    #[error("the records do not follow one another")]
    NoChain,
    #[error("record {seq} of {operation} cannot be read back")]
    Damaged {
        operation: OperationId,
        seq: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("a stored value cannot be read back")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("an item has no `{0}`, or another kind of it")]
    Missing(&'static str),
    #[error("a value cannot be stored")]
    Unwritable(#[source] serde_json::Error),
    #[error("{what} has {size} bytes, and DynamoDB takes {most} in one item")]
    TooLarge { what: &'static str, size: usize, most: usize },
    #[error("{0} items are too many for one transaction")]
    TooMany(usize),
    #[error("others write the same items again and again; it was not done")]
    Crowded,
    #[error("DynamoDB did not do it")]
    Dynamo(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// What the SDK says.
    pub(super) fn dynamo(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Dynamo(Box::new(error))
    }

    /// A stored value is not what it should be.
    pub(super) fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Unreadable(Box::new(error))
    }
}
