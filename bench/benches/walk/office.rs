//! What people do in the emulated workspace: Slack's own Web API, with their own tokens.

use anyhow::{Context as _, Result, bail};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

/// The channel in which the walk happens.
const CHANNEL: &str = "C0BACKOFFICE";
/// The person who asks, by token.
pub(crate) const ANA: &str = "xoxp-ana";
/// The other person, who signs last, by token.
pub(crate) const BEN: &str = "xoxp-ben";

/// The names of the demo's accounts: each first word with each second one.
const FIRST: [&str; 20] = [
    "amber", "birch", "cobalt", "delta", "ember", "fjord", "garnet", "harbor", "indigo", "juniper",
    "kestrel", "lumen", "maple", "nimbus", "onyx", "pepper", "quartz", "raven", "sierra", "tundra",
];
const SECOND: [&str; 15] = [
    "works", "labs", "foods", "media", "bank", "cloud", "games", "health", "motors", "press", "rail",
    "solar", "studio", "travel", "wind",
];

/// The emulated workspace, over HTTP.
pub(crate) struct Office {
    client: Client,
    page: String,
}

/// The sentence of operation `number`: another account each time, and another trial when the accounts are through.
pub(crate) fn sentence(number: usize) -> String {
    let rounds = number / (FIRST.len() * SECOND.len());
    let [first, second] = [(&FIRST[..], number), (&SECOND[..], number / FIRST.len())]
        .map(|(words, n)| words.iter().cycle().nth(n).copied().unwrap_or_default());
    format!("@Backoffice Bot set {first}-{second} trial remaining to {} days", 14 + rounds)
}

impl Office {
    /// The workspace whose page has the address `page`, which ends with a slash.
    pub(crate) fn at(page: &str) -> Result<Self> {
        let client = Client::builder().tcp_nodelay(true).no_proxy().build()?;
        Ok(Self { client, page: page.to_owned() })
    }

    /// Says `text` in the channel; resolves to the message's `ts`.
    pub(crate) async fn say(&self, token: &str, text: &str) -> Result<String> {
        let said = self.call(token, "chat.postMessage", json!({"channel": CHANNEL, "text": text})).await?;
        said.get("ts").and_then(Value::as_str).map(str::to_owned).context("a message without ts")
    }

    /// Puts a ✅ on a message.
    pub(crate) async fn sign(&self, token: &str, ts: &str) -> Result<()> {
        let reaction = json!({"channel": CHANNEL, "timestamp": ts, "name": "white_check_mark"});
        self.call(token, "reactions.add", reaction).await?;
        Ok(())
    }

    /// Asks the Web API for a thread, as ana.
    pub(crate) fn thread(&self, root: &str) -> RequestBuilder {
        let address = format!("{}api/conversations.replies?channel={CHANNEL}&ts={root}", self.page);
        self.client.get(address).bearer_auth(ANA)
    }

    /// Opens the page's stream of changes, with a thread beside the channel, as ana.
    pub(crate) fn open_page(&self, root: &str) -> RequestBuilder {
        let address = format!("{}page/events?as=ana&channel={CHANNEL}&thread={root}", self.page);
        self.client.get(address)
    }

    async fn call(&self, token: &str, method: &str, arguments: Value) -> Result<Value> {
        let request = self.client.post(format!("{}api/{method}", self.page)).bearer_auth(token);
        let answer: Value = request.json(&arguments).send().await?.json().await?;
        if answer.get("ok") != Some(&Value::Bool(true)) {
            bail!("{method} was refused: {answer}");
        }
        Ok(answer)
    }
}
