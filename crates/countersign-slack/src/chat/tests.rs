use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use countersign_core::ids::OrgId;

use super::search::{MOST_PAGES_OF_A_CHANNEL, MOST_PAGES_OF_A_THREAD};
use super::*;
use crate::test_slack::{Scripted, ok, refusal};

async fn chat(script: impl Fn(usize) -> Response + Send + Sync + 'static) -> (Scripted, SlackChat) {
    let slack = Scripted::start(script).await;
    let me =
        Me { team: OrgId::new("T1"), enterprise: None, user: UserId::new("UBOT"), bot_id: "B1".to_owned() };
    let chat = SlackChat::new(slack.api.clone(), me);
    (slack, chat)
}

fn c1() -> ChannelId {
    ChannelId::new("C1")
}

fn root() -> MessageId {
    MessageId::new("1.000001")
}

fn in_thread<'a>(channel: &'a ChannelId, root: &'a MessageId) -> Search<'a> {
    Search { channel, thread: Some(root), since: "1970-01-01T00:00:00Z".parse().unwrap(), mark: "m" }
}

fn message(ts: &str, bot: &str, mark: &str) -> Value {
    json!({"ts": ts, "bot_id": bot, "user": "U9",
        "metadata": {"event_type": "countersign", "event_payload": {"mark": mark}}})
}

#[tokio::test]
async fn a_post_carries_its_mark_and_stands_in_its_thread() {
    let (slack, chat) = chat(|_| ok(&json!({"ts": "2.000001"}))).await;
    let reply = Reply::line("hi <!channel>");
    let post = Post { channel: &c1(), thread: Some(&root()), reply: &reply, mark: Some("card/op_1") };
    assert_eq!(chat.post(post).await.unwrap(), MessageId::new("2.000001"));
    let body = &slack.seen()[0].body;
    assert!(body.contains("thread_ts=1.000001") && body.contains("card%2Fop_1"), "{body}");
    assert!(body.contains("text=hi+%26lt%3B%21channel%26gt%3B"), "{body}");
}

#[tokio::test]
async fn a_message_is_found_by_its_mark_on_any_page_if_it_is_ours() {
    let (slack, chat) = chat(|call| match call {
        0 => {
            ok(&json!({"messages": [message("2.1", "B2", "m"), message("2.2", "B1", "other"), {"ts": "2.3"}],
            "response_metadata": {"next_cursor": "more"}}))
        }
        _ => ok(&json!({"messages": [message("2.4", "B1", "m")]})),
    })
    .await;
    assert_eq!(chat.find(in_thread(&c1(), &root())).await.unwrap(), Some(MessageId::new("2.4")));
    let seen = slack.seen();
    assert!(seen[0].body.contains("include_all_metadata=true") && seen[1].body.contains("cursor=more"));
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let (_slack, empty) = chat(|_| ok(&json!({"messages": []}))).await;
    assert_eq!(empty.find(in_thread(&c1(), &root())).await.unwrap(), None);
    let (_slack, gone) = chat(|_| refusal("thread_not_found")).await;
    assert_eq!(gone.find(in_thread(&c1(), &root())).await.unwrap(), None);
}

#[tokio::test]
async fn without_a_thread_the_channel_is_searched_since_a_time() {
    let (slack, chat) = chat(|_| ok(&json!({"messages": [message("2.4", "B1", "m")]}))).await;
    let since = "2026-11-20T09:00:00.5Z".parse().unwrap();
    let search = Search { channel: &c1(), thread: None, since, mark: "m" };
    assert_eq!(chat.find(search).await.unwrap(), Some(MessageId::new("2.4")));
    let seen = slack.seen();
    assert_eq!(seen[0].path, "/api/conversations.history");
    assert!(seen[0].body.contains("oldest=1795165200.500000"), "{}", seen[0].body);
}

#[tokio::test]
async fn a_home_is_a_view_of_blocks() {
    let (slack, chat) = chat(|_| ok(&json!({"view": {}}))).await;
    chat.show_home(&UserId::new("U1"), &Reply::line("hi")).await.unwrap();
    let seen = slack.seen();
    assert_eq!(seen[0].path, "/api/views.publish");
    assert!(
        seen[0].body.starts_with("user_id=U1&view=%7B%22type%22%3A%22home%22%2C%22blocks%22"),
        "{}",
        seen[0].body
    );
}

#[tokio::test]
async fn a_thread_without_end_is_no_proof_of_absence() {
    let more = json!({"messages": [], "response_metadata": {"next_cursor": "again"}});
    let (slack, chat) = chat(move |_| ok(&more)).await;
    assert!(matches!(chat.find(in_thread(&c1(), &root())).await, Err(ChatError::Unavailable(_))));
    assert_eq!(slack.calls(), MOST_PAGES_OF_A_THREAD);
    let (channel, thread) = (c1(), root());
    let search = Search { thread: None, ..in_thread(&channel, &thread) };
    assert!(matches!(chat.find(search).await, Err(ChatError::Unavailable(_))));
    assert_eq!(slack.calls(), MOST_PAGES_OF_A_THREAD + MOST_PAGES_OF_A_CHANNEL);
}

#[tokio::test]
async fn what_the_bot_may_not_read_may_still_be_there() {
    let (_slack, blind) = chat(|_| refusal("missing_scope")).await;
    let failed = blind.find(in_thread(&c1(), &root())).await.unwrap_err();
    assert!(matches!(failed, ChatError::Unavailable(_)));
    let (_slack, outside) = chat(|_| refusal("not_in_channel")).await;
    let failed = outside.find(in_thread(&c1(), &root())).await.unwrap_err();
    assert!(matches!(failed, ChatError::NotAMember(_)));
}

#[tokio::test]
async fn without_reactions_none_are_put_or_read() {
    let (slack, chat) = chat(|_| refusal("missing_scope")).await;
    let chat = chat.with_reactions(Reactions::Off);
    chat.mark(&c1(), &root(), Marker::Done).await.unwrap();
    assert_eq!(chat.reactions(&c1(), &root()).await.unwrap(), []);
    assert_eq!(slack.calls(), 0);
}

#[tokio::test]
async fn a_card_is_edited_once_a_second() {
    let slack = Scripted::start(|_| ok(&json!({}))).await;
    let me = Me { team: OrgId::new("T1"), enterprise: None, user: UserId::new("U"), bot_id: "B".to_owned() };
    let chat = SlackChat::new(slack.api.clone().at_pace(Pace::Tiers), me);
    for _ in 0..3 {
        chat.edit(&c1(), &root(), &Reply::line("card")).await.unwrap();
    }
    assert_eq!((slack.calls(), slack.clock.sleeps()), (3, 2));
}

#[tokio::test]
async fn markers_have_standard_names_and_a_message_that_is_gone_needs_none() {
    let (slack, chat) = chat(|_| refusal("message_not_found")).await;
    for (marker, name) in [
        (Marker::Taken, "eyes"),
        (Marker::Done, "white_check_mark"),
        (Marker::Failed, "x"),
        (Marker::Unknown, "question"),
    ] {
        chat.mark(&c1(), &root(), marker).await.unwrap();
        assert!(slack.seen()[0].body.ends_with(&format!("name={name}")));
    }
    assert_eq!(chat.reactions(&c1(), &root()).await.unwrap(), []);
}

#[tokio::test]
async fn skin_tones_are_one_reaction_and_nobody_counts_twice_in_it() {
    let (_slack, chat) = chat(|_| {
        ok(&json!({"message": {"reactions": [
            {"name": "+1", "users": ["U1", "U2"]},
            {"name": "x", "users": ["U3"]},
            {"name": "+1::skin-tone-4", "users": ["U2", "U4"]},
        ]}}))
    })
    .await;
    let users = |ids: &[&str]| ids.iter().copied().map(UserId::new).collect();
    let expected = [
        Reaction { emoji: "+1".to_owned(), users: users(&["U1", "U2", "U4"]) },
        Reaction { emoji: "x".to_owned(), users: users(&["U3"]) },
    ];
    assert_eq!(chat.reactions(&c1(), &root()).await.unwrap(), expected);
}

#[tokio::test]
async fn failures_say_whether_it_may_have_been_done() {
    let reply = Reply::line("hi");
    let channel = c1();
    let post = || Post { channel: &channel, thread: None, reply: &reply, mark: None };
    let (_slack, refused) = chat(|_| refusal("is_archived")).await;
    assert!(matches!(refused.post(post()).await, Err(ChatError::Refused(_))));
    let (_slack, outside) = chat(|_| refusal("not_in_channel")).await;
    assert!(matches!(outside.post(post()).await, Err(ChatError::NotAMember(_))));
    let (_slack, broken) = chat(|_| StatusCode::BAD_GATEWAY.into_response()).await;
    assert!(matches!(broken.post(post()).await, Err(ChatError::Lost(_))));
    let (_slack, garbled) = chat(|_| "<html>".into_response()).await;
    assert!(matches!(garbled.post(post()).await, Err(ChatError::Lost(_))));
    let (_slack, busy) = chat(|_| refusal("service_unavailable")).await;
    assert!(matches!(busy.post(post()).await, Err(ChatError::Unavailable(_))));
    assert!(matches!(busy.answer("http://127.0.0.1:9/x", &reply).await, Err(ChatError::Refused(_))));
}

/// Counts how often it is asked, and has marked everything with ✅.
#[derive(Default)]
struct Counting(std::sync::atomic::AtomicU64);

#[async_trait]
impl Keeper for Counting {
    async fn payload(&self, _: &ChannelId, message: &MessageId) -> Option<Value> {
        let asked = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        (message.as_str() != "9.000009").then(|| json!({"mark": "m", "asked": asked}))
    }

    fn has_marked(&self, _: &ChannelId, _: &MessageId, emoji: &str) -> bool {
        emoji == "white_check_mark"
    }
}

#[tokio::test]
async fn a_keeper_is_asked_at_every_edit_and_spares_markers() {
    let (slack, chat) = chat(|_| ok(&json!({"ts": "2.000001"}))).await;
    let chat = chat.with_keeper(Arc::new(Counting::default()));
    let (reply, card) = (Reply::line("a card"), MessageId::new("2.000001"));
    let post = Post { channel: &c1(), thread: Some(&root()), reply: &reply, mark: Some("m") };
    chat.post(post).await.unwrap();
    assert_eq!(chat.redraw(&c1(), (&root(), &card)).await.unwrap(), Redrawn::Drawn);
    chat.edit(&c1(), &card, &Reply::line("another")).await.unwrap();
    chat.edit(&c1(), &MessageId::new("9.000009"), &reply).await.unwrap();
    chat.mark(&c1(), &root(), Marker::Done).await.unwrap();
    chat.mark(&c1(), &root(), Marker::Failed).await.unwrap();
    let seen = slack.seen();
    let bodies: Vec<&str> = seen.iter().map(|seen| seen.body.as_str()).collect();
    assert!(bodies[1].contains("text=a+card") && bodies[1].contains("asked%22%3A0"), "{}", bodies[1]);
    assert!(bodies[2].contains("text=another") && bodies[2].contains("asked%22%3A1"), "{}", bodies[2]);
    assert!(!bodies[3].contains("metadata"), "what nobody keeps is left as it is: {}", bodies[3]);
    assert!(bodies[4].contains("name=x") && bodies.len() == 5, "the other marker is there already");
}

#[tokio::test]
async fn a_message_that_was_drawn_by_an_earlier_start_is_read_first() {
    let found = json!({"messages": [{"ts": "1.000001"}, {"ts": "2.000001", "text": "a card", "blocks": []}]});
    let (slack, chat) =
        chat(move |call| if call == 0 { ok(&found) } else { refusal("message_not_found") }).await;
    let chat = chat.with_keeper(Arc::new(Counting::default()));
    let card = MessageId::new("2.000001");
    assert_eq!(chat.redraw(&c1(), (&root(), &card)).await.unwrap(), Redrawn::Gone);
    let seen = slack.seen();
    assert!(seen[0].path.ends_with("conversations.replies") && seen[0].body.contains("latest=2.000001"));
    assert!(seen[1].path.ends_with("chat.update") && seen[1].body.contains("text=a+card"));
    let other = MessageId::new("3.000001");
    let answer = json!({"messages": [{"ts": "1.000001"}]});
    let (_slack, chat) = self::chat(move |_| ok(&answer)).await;
    assert_eq!(chat.redraw(&c1(), (&root(), &other)).await.unwrap(), Redrawn::Gone);
}
