//! The emulated Slack workspace, through its API.

use std::time::Instant;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::program::PATIENCE;

pub const BACKOFFICE: &str = "C0BACKOFFICE";
pub const DEVELOPERS: &str = "C0DEVELOPERS";
pub const YES: &str = "white_check_mark";
const BOT: &str = "U0BOT";

/// A workspace that people act in.
#[derive(Clone)]
pub struct Workspace {
    pub url: String,
    http: reqwest::Client,
}

/// A request and what stands under it.
pub struct Thread {
    pub root: Value,
    /// What the bot wrote.
    pub answers: Vec<Value>,
}

impl Workspace {
    pub fn at(url: &str) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        Self { url: url.to_owned(), http }
    }

    pub fn port(&self) -> u16 {
        self.url.rsplit_once(':').unwrap().1.parse().unwrap()
    }

    /// A call of the Web API as `person`, whatever it answers; `None` when the program is gone.
    pub async fn tries(&self, person: &str, method: &str, arguments: Value) -> Option<Value> {
        let call = self.http.post(format!("{}/api/{method}", self.url)).bearer_auth(format!("xoxp-{person}"));
        call.json(&arguments).send().await.ok()?.json().await.ok()
    }

    /// A call that must work.
    pub async fn calls(&self, person: &str, method: &str, arguments: Value) -> Value {
        let answer = self.tries(person, method, arguments).await.expect("the program answers");
        assert_eq!(answer["ok"], true, "{method}: {answer}");
        answer
    }

    /// `person` says something; the message's `ts`.
    pub async fn says(&self, person: &str, channel: &str, text: &str) -> String {
        let posted = self.calls(person, "chat.postMessage", json!({"channel": channel, "text": text})).await;
        posted["ts"].as_str().unwrap().to_owned()
    }

    /// `person` signs; that they did already is fine.
    pub async fn signs(&self, person: &str, channel: &str, ts: &str) {
        let answer = self.tries(person, "reactions.add", signature(channel, ts)).await.unwrap();
        assert!(answer["ok"] == true || answer["error"] == "already_reacted", "{answer}");
    }

    /// Sends a call and does not wait for anything: the bytes are on their way, no more is known.
    pub async fn sends(&self, person: &str, method: &str, arguments: &Value) -> TcpStream {
        let body = arguments.to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port())).await.unwrap();
        let head = format!(
            "POST /api/{method} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nauthorization: Bearer xoxp-{person}\r\n\
             content-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\r\n",
            self.port(),
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        stream
    }

    /// `POST /emulator/…`
    pub async fn control(&self, path: &str, body: Value) -> Value {
        let call = self.http.post(format!("{}/emulator/{path}", self.url)).json(&body);
        call.send().await.unwrap().json().await.unwrap()
    }

    /// All messages of a channel, the oldest first.
    pub async fn messages(&self, channel: &str) -> Vec<Value> {
        let state = self.control("state", json!({})).await;
        let channels = state["channels"].as_array().unwrap();
        let found = channels.iter().find(|one| one["channel"]["id"] == channel).unwrap();
        found["messages"].as_array().unwrap().clone()
    }

    /// The first message of a channel that says `text`.
    pub async fn find(&self, channel: &str, text: &str) -> Option<String> {
        let messages = self.messages(channel).await;
        let found = messages.iter().find(|message| message["text"] == text)?;
        Some(found["ts"].as_str().unwrap().to_owned())
    }

    pub async fn thread(&self, channel: &str, ts: &str) -> Thread {
        let messages = self.messages(channel).await;
        let root = messages.iter().find(|one| one["ts"] == ts).expect("the request is there").clone();
        let answers = messages.iter().filter(|one| one["thread_ts"] == ts && one["author"] == BOT);
        Thread { root, answers: answers.cloned().collect() }
    }

    /// Asks for a thread until it is as wanted.
    pub async fn thread_that(&self, channel: &str, ts: &str, is: impl Fn(&Thread) -> bool) -> Thread {
        let asked = Instant::now();
        loop {
            let thread = self.thread(channel, ts).await;
            if is(&thread) {
                return thread;
            }
            assert!(asked.elapsed() < PATIENCE, "never so: {} {:#?}", thread.root, thread.answers);
        }
    }

    /// Waits for the bot's first answer, as JSON text.
    pub async fn answer(&self, channel: &str, ts: &str) -> String {
        let thread = self.thread_that(channel, ts, |thread| !thread.answers.is_empty()).await;
        thread.answers[0].to_string()
    }

    /// Asks the bot for help and waits for it: what was in its hands before is in its hands now, or done.
    pub async fn help(&self) -> String {
        let ts = self.says("ana", BACKOFFICE, "<@U0BOT> help").await;
        self.answer(BACKOFFICE, &ts).await
    }
}

impl Thread {
    /// The cards: what carries an operation's id.
    pub fn cards(&self) -> Vec<String> {
        self.answers.iter().map(Value::to_string).filter(|text| text.contains("op_")).collect()
    }

    /// Does a card say `words`?
    pub fn says(&self, words: &str) -> bool {
        self.cards().iter().any(|card| card.contains(words))
    }

    /// Is it done, and is that marked?
    pub fn is_done(&self) -> bool {
        self.says("\"Done\"") && self.is_marked(YES)
    }

    /// Has the bot put `emoji` on the request?
    pub fn is_marked(&self, emoji: &str) -> bool {
        self.reactions(emoji).contains(&BOT.to_owned())
    }

    /// Who put `emoji` on the request.
    pub fn reactions(&self, emoji: &str) -> Vec<String> {
        let all = self.root["reactions"].as_array().into_iter().flatten();
        let users = all.filter(|one| one["name"] == emoji).flat_map(|one| one["users"].as_array().unwrap());
        users.map(|user| user.as_str().unwrap().to_owned()).collect()
    }
}

/// A ✅ on a message, as `reactions.add` takes it.
pub fn signature(channel: &str, ts: &str) -> Value {
    json!({"channel": channel, "timestamp": ts, "name": YES})
}
