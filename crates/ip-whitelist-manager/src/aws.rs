//! The whitelist on AWS: the table on DynamoDB, the firewall on EC2.
//!
//! Nothing is looked up before it is used: no credentials, no connection, no client. A Lambda that starts has none of
//! it to wait for.

mod account;
mod condition;
mod create;
mod error;
mod firewall;
mod item;
mod look;
mod prefix_lists;
mod table;
mod tags;

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use tokio::sync::OnceCell;

pub use account::Account;
pub use create::{CreateError, create};
pub use firewall::{Discovery, Ec2Firewall, RULES_PER_GROUP};
pub use look::{Looked, May, Seen};
pub use table::DynamoTable;

/// A request is sent again after so long without an answer.
const ATTEMPT: Duration = Duration::from_secs(8);
/// After so long, with all attempts, it has failed.
const ALL_ATTEMPTS: Duration = Duration::from_secs(20);
/// So often a request is sent at most; the sync pauses and tries again by itself.
const MOST_ATTEMPTS: u32 = 3;

/// Where AWS is, and as whom to ask.
#[derive(Debug, Default)]
pub struct Aws {
    region: Option<String>,
    config: OnceCell<SdkConfig>,
    dynamodb: OnceCell<aws_sdk_dynamodb::Client>,
    ec2: OnceCell<aws_sdk_ec2::Client>,
    #[cfg(feature = "lambda")]
    secrets: OnceCell<aws_sdk_secretsmanager::Client>,
}

impl Aws {
    /// As the environment or the profile says: region, credentials, address.
    pub fn from_environment() -> Self {
        Self::default()
    }

    /// The same in this region, whatever the environment says.
    #[must_use]
    pub fn in_region(self, region: Option<String>) -> Self {
        Self { region, ..self }
    }

    /// An emulator at this address. It is never sent anybody's credentials.
    pub fn emulator(endpoint: &str) -> Self {
        let nobody = aws_sdk_dynamodb::config::Credentials::new("test", "emulator", None, None, "emulator");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            // What goes wrong there is to be seen, and not to be tried again.
            .retry_config(RetryConfig::disabled())
            .endpoint_url(endpoint)
            .credentials_provider(aws_sdk_dynamodb::config::SharedCredentialsProvider::new(nobody))
            .build();
        Self { config: OnceCell::new_with(Some(config)), ..Self::default() }
    }

    /// DynamoDB.
    pub(crate) async fn dynamodb(&self) -> &aws_sdk_dynamodb::Client {
        let client = || async { aws_sdk_dynamodb::Client::new(self.config().await) };
        self.dynamodb.get_or_init(client).await
    }

    /// EC2.
    pub(crate) async fn ec2(&self) -> &aws_sdk_ec2::Client {
        let client = || async { aws_sdk_ec2::Client::new(self.config().await) };
        self.ec2.get_or_init(client).await
    }

    /// Secrets Manager.
    #[cfg(feature = "lambda")]
    pub(crate) async fn secrets(&self) -> &aws_sdk_secretsmanager::Client {
        let client = || async { aws_sdk_secretsmanager::Client::new(self.config().await) };
        self.secrets.get_or_init(client).await
    }

    async fn config(&self) -> &SdkConfig {
        let load = || async {
            let timeouts = TimeoutConfig::builder()
                .operation_attempt_timeout(ATTEMPT)
                .operation_timeout(ALL_ATTEMPTS)
                .build();
            let loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
                .retry_config(RetryConfig::standard().with_max_attempts(MOST_ATTEMPTS))
                .timeout_config(timeouts);
            match self.region.clone() {
                Some(region) => loader.region(Region::new(region)).load().await,
                None => loader.load().await,
            }
        };
        self.config.get_or_init(load).await
    }
}

#[cfg(test)]
mod tests;
