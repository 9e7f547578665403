//! One change of the state, with everything that follows from it: rows to save, changes to show, events for the
//! app. Every mutation goes through here, so that nothing is changed without being saved.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;

use super::change::{MessageRef, What};
use super::ids::{ChannelId, FileId, Ts, UserId, ViewId};
use super::installation::Installation;
use super::message::{Ephemeral, Message};
use super::state::{ChannelLog, File, ResponseUrl, State, Trigger};
use super::view::View;
use crate::delivery::Transport;
use crate::seed::{Channel, Person, UserGroup};
use crate::store::Row;

/// A change under way.
pub(crate) struct Tx<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) now: Timestamp,
    pub(crate) batch: Batch,
}

/// What one change leads to.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) rows: Vec<Row>,
    pub(crate) changes: Vec<What>,
    /// Places in the outbox of the events to deliver.
    pub(crate) events: Vec<(u64, Value)>,
}

impl Tx<'_> {
    /// A `ts` for something that happens now: later than every one before.
    pub(crate) fn next_ts(&mut self) -> Ts {
        let ts = Ts::at(self.now).max(self.state.counters.last_ts.next());
        self.state.counters.last_ts = ts;
        self.save_counters();
        ts
    }

    /// A number that was never given out before.
    pub(crate) fn next_number(&mut self) -> u64 {
        self.state.counters.next_id += 1;
        self.save_counters();
        self.state.counters.next_id
    }

    /// An identifier such as `Ev00000007`.
    pub(crate) fn next_id(&mut self, prefix: &str) -> String {
        format!("{prefix}{:08}", self.next_number())
    }

    /// An identifier in the form of a UUID.
    pub(crate) fn next_uuid(&mut self) -> String {
        let number = self.next_number();
        format!("00000000-0000-4000-8000-{number:012x}")
    }

    /// A moment from now as a `ts`.
    pub(crate) fn after(&self, span: SignedDuration) -> Ts {
        Ts::at(self.now.saturating_add(span).unwrap_or(self.now))
    }

    pub(crate) fn changed(&mut self, what: What) {
        self.batch.changes.push(what);
    }

    /// Names a message for the change feed.
    pub(crate) fn reference(&self, message: &Message) -> MessageRef {
        MessageRef { channel: message.channel.clone(), ts: message.ts, thread_ts: message.thread_ts }
    }

    pub(crate) fn put_message(&mut self, message: Message) {
        self.save("message", format!("{}/{}", message.channel, message.ts), &message);
        self.state.log(&message.channel).insert(message);
    }

    pub(crate) fn remove_message(&mut self, channel: &ChannelId, ts: Ts) {
        self.erase("message", format!("{channel}/{ts}"));
        self.state.log(channel).remove(ts);
    }

    pub(crate) fn put_ephemeral(&mut self, message: Ephemeral) {
        self.save("ephemeral", message.ts.to_string(), &message);
        self.state.put_ephemeral(message);
    }

    pub(crate) fn remove_ephemeral(&mut self, ts: Ts) {
        self.erase("ephemeral", ts.to_string());
        self.state.ephemerals.retain(|one| one.ts != ts);
    }

    pub(crate) fn put_channel(&mut self, channel: Channel) {
        self.save("channel", channel.id.to_string(), &channel);
        self.changed(What::ChannelChanged { channel: channel.id.clone() });
        self.state.put_channel(channel);
    }

    /// Forgets what was saved of a channel, not the channel itself.
    pub(crate) fn forget_channel(&mut self, id: &ChannelId) {
        self.erase("channel", id.to_string());
    }

    /// Forgets what was saved of a file.
    pub(crate) fn forget_file(&mut self, id: &FileId) {
        self.erase("file", id.to_string());
    }

    pub(crate) fn put_person(&mut self, person: Person) {
        self.save("person", person.id.to_string(), &person);
        self.state.put_person(person);
    }

    pub(crate) fn put_usergroup(&mut self, group: UserGroup) {
        self.save("usergroup", group.id.clone(), &group);
        self.state.put_usergroup(group);
    }

    pub(crate) fn put_installation(&mut self, installation: Installation) {
        self.save("installation", String::new(), &installation);
        self.state.installation = installation;
    }

    /// Forgets what was saved of people, user groups and the installation, not these themselves.
    pub(crate) fn forget_people(&mut self, old: &State) {
        old.people.iter().for_each(|person| self.erase("person", person.id.to_string()));
        old.usergroups.iter().for_each(|group| self.erase("usergroup", group.id.clone()));
        self.erase("installation", String::new());
    }

    pub(crate) fn put_view(&mut self, view: View) {
        self.save("view", view.id.to_string(), &view);
        self.state.views.insert(view.id.clone(), view);
    }

    pub(crate) fn remove_view(&mut self, id: &ViewId) {
        self.erase("view", id.to_string());
        self.state.views.remove(id);
    }

    pub(crate) fn put_file(&mut self, file: File) {
        self.save("file", file.id.to_string(), &file);
        self.state.files.insert(file.id.clone(), file);
    }

    pub(crate) fn put_response_url(&mut self, key: String, url: ResponseUrl) {
        self.save("response_url", key.clone(), &url);
        self.state.response_urls.insert(key, url);
    }

    pub(crate) fn remove_response_url(&mut self, key: &str) {
        self.erase("response_url", key.into());
        self.state.response_urls.remove(key);
    }

    pub(crate) fn put_transport(&mut self, transport: Transport) {
        self.save("transport", String::new(), &transport);
        self.state.app.transport = transport;
    }

    /// Forgets that another transport was chosen than the seed's.
    pub(crate) fn forget_transport(&mut self) {
        self.erase("transport", String::new());
    }

    /// Three seconds of permission to open a modal in front of `user`; lost at a restart, as it should be.
    pub(crate) fn new_trigger(&mut self, user: &UserId) -> String {
        let now = Ts::at(self.now);
        self.state.triggers.retain(|_, trigger| trigger.expires.seconds() + 60 > now.seconds());
        let id = format!("{}.{}", self.next_number(), now.micros());
        let expires = self.after(SignedDuration::from_secs(3));
        self.state.triggers.insert(id.clone(), Trigger { user: user.clone(), expires, used: false });
        id
    }

    /// Puts an event into the outbox, from where it leaves once this change is saved.
    pub(crate) fn send_event(&mut self, payload: Value) {
        let seq = self.next_number();
        self.save("outbox", format!("{seq:020}"), &payload);
        self.state.outbox.insert(seq, payload.clone());
        self.batch.events.push((seq, payload));
    }

    /// Takes an event out of the outbox.
    pub(crate) fn event_done(&mut self, seq: u64) {
        self.erase("outbox", format!("{seq:020}"));
        self.state.outbox.remove(&seq);
    }

    /// A new file id.
    pub(crate) fn next_file_id(&mut self) -> FileId {
        FileId::new(self.next_id("F"))
    }

    fn save_counters(&mut self) {
        self.batch.rows.retain(|row| row.kind != "counters");
        let counters = self.state.counters;
        self.save("counters", String::new(), &counters);
    }

    fn save<T: Serialize>(&mut self, kind: &'static str, id: String, body: &T) {
        let body = serde_json::to_string(body).unwrap_or_default();
        self.batch.rows.push(Row { kind, id, body: Some(body) });
    }

    fn erase(&mut self, kind: &'static str, id: String) {
        self.batch.rows.push(Row { kind, id, body: None });
    }
}

impl State {
    pub(crate) fn log(&mut self, channel: &ChannelId) -> &mut ChannelLog {
        self.logs.entry(channel.clone()).or_default()
    }

    pub(crate) fn put_ephemeral(&mut self, message: Ephemeral) {
        match self.ephemerals.iter_mut().find(|one| one.ts == message.ts) {
            Some(one) => *one = message,
            None => self.ephemerals.push(message),
        }
    }

    /// Replaces a person; somebody whom the seed no longer has stays away.
    pub(crate) fn put_person(&mut self, person: Person) {
        if let Some(one) = self.people.iter_mut().find(|one| one.id == person.id) {
            *one = person;
        }
    }

    pub(crate) fn put_usergroup(&mut self, group: UserGroup) {
        if let Some(one) = self.usergroups.iter_mut().find(|one| one.id == group.id) {
            *one = group;
        }
    }

    pub(crate) fn put_channel(&mut self, channel: Channel) {
        match self.channels.iter_mut().find(|one| one.id == channel.id) {
            Some(one) => *one = channel,
            None => self.channels.push(channel),
        }
    }
}

impl ChannelLog {
    pub(crate) fn insert(&mut self, message: Message) {
        if let Some(root) = message.thread_ts.filter(|_| message.is_reply()) {
            let replies = self.replies.entry(root).or_default();
            if let Err(place) = replies.binary_search(&message.ts) {
                replies.insert(place, message.ts);
            }
        }
        self.messages.insert(message.ts, message);
    }

    fn remove(&mut self, ts: Ts) {
        let Some(message) = self.messages.remove(&ts) else { return };
        if let Some(root) = message.thread_ts.filter(|root| *root != ts) {
            self.replies.entry(root).or_default().retain(|reply| *reply != ts);
        }
    }
}
