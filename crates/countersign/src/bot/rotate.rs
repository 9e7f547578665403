//! Other tokens, while the bot runs.

use std::time::Duration;

use countersign_slack::http::EmptySecret;
use countersign_slack::web_api::WebError;

use super::listening::{Deaf, Listening};
use super::{Bot, Tokens};

/// For a connection with the new app token, before the old ones close.
const CONNECT: Duration = Duration::from_secs(30);

/// The new tokens are not in use, or not all of them.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// Slack does not take the new bot token.
    #[error("Slack does not accept the new bot token, or does not answer; the old one stays")]
    Slack(#[source] WebError),
    /// It is a token of somebody else.
    #[error("the new bot token belongs to another bot or another workspace; the old one stays")]
    AnotherBot,
    /// The new signing secret is none.
    #[error("the new signing secret cannot be used; the old one stays")]
    Secret(#[source] EmptySecret),
    /// Nothing is heard with the new app token.
    #[error("with the new app token nothing is heard; the old connections stay")]
    Deaf(#[source] Deaf),
    /// Nothing is heard with the new app token in time.
    #[error("with the new app token no connection stands within 30 s; the old ones stay")]
    NotConnected,
}

impl Bot {
    /// Uses these tokens from now on. What is heard meanwhile is heard: new connections stand before
    /// the old ones close, and for five minutes the old signing secret still holds.
    ///
    /// # Errors
    /// [`RotateError`]: the part that failed works as before, and what comes after it was not begun.
    pub async fn rotate(&self, tokens: &Tokens) -> Result<(), RotateError> {
        self.use_bot_token(tokens).await?;
        if let (Some(secrets), Some(secret)) = (&self.secrets, &tokens.signing_secret) {
            secrets.rotate(secret, self.world.clock.now()).map_err(RotateError::Secret)?;
        }
        self.use_app_token(tokens).await
    }

    async fn use_bot_token(&self, tokens: &Tokens) -> Result<(), RotateError> {
        let me = self.web.with_token(tokens.bot.clone()).auth_test().await.map_err(RotateError::Slack)?;
        if me != self.me {
            return Err(RotateError::AnotherBot);
        }
        self.web.replace_token(tokens.bot.clone());
        self.notices.token_works();
        Ok(())
    }

    async fn use_app_token(&self, tokens: &Tokens) -> Result<(), RotateError> {
        let Some(app) = &tokens.app else { return Ok(()) };
        let mut listening = self.listening.lock().await;
        if listening.as_ref().is_none_or(|(token, _)| token == app) {
            return Ok(());
        }
        let new = Listening::start(self.web.with_token(app.clone()), self.sink(), &self.world);
        match tokio::time::timeout(CONNECT, new.ear().connected()).await {
            Ok(Ok(())) => {}
            Ok(Err(deaf)) => return Err(RotateError::Deaf(deaf)),
            Err(_) => {
                new.stop().await;
                return Err(RotateError::NotConnected);
            }
        }
        self.vitals.listens_with(new.ear());
        if let Some((_, old)) = listening.replace((app.clone(), new)) {
            old.stop().await;
        }
        Ok(())
    }
}
