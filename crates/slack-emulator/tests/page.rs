//! The page over HTTP, as a browser uses it: documents, live updates, actions, and who is kept out.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use reqwest::header::{ACCEPT, CONTENT_TYPE, HOST, LOCATION, ORIGIN};
use reqwest::{Client, Response, StatusCode, redirect};
use slack_emulator::workspace::{ChannelId, UserId};
use slack_emulator::{Emulator, Options};

const BACKOFFICE: &str = "C0BACKOFFICE";
const ANA: [(&str, &str); 2] = [("as", "ana"), ("channel", BACKOFFICE)];
const BEN: [(&str, &str); 2] = [("as", "ben"), ("channel", BACKOFFICE)];
const CHLOE: [(&str, &str); 2] = [("as", "chloe"), ("channel", BACKOFFICE)];

struct Page {
    emulator: Emulator,
    client: Client,
}

impl Page {
    async fn open() -> Page {
        let client = Client::builder().redirect(redirect::Policy::none()).no_proxy().build().unwrap();
        Page { emulator: Emulator::start(Options::default()).await.unwrap(), client }
    }

    async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.emulator.url())).send().await.unwrap()
    }

    async fn text(&self, path: &str) -> String {
        self.get(path).await.text().await.unwrap()
    }

    /// Posts a form as the page's script does: who and where, then the rest.
    async fn act(&self, action: &str, who: [(&str, &str); 2], more: &[(&str, &str)]) -> (StatusCode, String) {
        let fields: Vec<(&str, &str)> = who.iter().chain(more).copied().collect();
        let request = self
            .client
            .post(format!("{}/page/{action}", self.emulator.url()))
            .header(ORIGIN, self.emulator.url())
            .header(ACCEPT, "application/json")
            .form(&fields);
        let response = request.send().await.unwrap();
        (response.status(), response.text().await.unwrap())
    }

    async fn say(&self, person: &str, text: &str) -> String {
        let workspace = self.emulator.workspace();
        let ts = workspace.say(&UserId::new(person), &ChannelId::new(BACKOFFICE), None, text).await;
        ts.unwrap().to_string()
    }
}

/// Reads the next event of a stream: its name and its data.
async fn next_event(stream: &mut Response) -> (String, String) {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\n\n") {
        bytes.extend_from_slice(&stream.chunk().await.unwrap().unwrap());
    }
    let text = String::from_utf8(bytes).unwrap();
    let field = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim_start().to_owned()
    };
    (field("event:"), field("data:"))
}

#[tokio::test]
async fn the_address_says_who_and_where() {
    let page = Page::open().await;
    let start = page.get("/").await;
    assert_eq!(start.status(), StatusCode::SEE_OTHER);
    assert_eq!(start.headers()[LOCATION], "/client/C0BACKOFFICE?as=ana");
    assert_eq!(page.get("/client?as=chloe").await.headers()[LOCATION], "/client/C0DEVELOPERS?as=chloe");
    let shown = page.text("/client/C0BACKOFFICE?as=ana").await;
    assert!(shown.starts_with("<!doctype html>") && shown.contains("#backoffice"));
    assert!(shown.contains("@Backoffice Bot help"), "a newcomer learns what to type");
}

#[tokio::test]
async fn documents_come_with_a_strict_policy() {
    let page = Page::open().await;
    for path in ["/client/C0BACKOFFICE?as=ana", "/nowhere", "/page/assets/main.js"] {
        let response = page.get(path).await;
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{path}");
    }
}

#[tokio::test]
async fn every_file_that_the_page_names_is_there() {
    let page = Page::open().await;
    let document = page.text("/client/C0BACKOFFICE?as=ana").await;
    let names: Vec<&str> = document.split('"').filter(|text| text.starts_with("/page/assets/")).collect();
    assert!(names.len() >= 9);
    for name in names {
        assert_eq!(page.get(name).await.status(), StatusCode::OK, "{name}");
    }
    let script = page.text("/page/assets/main.js").await;
    for module in script.split("from \"./").skip(1).filter_map(|rest| rest.split('"').next()) {
        let response = page.get(&format!("/page/assets/{module}")).await;
        assert_eq!(response.headers()[CONTENT_TYPE], "text/javascript; charset=utf-8", "{module}");
    }
}

#[tokio::test]
async fn what_is_not_there_and_what_is_private_look_alike() {
    let page = Page::open().await;
    page.say("U0ANA", "for members alone").await;
    let hidden = page.get("/client/C0BACKOFFICE?as=chloe").await;
    assert_eq!(hidden.status(), StatusCode::NOT_FOUND);
    let hidden = hidden.text().await.unwrap();
    assert!(hidden.contains("Not here") && !hidden.contains("for members alone"));
    assert_eq!(hidden, page.text("/client/C0NOSUCH?as=chloe").await);
    let lost = ["C0BACKOFFICE?as=nobody", "C0BACKOFFICE/1.000000?as=ana", "%FF?as=ana", "a/b/c"];
    for path in lost.map(|path| format!("/client/{path}")) {
        let response = page.get(&path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(response.text().await.unwrap().contains("Go to the workspace"), "{path}");
    }
    let mut stream = page.get("/page/events?as=chloe&channel=C0BACKOFFICE").await;
    assert_eq!(next_event(&mut stream).await.0, "gone");
}

#[tokio::test]
async fn only_what_changed_is_sent() {
    let page = Page::open().await;
    let first = page.say("U0ANA", "first").await;
    let mut stream = page.get("/page/events?as=ben&channel=C0BACKOFFICE").await;
    let (name, everything) = next_event(&mut stream).await;
    assert_eq!(name, "update");
    assert!(everything.contains("first") && everything.contains("\"region\":\"side\""));

    page.say("U0EVE", "second <b>").await;
    let (_, update) = next_event(&mut stream).await;
    assert!(update.contains("second &lt;b&gt;") && !update.contains(">first<"));

    page.act("react", BEN, &[("ts", &first), ("name", "+1")]).await;
    let (_, update) = next_event(&mut stream).await;
    assert!(update.contains(">first<") && update.contains("👍") && !update.contains("second"));
}

#[tokio::test]
async fn a_person_says_reacts_edits_and_deletes() {
    let page = Page::open().await;
    let shown = async || page.text("/client/C0BACKOFFICE?as=ben").await;
    assert_eq!(page.act("send", ANA, &[("text", "hello")]).await.0, StatusCode::OK);
    let ts = shown().await.split("data-ts=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();

    page.act("react", ANA, &[("ts", &ts), ("name", "tada")]).await;
    assert!(shown().await.contains("Ana Alves reacted with :tada:"));
    page.act("react", ANA, &[("ts", &ts), ("name", "tada")]).await;
    assert!(!shown().await.contains("reacted with :tada:"), "the same again takes it back");

    page.act("edit", ANA, &[("ts", &ts), ("text", "hello again")]).await;
    assert!(shown().await.contains("hello again") && shown().await.contains("(edited)"));

    page.act("send", ANA, &[("text", "in the thread"), ("thread", &ts)]).await;
    assert!(shown().await.contains("1 reply") && !shown().await.contains("in the thread"));
    assert!(page.text(&format!("/client/C0BACKOFFICE/{ts}?as=ben")).await.contains("in the thread"));

    page.act("delete", ANA, &[("ts", &ts)]).await;
    assert!(shown().await.contains("This message was deleted."));
}

#[tokio::test]
async fn a_plain_form_works_without_scripts() {
    let page = Page::open().await;
    let request = page
        .client
        .post(format!("{}/page/send", page.emulator.url()))
        .header(ORIGIN, page.emulator.url())
        .form(&[("as", "ana"), ("channel", BACKOFFICE), ("text", "by hand")]);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()[LOCATION], "/client/C0BACKOFFICE?as=ana");
    assert!(page.text("/client/C0BACKOFFICE?as=ana").await.contains("by hand"));
}

#[tokio::test]
async fn refusals_are_sentences() {
    let page = Page::open().await;
    let ts = page.say("U0ANA", "hers").await;
    let ts = ts.as_str();
    let refused = async |action: &str, who, more: &[(&str, &str)], sentence: &str| {
        let (status, answer) = page.act(action, who, more).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{action} {more:?}");
        assert!(answer.contains(sentence), "{answer}");
    };
    refused("send", ANA, &[("text", "/nope x")], "/nope is not a command").await;
    refused("send", ANA, &[("thread", ts), ("text", "/infra")], "do not work in threads").await;
    refused("send", ANA, &[("text", "  ")], "neither text nor blocks").await;
    refused("send", CHLOE, &[("text", "hi")], "not a member").await;
    refused("send", ANA, &[], "incomplete").await;
    refused("edit", BEN, &[("ts", ts), ("text", "mine")], "Only the author").await;
    refused("delete", BEN, &[("ts", "x")], "no such message").await;
    refused("press", BEN, &[("ts", ts), ("block", "b"), ("action", "a")], "no such button").await;
    refused("submit-view", BEN, &[("view", "V1"), ("values", "{")], "incomplete").await;
    refused("close-view", BEN, &[("view", "V1")], "no such view").await;
}

#[tokio::test]
async fn a_command_that_nobody_answers_is_seen() {
    let page = Page::open().await;
    assert_eq!(page.act("send", ANA, &[("text", "/infra status dev")]).await.0, StatusCode::OK);
    let shown = page.text("/client/C0BACKOFFICE?as=ana").await;
    assert!(shown.contains("Only visible to you") && shown.contains("dispatch_failed"));
    assert!(!page.text("/client/C0BACKOFFICE?as=ben").await.contains("dispatch_failed"));
}

#[tokio::test]
async fn a_direct_message_with_the_app_is_opened_once() {
    let page = Page::open().await;
    assert!(page.text("/client/C0BACKOFFICE?as=ana").await.contains("/page/open-direct"));
    page.act("open-direct", ANA, &[]).await;
    let shown = page.text("/client/C0BACKOFFICE?as=ana").await;
    assert!(!shown.contains("/page/open-direct") && shown.contains("/client/D"));
}

#[tokio::test]
async fn other_sites_cannot_act_or_read() {
    let page = Page::open().await;
    let url = page.emulator.url();
    let form = [("as", "ana"), ("channel", BACKOFFICE), ("text", "forged")];
    let post = || page.client.post(format!("{url}/page/send")).form(&form);
    let refused = [
        post(),
        post().header(ORIGIN, "http://evil.example"),
        post().header(ORIGIN, "null"),
        post().header(ORIGIN, &url).header("sec-fetch-site", "cross-site"),
        post().header(ORIGIN, "http://evil.example").header(HOST, "evil.example"),
        page.client.get(format!("{url}/client/C0BACKOFFICE?as=ana")).header(HOST, "evil.example"),
        page.client
            .get(format!("{url}/page/events?as=ana&channel=C0BACKOFFICE"))
            .header(HOST, "evil.example"),
    ];
    for request in refused {
        assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    }
    assert!(!page.text("/client/C0BACKOFFICE?as=ana").await.contains("forged"));
}
