//! Reading messages.

use serde_json::{Map, Value};

use super::super::call::{Call, channel_scope};
use super::super::chat::trim_metadata;
use super::super::paging::{Page, page};
use super::super::reply::{Answer, ApiError, and, one};
use crate::render::{self, Surface};
use crate::seed::Channel;
use crate::workspace::{Message, Refused, State, Ts};

/// The part of time that is asked for.
struct Span {
    oldest: Option<Ts>,
    latest: Option<Ts>,
    inclusive: bool,
}

/// `conversations.history`: newest first.
pub(super) async fn history(call: Call) -> Answer {
    let channel = readable(&call)?;
    if !channel.members.contains(&call.user()) {
        return Err(Refused::NotInChannel.into());
    }
    let span = span(&call)?;
    let all = call.workspace().read(|state| {
        let seen = state.messages(&channel.id).rev().filter(|message| span.covers(message.ts));
        seen.map(|message| shown(&call, state, message, Surface::History)).collect()
    });
    pages(&call, all)
}

/// `conversations.replies`: the root, then its replies, oldest first. For a reply's own `ts`: that reply.
pub(super) async fn replies(call: Call) -> Answer {
    let channel = readable(&call)?;
    if !channel.members.contains(&call.user()) {
        return Err(Refused::ChannelNotFound.into());
    }
    let root = call.required_ts("ts", "thread_not_found")?;
    let span = span(&call)?;
    let all = call.workspace().read(|state| {
        let message = state.message(&channel.id, root).ok_or(Refused::ThreadNotFound)?;
        let replies = state.replies(&channel.id, root).into_iter().filter(|reply| span.covers(reply.ts));
        let thread = std::iter::once(message).chain(replies);
        Ok::<_, Refused>(thread.map(|one| shown(&call, state, one, Surface::Replies)).collect())
    })?;
    pages(&call, all)
}

fn readable(call: &Call) -> Result<Channel, ApiError> {
    let channel = call.channel("channel")?;
    call.need_scope(&channel_scope(channel.kind, "history"))?;
    Ok(channel)
}

fn shown(call: &Call, state: &State, message: &Message, surface: Surface) -> Map<String, Value> {
    let mut map = render::message(state, message, surface);
    trim_metadata(&mut map, call);
    map
}

fn pages(call: &Call, all: Vec<Map<String, Value>>) -> Answer {
    let (part, next) = Page::of(call, 100, 999)?.cut(all);
    let answer = and(one("messages", part), "has_more", !next.is_empty());
    Ok(page(answer, &next))
}

fn span(call: &Call) -> Result<Span, ApiError> {
    Ok(Span {
        oldest: limit(call, "oldest", "invalid_ts_oldest")?,
        latest: limit(call, "latest", "invalid_ts_latest")?,
        inclusive: call.args.is_on("inclusive"),
    })
}

/// A limit of time: a timestamp, or plain seconds such as `0` or `1700000000`; `now` is no limit.
fn limit(call: &Call, key: &str, code: &str) -> Result<Option<Ts>, ApiError> {
    if call.args.text(key) == Some("now") {
        return Ok(None);
    }
    match call.args.number(key) {
        Some(seconds) if seconds >= 0 => Ok(Ts::parse(&format!("{seconds}.000000"))),
        _ => call.args.ts(key, code),
    }
}

impl Span {
    fn covers(&self, ts: Ts) -> bool {
        let edge = |limit: Option<Ts>| self.inclusive && limit == Some(ts);
        let after = self.oldest.is_none_or(|oldest| ts > oldest) || edge(self.oldest);
        let before = self.latest.is_none_or(|latest| ts < latest) || edge(self.latest);
        after && before
    }
}
