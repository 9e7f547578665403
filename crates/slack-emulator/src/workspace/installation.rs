//! The app's place in the workspace: its bot token, its scopes, and being thrown out.

use serde::{Deserialize, Serialize};

use super::change::What;
use super::{Refused, Workspace};
use crate::events;
use crate::seed::{App, Token};

/// How the app is installed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Installation {
    /// The bot token that works now, unless the app is uninstalled.
    pub bot_token: Token,
    /// Scopes of the bot token.
    pub scopes: Vec<String>,
    /// Bot tokens that worked before.
    pub revoked: Vec<Token>,
    /// The app was thrown out: its bot token is `account_inactive`, and it hears nothing.
    pub uninstalled: bool,
}

impl Installation {
    pub(crate) fn of(app: &App) -> Self {
        Self {
            bot_token: app.bot_token.clone(),
            scopes: app.scopes.clone(),
            revoked: Vec::new(),
            uninstalled: false,
        }
    }

    /// Whether the bot token has a scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|one| one == scope)
    }
}

impl Workspace {
    /// Replaces the bot token: the old one answers `token_revoked` from now on. An uninstalled app is installed again.
    ///
    /// # Errors
    /// [`Refused::TokenInUse`] when the token belongs to somebody, or belonged to the app before.
    pub async fn rotate_token(&self, bot_token: Token) -> Result<(), Refused> {
        self.commit(|tx| {
            let state = &*tx.state;
            let new = bot_token.reveal();
            let known = state
                .installation
                .revoked
                .iter()
                .chain([&state.installation.bot_token, &state.app.app_token]);
            if known
                .chain(state.people.iter().filter_map(|one| one.token.as_ref()))
                .any(|one| one.matches(new))
            {
                return Err(Refused::TokenInUse);
            }
            let mut installation = state.installation.clone();
            installation.revoked.push(std::mem::replace(&mut installation.bot_token, bot_token));
            installation.uninstalled = false;
            tx.put_installation(installation);
            Ok(())
        })
        .await
    }

    /// Gives the bot token these scopes and no others.
    ///
    /// # Errors
    /// [`Refused::NotSaved`] alone.
    pub async fn set_scopes(&self, scopes: Vec<String>) -> Result<(), Refused> {
        self.commit(|tx| {
            tx.put_installation(Installation { scopes, ..tx.state.installation.clone() });
            Ok(())
        })
        .await
    }

    /// An admin throws the app out: it gets `tokens_revoked` and `app_uninstalled`, and then nothing more; its bot
    /// token answers `account_inactive`.
    ///
    /// # Errors
    /// [`Refused::NotInstalled`] when it is out already.
    pub async fn uninstall_app(&self) -> Result<(), Refused> {
        self.commit(|tx| {
            if tx.state.installation.uninstalled {
                return Err(Refused::NotInstalled);
            }
            events::app_uninstalled(tx);
            tx.put_installation(Installation { uninstalled: true, ..tx.state.installation.clone() });
            tx.changed(What::PeopleChanged);
            Ok(())
        })
        .await
    }

    /// Tells the app that Slack holds back its events: `app_rate_limited`.
    ///
    /// # Errors
    /// [`Refused::NotInstalled`] when the app is thrown out.
    pub async fn rate_limit_events(&self) -> Result<(), Refused> {
        self.commit(|tx| {
            if tx.state.installation.uninstalled {
                return Err(Refused::NotInstalled);
            }
            events::app_rate_limited(tx);
            Ok(())
        })
        .await
    }
}
