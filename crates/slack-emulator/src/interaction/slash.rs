//! Slash commands.

use serde_json::{Value, json};

use super::{InteractionError, Interactions, check_member, new_response_url};
use crate::delivery::RequestKind;
use crate::seed::{Channel, ChannelKind};
use crate::workspace::{Author, ChannelId, Draft, EphemeralAuthor, Refused, UserId};

/// The most characters of an answer's text.
const MAX_TEXT: usize = 40_000;

impl Interactions {
    /// A person types `/command text` in a channel. The app's immediate answer, if it has one, is shown there.
    pub(crate) async fn slash(
        &self,
        user: &UserId,
        channel: &ChannelId,
        command: &str,
        text: &str,
    ) -> Result<(), InteractionError> {
        self.workspace.read(|state| {
            check_member(state, user, channel)?;
            let known = state.app().commands.iter().any(|known| known.command == command);
            if known { Ok(()) } else { Err(InteractionError::UnknownCommand) }
        })?;
        let payload = self.slash_payload(user, channel, (command, text)).await?;
        match self.ask(RequestKind::SlashCommand, payload).await {
            Ok(None) => Ok(()),
            Ok(Some(answer)) => Ok(self.show_answer(user, channel, &answer).await?),
            Err(failed) => {
                let text = format!("{command} failed with the error \"{}\"", failed.code());
                self.tell_failure((user, channel), None, text).await;
                Err(failed)
            }
        }
    }

    async fn slash_payload(
        &self,
        user: &UserId,
        channel: &ChannelId,
        (command, text): (&str, &str),
    ) -> Result<Value, Refused> {
        self.workspace
            .commit(|tx| {
                let url = new_response_url(tx, user, channel);
                let response_url = self.response_url(tx, url);
                let trigger = tx.new_trigger(user);
                let state = &*tx.state;
                let person = state.person(user).ok_or(Refused::UserNotFound)?;
                Ok(json!({
                    "token": "verification-token",
                    "team_id": state.team().id,
                    "team_domain": state.team().domain,
                    "channel_id": channel,
                    "channel_name": state.channel(channel).map(channel_name),
                    "user_id": user,
                    "user_name": person.name,
                    "command": command,
                    "text": text,
                    "api_app_id": state.app().id,
                    "is_enterprise_install": false,
                    "response_url": response_url,
                    "trigger_id": trigger,
                }))
            })
            .await
    }

    /// Shows the payload of an acknowledgement: to the person alone, or to the channel if it says `in_channel`.
    async fn show_answer(
        &self,
        user: &UserId,
        channel: &ChannelId,
        answer: &Value,
    ) -> Result<(), InteractionError> {
        let text = answer.as_str().or_else(|| answer.get("text")?.as_str()).unwrap_or_default();
        let blocks = answer.get("blocks").and_then(Value::as_array).cloned().unwrap_or_default();
        let draft = Draft { text: text.chars().take(MAX_TEXT).collect(), blocks, ..Draft::default() };
        if draft.is_empty() {
            return Ok(());
        }
        let in_channel = answer.get("response_type").and_then(Value::as_str) == Some("in_channel");
        self.workspace
            .commit(|tx| {
                if in_channel {
                    tx.post(&Author::App, channel, draft).map(drop)
                } else {
                    tx.whisper(EphemeralAuthor::App, channel, user, draft);
                    Ok(())
                }
            })
            .await?;
        Ok(())
    }
}

/// Slack hides the names of private channels and direct messages.
pub(super) fn channel_name(channel: &Channel) -> &str {
    match channel.kind {
        ChannelKind::Public => &channel.name,
        ChannelKind::Private => "privategroup",
        ChannelKind::Direct => "directmessage",
    }
}
