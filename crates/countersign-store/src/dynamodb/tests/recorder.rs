//! Every request that goes out, by its name.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;

/// The names of the requests so far. That nothing ever scans a table is checked whenever a record ends.
#[derive(Debug, Clone, Default)]
pub(super) struct Recorder {
    names: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    /// The names since the last look.
    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.names.lock().unwrap())
    }
}

impl Intercept for Recorder {
    fn name(&self) -> &'static str {
        "recorder"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let target = context.request().headers().get("x-amz-target").unwrap_or_default();
        let name = target.rsplit('.').next().unwrap_or_default();
        assert_ne!(name, "Scan", "a table is never scanned");
        self.names.lock().unwrap().push(name.to_owned());
        Ok(())
    }
}
