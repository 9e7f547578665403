use serde_json::json;

use super::scene::Scene;
use super::*;
use crate::page::place::{Address, Lost};
use crate::seed::Seed;
use crate::workspace::{ChannelId, Ephemeral, EphemeralAuthor, Message, Reaction, Ts};

fn message(ts: &str, author: &str, text: &str) -> Message {
    serde_json::from_value(json!({"channel": "C0BACKOFFICE", "ts": ts, "author": author, "text": text}))
        .unwrap()
}

fn reply(root: &str, message: Message) -> Message {
    Message { thread_ts: Ts::parse(root), ..message }
}

fn state(messages: Vec<Message>) -> State {
    let mut state = State::new(Seed::demo());
    for message in messages {
        state.log(&ChannelId::new("C0BACKOFFICE")).insert(message);
    }
    state
}

fn address(handle: &str, channel: Option<&str>, thread: Option<&str>) -> Address {
    Address { handle: Some(handle.into()), channel: channel.map(Into::into), thread: thread.map(Into::into) }
}

fn seen_by(state: &State, handle: &str, thread: Option<&str>) -> Scene {
    let place = Place::find(state, &address(handle, Some("C0BACKOFFICE"), thread)).unwrap();
    Scene::draw(state, &place)
}

#[test]
fn only_members_find_a_private_channel() {
    let state = state(vec![]);
    let find = |handle, channel, thread| Place::find(&state, &address(handle, channel, thread));
    assert_eq!(find("chloe", Some("C0BACKOFFICE"), None), Err(Lost::NotHere));
    assert_eq!(find("chloe", Some("C0NOSUCH"), None), Err(Lost::NotHere));
    assert_eq!(find("nobody", None, None), Err(Lost::Nobody));
    assert!(find("backoffice-bot", Some("C0BACKOFFICE"), None).is_ok(), "one can act as the bot");
    assert_eq!(find("ana", Some("C0BACKOFFICE"), Some("1.000000")), Err(Lost::NoThread));
    assert_eq!(find("ana", Some("C0BACKOFFICE"), Some("<b>")), Err(Lost::NoThread));
    assert_eq!(find("eve", None, None).unwrap().href(), "/client/C0BACKOFFICE?as=eve");
    let side = seen_by(&state, "gus", None).region("side").into_string();
    assert!(
        side.contains("backoffice") && !side.contains("backoffice-developers") && !side.contains("general")
    );
}

#[test]
fn a_conversation() {
    let root = "1700000010.000000";
    let mut asked = message(root, "U0ANA", "<@U0BOT> help &amp; *more*");
    asked.thread_ts = Ts::parse(root);
    asked.reactions = vec![
        Reaction { name: "white_check_mark".into(), users: vec![UserId::new("U0BEN"), UserId::new("U0ANA")] },
        Reaction { name: "spacelift".into(), users: vec![UserId::new("U0BOT")] },
    ];
    let mut answered = reply(root, message("1700000020.000000", "U0BOT", "Here you are."));
    answered.from_app = true;
    let state = state(vec![
        message("1700000000.000000", "U0EVE", "Hello"),
        message("1700000005.000000", "U0EVE", "again"),
        asked,
        answered,
    ]);
    let lines = |html: crate::page::html::Html| html.into_string().replace("><", ">\n<");
    insta::assert_snapshot!("channel", lines(seen_by(&state, "ana", None).region("messages")));
    insta::assert_snapshot!("thread", lines(seen_by(&state, "ana", Some(root)).region("replies")));
}

#[test]
fn a_whisper_is_drawn_for_its_reader_alone() {
    let mut state = state(vec![message("1700000000.000000", "U0ANA", "Hello")]);
    state.put_ephemeral(Ephemeral {
        channel: ChannelId::new("C0BACKOFFICE"),
        ts: Ts::parse("1700000001.000000").unwrap(),
        user: UserId::new("U0ANA"),
        thread_ts: None,
        author: EphemeralAuthor::Slack,
        text: "/infra failed".into(),
        blocks: vec![],
    });
    let shown = |handle| seen_by(&state, handle, None).region("messages").into_string();
    assert!(shown("ana").contains("Only visible to you"));
    assert!(shown("ana").contains("/infra failed"));
    assert!(!shown("ben").contains("/infra failed"));
}

#[test]
fn one_edits_and_deletes_only_what_one_wrote() {
    let mut by_bot = message("1700000003.000000", "U0BOT", "card");
    by_bot.from_app = true;
    let state = state(vec![message("1700000000.000000", "U0ANA", "<@U0BOT> stop &lt;dev&gt;"), by_bot]);
    let shown = |handle| seen_by(&state, handle, None).region("messages").into_string();
    assert_eq!(shown("ana").matches("data-edit").count(), 1);
    assert!(shown("ana").contains("data-source=\"@Backoffice Bot stop &lt;dev&gt;\""));
    assert_eq!(shown("ben").matches("data-edit").count(), 0);
}

#[test]
fn hostile_names_and_messages_stay_text() {
    let mut seed = Seed::demo();
    for person in &mut seed.people {
        person.real_name = "<script>\"'".into();
        person.title = "</span><script>".into();
    }
    seed.channels.iter_mut().for_each(|channel| channel.topic = "<script>".into());
    seed.app.commands.iter_mut().for_each(|command| command.usage_hint = "\"><script>'".into());
    let mut state = State::new(seed);
    let mut hostile =
        message("1700000000.000000", "U0ANA", "<script>alert(1)</script> \"><img src=x onerror=alert(1)>");
    hostile.reactions = vec![Reaction { name: "\"><script>".into(), users: vec![UserId::new("U0ANA")] }];
    hostile.attachments = vec![json!({"text": "<script>", "color": "\"><script>", "fallback": "<script>"})];
    state.log(&ChannelId::new("C0BACKOFFICE")).insert(hostile);
    let place =
        Place::find(&state, &address("ana", Some("C0BACKOFFICE"), Some("1700000000.000000"))).unwrap();
    let page = shell::html(&state, &place, None).into_string();
    assert_eq!(page.matches("<script").count(), 2, "only the page's own two");
    assert!(!page.contains("<img"));
    assert!(!page.contains(" style="), "the policy forbids it");
}

#[test]
fn a_deleted_root_keeps_its_thread() {
    let root = "1700000000.000000";
    let mut gone: Message = message(root, "U0ANA", "This message was deleted.");
    gone.subtype = Some(crate::workspace::Subtype::Tombstone);
    gone.thread_ts = Ts::parse(root);
    let state = state(vec![gone, reply(root, message("1700000001.000000", "U0BEN", "but"))]);
    let shown = seen_by(&state, "ana", None).region("messages").into_string();
    assert!(shown.contains("This message was deleted.") && shown.contains("1 reply"));
    assert!(!shown.contains("data-edit"));
}
