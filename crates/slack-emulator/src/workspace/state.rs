//! The whole workspace in memory: people and channels from the seed, the rest from what happened since.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ids::{ChannelId, FileId, TeamId, Ts, UserId, ViewId};
use super::installation::Installation;
use super::message::{Ephemeral, Message, ThreadSummary};
use super::view::{View, ViewKind};
use crate::seed::{App, Channel, ChannelKind, Person, Role, Seed, Team, UserGroup};

/// The state of a workspace. Read it through [`super::Workspace::read`].
#[derive(Debug, Clone)]
pub struct State {
    pub(crate) team: Team,
    pub(crate) other_teams: Vec<Team>,
    pub(crate) people: Vec<Person>,
    pub(crate) usergroups: Vec<UserGroup>,
    pub(crate) app: App,
    pub(crate) installation: Installation,
    pub(crate) channels: Vec<Channel>,
    pub(crate) logs: HashMap<ChannelId, ChannelLog>,
    pub(crate) ephemerals: Vec<Ephemeral>,
    pub(crate) views: BTreeMap<ViewId, View>,
    pub(crate) files: HashMap<FileId, File>,
    pub(crate) triggers: HashMap<String, Trigger>,
    pub(crate) response_urls: HashMap<String, ResponseUrl>,
    pub(crate) outbox: BTreeMap<u64, Value>,
    pub(crate) counters: Counters,
}

/// The messages of one channel.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChannelLog {
    pub(crate) messages: BTreeMap<Ts, Message>,
    pub(crate) replies: HashMap<Ts, Vec<Ts>>,
}

/// Numbers that must never be given out twice, not even after a restart.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Counters {
    pub(crate) next_id: u64,
    pub(crate) last_ts: Ts,
}

/// An uploaded file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct File {
    /// Its identity.
    pub id: FileId,
    /// File name.
    pub name: String,
    /// What is shown.
    pub title: String,
    /// Bytes.
    pub size: usize,
    /// Who uploaded it.
    pub user: UserId,
    /// When the upload was asked for.
    pub created: Ts,
    /// The content as text; bytes that are no UTF-8 are replaced.
    pub content: Option<String>,
}

/// Permission to open one modal (Slack: valid for three seconds, once).
#[derive(Debug, Clone)]
pub(crate) struct Trigger {
    pub(crate) user: UserId,
    pub(crate) expires: Ts,
    pub(crate) used: bool,
}

/// A link through which an app may answer an interaction (Slack: five times within thirty minutes).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ResponseUrl {
    pub(crate) user: UserId,
    pub(crate) channel: ChannelId,
    pub(crate) thread_ts: Option<Ts>,
    pub(crate) origin: Option<Ts>,
    pub(crate) expires: Ts,
    pub(crate) uses: u32,
}

impl State {
    /// The workspace as the seed describes it, without a single message.
    pub(crate) fn new(seed: Seed) -> Self {
        let bot = bot_user(&seed);
        let mut people = seed.people;
        people.push(bot);
        Self {
            team: seed.team,
            other_teams: seed.other_teams,
            people,
            usergroups: seed.usergroups,
            installation: Installation::of(&seed.app),
            app: seed.app,
            channels: seed.channels,
            logs: HashMap::new(),
            ephemerals: Vec::new(),
            views: BTreeMap::new(),
            files: HashMap::new(),
            triggers: HashMap::new(),
            response_urls: HashMap::new(),
            outbox: BTreeMap::new(),
            counters: Counters::default(),
        }
    }

    /// The workspace that the app is installed in.
    pub fn team(&self) -> &Team {
        &self.team
    }

    /// Any of the workspaces by its id.
    pub fn team_by_id(&self, id: &TeamId) -> Option<&Team> {
        std::iter::once(&self.team).chain(&self.other_teams).find(|team| team.id == *id)
    }

    /// The app.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// How the app is installed: its token and scopes of now.
    pub fn installation(&self) -> &Installation {
        &self.installation
    }

    /// Everybody, the bot user last.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// One person.
    pub fn person(&self, id: &UserId) -> Option<&Person> {
        self.people.iter().find(|person| person.id == *id)
    }

    /// The user groups.
    pub fn usergroups(&self) -> &[UserGroup] {
        &self.usergroups
    }

    /// One channel, whether or not anybody may see it.
    pub fn channel(&self, id: &ChannelId) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == *id)
    }

    /// Whether a person may know of a channel: its members, and for a public one everyone of the workspace but
    /// guests.
    pub fn can_see(&self, user: &UserId, channel: &Channel) -> bool {
        if channel.members.contains(user) {
            return true;
        }
        channel.kind == ChannelKind::Public
            && self.person(user).is_some_and(|person| {
                person.team == self.team.id && !matches!(person.role, Role::Guest | Role::SingleChannelGuest)
            })
    }

    /// The channels that a person may know of, direct messages last.
    pub fn visible_channels(&self, user: &UserId) -> Vec<&Channel> {
        let mut seen: Vec<_> = self.channels.iter().filter(|channel| self.can_see(user, channel)).collect();
        seen.sort_by_key(|channel| channel.kind == ChannelKind::Direct);
        seen
    }

    /// Whether two people may know of each other: same workspace, or a channel in common.
    pub fn know_each_other(&self, one: &UserId, other: &UserId) -> bool {
        let team = |user: &UserId| self.person(user).map(|person| &person.team);
        team(one) == team(other)
            || self.channels.iter().any(|c| c.members.contains(one) && c.members.contains(other))
    }

    /// Whether a channel is shared with another workspace, or people of one are in it (Slack Connect).
    pub fn is_ext_shared(&self, channel: &Channel) -> bool {
        !self.foreign_teams(channel).is_empty()
    }

    /// The other workspaces that a channel is shared with.
    pub fn foreign_teams(&self, channel: &Channel) -> Vec<TeamId> {
        let mut teams = channel.shared_with.clone();
        for person in channel.members.iter().filter_map(|user| self.person(user)) {
            if person.team != self.team.id && !teams.contains(&person.team) {
                teams.push(person.team.clone());
            }
        }
        teams
    }

    /// The other side of a direct message.
    pub fn direct_partner<'a>(&self, channel: &'a Channel, user: &UserId) -> Option<&'a UserId> {
        channel.members.iter().find(|member| *member != user).or_else(|| channel.members.first())
    }

    /// One message or reply.
    pub fn message(&self, channel: &ChannelId, ts: Ts) -> Option<&Message> {
        self.logs.get(channel)?.messages.get(&ts)
    }

    /// Messages of a channel in order of time; replies only where they are also shown in the channel.
    pub fn messages(&self, channel: &ChannelId) -> impl DoubleEndedIterator<Item = &Message> {
        self.logs.get(channel).into_iter().flat_map(|log| log.messages.values()).filter(|m| m.in_channel())
    }

    /// Replies of a thread in order of time, without the root.
    pub fn replies(&self, channel: &ChannelId, root: Ts) -> Vec<&Message> {
        let Some(log) = self.logs.get(channel) else { return Vec::new() };
        log.replies.get(&root).into_iter().flatten().filter_map(|ts| log.messages.get(ts)).collect()
    }

    /// The thread under a message in numbers; `None` without replies.
    pub fn thread(&self, channel: &ChannelId, root: Ts) -> Option<ThreadSummary> {
        let replies = self.replies(channel, root);
        let latest_reply = replies.last()?.ts;
        let mut reply_users = Vec::new();
        for reply in &replies {
            if !reply_users.contains(&reply.author) {
                reply_users.push(reply.author.clone());
            }
        }
        Some(ThreadSummary { reply_count: replies.len(), reply_users, latest_reply })
    }

    /// What only `user` sees in a channel, in order of time.
    pub fn ephemerals(&self, user: &UserId, channel: &ChannelId) -> impl Iterator<Item = &Ephemeral> {
        self.ephemerals.iter().filter(move |one| one.user == *user && one.channel == *channel)
    }

    /// The modals in front of a person; the last one is on top.
    pub fn modals(&self, user: &UserId) -> Vec<&View> {
        let mut stack: Vec<_> =
            self.views.values().filter(|view| view.kind == ViewKind::Modal && view.user == *user).collect();
        stack.sort_by_key(|view| view.depth);
        stack
    }

    /// What the app has put on a person's home tab.
    pub fn home(&self, user: &UserId) -> Option<&View> {
        self.views.values().find(|view| view.kind == ViewKind::Home && view.user == *user)
    }

    /// One view.
    pub fn view(&self, id: &ViewId) -> Option<&View> {
        self.views.get(id)
    }

    /// One uploaded file.
    pub fn file(&self, id: &FileId) -> Option<&File> {
        self.files.get(id)
    }
}

fn bot_user(seed: &Seed) -> Person {
    Person {
        id: seed.app.bot_user.clone(),
        team: seed.team.id.clone(),
        name: seed.app.handle.clone(),
        real_name: seed.app.name.clone(),
        title: String::new(),
        email: String::new(),
        role: Role::Bot,
        deactivated: false,
        token: None,
        updated: 1,
    }
}
