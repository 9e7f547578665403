//! From saved records back to the state.

use serde_json::Error;

use crate::workspace::State;

impl State {
    /// Takes one saved record into the state.
    pub(super) fn restore(&mut self, kind: &str, id: &str, body: &str) -> Result<(), Error> {
        match kind {
            "message" => {
                let message: crate::workspace::Message = serde_json::from_str(body)?;
                self.log(&message.channel.clone()).insert(message);
            }
            "ephemeral" => self.put_ephemeral(serde_json::from_str(body)?),
            "channel" => self.put_channel(serde_json::from_str(body)?),
            "person" => self.put_person(serde_json::from_str(body)?),
            "usergroup" => self.put_usergroup(serde_json::from_str(body)?),
            "installation" => self.installation = serde_json::from_str(body)?,
            "view" => {
                let view: crate::workspace::View = serde_json::from_str(body)?;
                self.views.insert(view.id.clone(), view);
            }
            "file" => {
                let file: crate::workspace::File = serde_json::from_str(body)?;
                self.files.insert(file.id.clone(), file);
            }
            "response_url" => {
                self.response_urls.insert(id.into(), serde_json::from_str(body)?);
            }
            "transport" => self.app.transport = serde_json::from_str(body)?,
            "counters" => self.counters = serde_json::from_str(body)?,
            "outbox" => {
                let seq = id.parse().map_err(|_| not_a_number(id))?;
                self.outbox.insert(seq, serde_json::from_str(body)?);
            }
            other => {
                return Err(serde::de::Error::custom(format!("there is no kind of record called {other}")));
            }
        }
        Ok(())
    }
}

fn not_a_number(id: &str) -> Error {
    serde::de::Error::custom(format!("{id} is no place in the outbox"))
}
