use std::time::Duration;

use async_trait::async_trait;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::{Builder, Credentials};
use aws_sdk_lambda::error::SdkError;
use aws_sdk_lambda::operation::invoke::{InvokeError, InvokeOutput};
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use countersign_engine::ports::Cause;
use tokio::sync::OnceCell;

use super::transport::{Transport, TransportError};
use super::wire::MOST_BYTES;

/// Which function, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name or ARN; a version or an alias may follow a colon.
    pub name: String,
    /// AWS's region; without it the environment's or the profile's.
    pub region: Option<String>,
    /// Another address than AWS's own, for an emulator. It is never sent anybody's credentials.
    pub endpoint: Option<String>,
}

/// A runbook in AWS Lambda: one synchronous invocation for each call, never repeated by itself. Its role is all
/// that a caller needs, so that nothing is signed beside what AWS signs.
#[derive(Debug)]
pub struct Lambda {
    function: Function,
    client: OnceCell<Client>,
}

impl Lambda {
    /// The runbooks in `function`. AWS is not asked for anything yet.
    pub fn new(function: Function) -> Self {
        Self { function, client: OnceCell::new() }
    }

    async fn client(&self) -> &Client {
        self.client.get_or_init(async || Client::from_conf(config(&self.function).await.build())).await
    }
}

#[async_trait]
impl Transport for Lambda {
    async fn call(&self, request: Vec<u8>, within: Duration) -> Result<Vec<u8>, TransportError> {
        let sent = self
            .client()
            .await
            .invoke()
            .function_name(&self.function.name)
            .invocation_type(InvocationType::RequestResponse)
            .payload(Blob::new(request))
            .send();
        match tokio::time::timeout(within, sent).await {
            Ok(Ok(output)) => payload(output).map_err(TransportError::Lost),
            Ok(Err(error)) if was_never_run(&error) => Err(TransportError::NotSent(error.into())),
            Ok(Err(error)) => Err(TransportError::Lost(error.into())),
            Err(late) => Err(TransportError::Lost(late.into())),
        }
    }
}

/// AWS answers with 4xx when it did not run the function, and with 200 when it did, whatever the function said
/// (<https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>).
fn was_never_run(error: &SdkError<InvokeError>) -> bool {
    match error {
        SdkError::ConstructionFailure(_) => true,
        SdkError::DispatchFailure(failure) => failure.is_user(),
        SdkError::ServiceError(said) => (400..500).contains(&said.raw().status().as_u16()),
        _ => false,
    }
}

fn payload(output: InvokeOutput) -> Result<Vec<u8>, Cause> {
    let payload = output.payload.map(Blob::into_inner).unwrap_or_default();
    // The function died, or ran out of time or memory: how far it came is not known. What it says may hold anything.
    if let Some(kind) = output.function_error {
        return Err(format!("the function ended with an error ({kind})").into());
    }
    if payload.len() > MOST_BYTES {
        return Err(format!("the runbook's answer is larger than {MOST_BYTES} bytes").into());
    }
    Ok(payload)
}

/// How the function is reached. A call is not sent again by itself: whether it may be is the engine's question.
async fn config(function: &Function) -> Builder {
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::builder().connect_timeout(Duration::from_secs(5)).build());
    if let Some(region) = &function.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(endpoint) = &function.endpoint {
        let nobody = Credentials::new("emulator", "emulator", None, None, "emulator");
        loader = loader.endpoint_url(endpoint).credentials_provider(nobody);
    }
    Builder::from(&loader.load().await)
}
