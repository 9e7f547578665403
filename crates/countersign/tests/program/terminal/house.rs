//! An office whose people also sit at terminals.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tokio::net::UnixStream;
use tokio::process::{Child, Command};

use crate::program::{PATIENCE, Said, countersign};
use crate::serve::office::{Office, Program, ends};
use crate::workspace::BACKOFFICE;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);
/// An address at which nobody answers.
pub const NOWHERE: &str = "http://127.0.0.1:9/api/";
/// What most of these tests ask for.
pub const SET_TRIAL: &str = "set acme trial remaining to 14 days";

/// Everything that a test happens in.
pub struct House {
    pub office: Office,
    /// Where Slack's API is, for whatever is started from now on.
    pub api_url: String,
    /// ana's token, unless she is known by her Unix user.
    ana: Option<String>,
}

/// Who sits at a terminal.
#[derive(Clone)]
pub enum Who {
    /// ana, as the house knows her.
    Ana,
    /// Somebody with this token.
    With(String),
}

impl House {
    /// Everybody is known by tokens.
    pub async fn new() -> Self {
        Self::with("").await
    }

    /// The same, with more in the configuration.
    pub async fn with(more: &str) -> Self {
        let mut house = Self::furnished("", more).await;
        if let Who::With(token) = house.with_token("ana").await {
            house.ana = Some(token);
        }
        house
    }

    /// ana is known by the Unix user that the tests run as, the others by tokens.
    pub async fn with_unix_users() -> Self {
        Self::furnished(&format!(", unix = {}", own_uid()), "").await
    }

    async fn furnished(unix: &str, more: &str) -> Self {
        let office = Office::new().await;
        let api_url = office.emulator.api_url();
        let house = Self { office, api_url, ana: None };
        house.configures(&format!(
            "[terminal]\nchannels = [\"backoffice\"]\ntoken_key_file = \"terminal.key\"\npeople = [\n  {{ name = \"ana\", \
             slack = \"U0ANA\"{unix} }},\n  {{ name = \"ben\", slack = \"U0BEN\" }},\n  {{ name = \"chloe\", slack = \
             \"U0CHLOE\" }},\n]\n{more}"
        ));
        let made = house.says(&Who::Ana, &["token", "--make-key"]).await;
        assert_eq!(made.code, 0, "{}", made.err);
        house
    }

    /// The demo's commands, and `more`.
    pub fn configures(&self, more: &str) {
        let demo = include_str!("../../../src/dev/demo.toml");
        std::fs::write(self.folder().join("countersign.toml"), format!("{demo}\n{more}")).unwrap();
    }

    pub fn folder(&self) -> PathBuf {
        self.office.folder.path().to_owned()
    }

    /// Lets Slack say once who the bot is, which is remembered.
    pub async fn serves_once(&self) {
        let (_, status) = self.office.serves(&[]).await.stops().await;
        assert!(status.success());
    }

    /// `countersign serve`, with Slack's API where it is.
    pub async fn serves(&self) -> Program {
        let mut command = self.command(&Who::Ana, &["serve"]);
        command.arg("--tokens").arg(self.office.tokens());
        Program::start(command).await
    }

    /// Somebody with a token for an hour.
    pub async fn with_token(&self, name: &str) -> Who {
        let said = self.says(&Who::Ana, &["token", "--person", name, "--for", "1h"]).await;
        assert_eq!(said.code, 0, "{}", said.err);
        Who::With(said.out.trim().to_owned())
    }

    /// The program as `who` starts it.
    pub fn command(&self, who: &Who, arguments: &[&str]) -> Command {
        let mut command = countersign(&self.folder(), arguments);
        command.env("COUNTERSIGN_SLACK_API_URL", &self.api_url);
        if arguments.first().is_some_and(|verb| *verb != "serve") {
            command.env("SLACK_BOT_TOKEN", "xoxb-backoffice");
        }
        let token = match who {
            Who::Ana => self.ana.as_ref(),
            Who::With(token) => Some(token),
        };
        command.envs(token.map(|token| ("COUNTERSIGN_TOKEN", token)));
        command
    }

    /// What `who` is told.
    pub async fn says(&self, who: &Who, arguments: &[&str]) -> Said {
        ends(self.command(who, arguments)).await
    }

    /// The same, as JSON.
    pub async fn json(&self, who: &Who, arguments: &[&str]) -> Value {
        let said = self.says(who, &[arguments, &["--json"]].concat()).await;
        serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{arguments:?}: {} {}", said.out, said.err))
    }

    /// Something that goes on while other things happen.
    pub fn starts(&self, who: &Who, arguments: &[&str]) -> Child {
        self.command(who, arguments).spawn().unwrap()
    }

    /// `who` asks for it; its id.
    pub async fn asks(&self, who: &Who, sentence: &str) -> String {
        let view = self.json(who, &["run", sentence]).await;
        assert_eq!(view["state"], "waiting", "{view}");
        view["operation"].as_str().unwrap().to_owned()
    }

    /// `who` signs the plan that stands.
    pub async fn signs(&self, who: &Who, id: &str) -> Said {
        let view = self.shows(who, id).await;
        let plan = view["plan"].as_str().unwrap_or_else(|| panic!("{view}"));
        self.says(who, &["approve", id, "--plan", plan]).await
    }

    /// An operation as `who` sees it.
    pub async fn shows(&self, who: &Who, id: &str) -> Value {
        self.json(who, &["show", id]).await
    }

    /// An operation, once it is as wanted.
    pub async fn shows_that(&self, who: &Who, id: &str, is: impl Fn(&Value) -> bool) -> Value {
        let asked = Instant::now();
        loop {
            let view = self.shows(who, id).await;
            if is(&view) {
                return view;
            }
            assert!(asked.elapsed() < PATIENCE, "never so: {view}");
        }
    }

    /// The one operation that is open, once it is. Who asks again and again holds the ledger themselves each time, so
    /// that the program that is to be asked is waited for first.
    pub async fn waits_for_the_first(&self, who: &Who) -> String {
        let asked = Instant::now();
        let mut looks = tokio::time::interval(LOOK);
        while UnixStream::connect(self.folder().join("control.sock")).await.is_err() {
            assert!(asked.elapsed() < PATIENCE, "nobody listens");
            looks.tick().await;
        }
        loop {
            let open = self.json(who, &["pending"]).await;
            if let Some(id) = open["operations"][0]["operation"].as_str()
                && open["operations"][0]["state"] == "waiting"
            {
                return id.to_owned();
            }
            assert!(asked.elapsed() < PATIENCE, "nothing is asked for: {open}");
        }
    }

    /// The root message of what was asked for at a terminal, once it stands.
    pub async fn root(&self) -> String {
        let asked = Instant::now();
        loop {
            let messages = self.office.workspace.messages(BACKOFFICE).await;
            let root = messages.iter().find(|one| one.to_string().contains("at a terminal, at"));
            if let Some(root) = root {
                return root["ts"].as_str().unwrap().to_owned();
            }
            assert!(asked.elapsed() < PATIENCE, "the channel is never told: {messages:#?}");
        }
    }

    /// acme's plan in the product's database.
    pub async fn plan_of_acme(&self) -> String {
        let file = self.folder().join("demo.db");
        let mut db = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
        sqlx::query_scalar("select plan from accounts where subdomain = 'acme'")
            .fetch_one(&mut db)
            .await
            .unwrap()
    }
}

/// The number of the Unix user that the tests run as.
pub fn own_uid() -> u32 {
    let (one, _other) = UnixStream::pair().unwrap();
    one.peer_cred().unwrap().uid()
}
