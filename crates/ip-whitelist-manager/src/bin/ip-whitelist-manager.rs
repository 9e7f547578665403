//! The Lambda function of the whitelist: a custom runtime (`provided.al2023`), whose program is called `bootstrap`.

use std::sync::Arc;

use countersign_engine::causes;
use countersign_engine::system::SystemClock;
use ip_whitelist_manager::aws::Aws;
use ip_whitelist_manager::lambda::{Function, Settings};
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::INFO)
        .with_ansi(false)
        .without_time()
        .init();
    let settings = Settings::read(variable)?;
    let office = settings.office(Arc::new(Aws::from_environment()), Arc::new(SystemClock));
    let function = Function::new(&office);
    let answer = service_fn(|event: LambdaEvent<Value>| {
        let function = function.clone();
        async move {
            let answer = function.answer(&event.payload).await;
            answer.map_err(|error| {
                let error = causes::line(&error);
                tracing::error!(%error, "a call failed");
                lambda_runtime::Error::from(error)
            })
        }
    });
    lambda_runtime::run(answer).await.map_err(|error| anyhow::anyhow!(error))
}

#[expect(clippy::disallowed_methods, reason = "this is the program's main")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
