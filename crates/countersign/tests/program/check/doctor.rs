//! What the doctor finds in a workspace, and how it ends.

use serde_json::{Value, json};

use crate::program::{Said, countersign};
use crate::serve::office::{Office, SECRET, ends};

impl Office {
    /// `countersign check` with these arguments.
    pub async fn check(&self, arguments: &[&str]) -> Said {
        let mut command =
            countersign(self.folder.path(), &["check", "--slack-api-url", &self.emulator.api_url()]);
        command.arg("--tokens").arg(self.tokens()).args(arguments);
        ends(command).await
    }

    /// Its lines about what is not as it should be.
    async fn complaints(&self, arguments: &[&str]) -> String {
        let said = self.check(arguments).await;
        let lines: Vec<&str> = said.out.lines().filter(|line| !line.starts_with("ok ")).collect();
        format!("{}\nexit code {}", lines.join("\n"), said.code)
    }
}

#[tokio::test]
async fn all_is_well() {
    let office = Office::new().await;
    let said = office.check(&[]).await;
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    insta::assert_snapshot!(said.out, @"
    ok       configuration  countersign.toml holds: 18 commands, and what they need is there.
    ok       ledger         ./ledger.db is not there yet, and can be made.
    ok       tokens         There are: bot token (xoxb-…), app token (xapp-…), signing secret.
    ok       bot token      It is @backoffice-bot in the workspace Acme Support (T0DEMO).
    ok       clock          This machine's clock agrees with Slack's.
    ok       scopes         All 14 are there, and no others.
    ok       Socket Mode    A connection opens. No other process uses this app token.
    ok       channel        backoffice: The bot is in #backoffice, which is shared with another organisation, as the configuration says.
    ok       channel        backoffice-developers: The bot is in #backoffice-developers.
    ok       group          engineers: 2 people can sign.
    ok       group          support: 2 people can sign.
    Nothing is wrong.
    ");
    let http = office.check(&["--http"]).await;
    assert_eq!(http.code, 0);
    assert!(!http.out.contains("Socket Mode"), "{}", http.out);
}

#[tokio::test]
async fn it_runs_beside_the_bot() {
    let office = Office::new().await;
    let program = office.serves(&[]).await;
    insta::assert_snapshot!(office.complaints(&[]).await, @"
    note     ledger         ./ledger.db is in use: a countersign runs on it at this moment.
    note     Socket Mode    A connection opens. The app has 2 other connections; a running countersign keeps two. If they are not yours, another process takes a part of what people say: stop it, or give it an app of its own.
    Nothing is wrong.
    exit code 0
    ");
    program.stops().await;
}

#[tokio::test]
async fn tokens() {
    let office = Office::new().await;
    office.keeps_tokens("xapp-backoffice", "xoxb-backoffice", SECRET);
    insta::assert_snapshot!(office.complaints(&[]).await.replace(&office.folder.path().display().to_string(), "[dir]"), @"
    WRONG    tokens         `bot_token` in [dir]/tokens.json holds an app token (xapp-…), but the bot token (xoxb-…) belongs there. Are the two exchanged?
    skipped  Slack          Not looked at without its tokens.
    One thing is wrong.
    exit code 1
    ");
    office.keeps_tokens("xoxb-of-somebody", "xapp-backoffice", SECRET);
    insta::assert_snapshot!(office.complaints(&[]).await, @"
    WRONG    bot token      Slack does not know this token: it is another workspace's, or was cut when it was copied. Copy it again from “OAuth & Permissions”, “Bot User OAuth Token”.
    One thing is wrong.
    exit code 1
    ");
    office.keeps_tokens("xoxb-backoffice", "xapp-of-somebody", SECRET);
    insta::assert_snapshot!(office.complaints(&[]).await, @"
    WRONG    Socket Mode    Slack does not know this token: it is another workspace's, or was cut when it was copied. Copy it again from “Basic Information”, “App-Level Tokens”, with the scope connections:write.
    One thing is wrong.
    exit code 1
    ");
}

#[tokio::test]
async fn the_workspace_is_not_ready() {
    let office = Office::new().await;
    let scopes = ["chat:write", "users:read", "channels:read", "groups:read", "admin"];
    let slack = &office.workspace;
    assert_eq!(slack.control("scopes", json!({"bot": scopes})).await["ok"], true);
    assert_eq!(slack.control("kick", json!({"channel": "C0DEVELOPERS", "user": "U0BOT"})).await["ok"], true);
    assert_eq!(slack.control("set_person", json!({"user": "U0BEN", "deleted": true})).await["ok"], true);
    insta::assert_snapshot!(office.complaints(&[]).await, @"
    WRONG    scopes         Missing: app_mentions:read, commands, reactions:read, reactions:write, usergroups:read, channels:history, groups:history, im:history, im:write, files:write. Replace the app's manifest by what `countersign manifest` prints, and install it again.
    WRONG    channel        backoffice-developers: The bot sees no channel C0DEVELOPERS. Is that its id (the end of the channel's details in Slack)? If it is private, invite the bot: /invite @Backoffice Bot
    note     group          support: 1 person can sign. Not: Ben Baker U0BEN (switched off).
    2 things are wrong.
    exit code 1
    ");
}

#[tokio::test]
async fn nobody_answers() {
    let office = Office::new().await;
    let mut command =
        countersign(office.folder.path(), &["check", "--slack-api-url", "http://127.0.0.1:9/api/"]);
    command.arg("--tokens").arg(office.tokens());
    let said = ends(command).await;
    assert_eq!(said.code, 1);
    assert!(said.out.contains("Slack cannot be asked"), "{}", said.out);
}

#[tokio::test]
async fn without_slack() {
    let office = Office::new().await;
    let mut command = countersign(office.folder.path(), &["check"]);
    let said = ends(countersign(office.folder.path(), &["check"])).await;
    assert_eq!(said.code, 0);
    insta::assert_snapshot!(said.out, @"
    ok       configuration  countersign.toml holds: 18 commands, and what they need is there.
    ok       ledger         ./ledger.db is not there yet, and can be made.
    skipped  Slack          Not looked at: there are no tokens here. Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or name a file with --tokens. To leave Slack out on purpose, say --offline.
    Nothing is wrong.
    ");
    command.arg("--offline");
    assert!(ends(command).await.out.contains("Not looked at: --offline says so."));
}

#[tokio::test]
async fn a_misspelt_column_is_found() {
    let office = Office::new().await;
    let config = office.folder.path().join("countersign.toml");
    let text = std::fs::read_to_string(&config).unwrap().replacen(
        "select subdomain, plan,",
        "select subdomain, plam,",
        1,
    );
    std::fs::write(&config, text).unwrap();
    insta::assert_snapshot!(office.check(&["--offline"]).await.error(office.folder.path(), None), @"
    countersign.toml:32:11: Its work cannot be done: `preview` does not fit the database: error returned from database: (code: 1) no such column: plam.
    exit code 2
    ");
    let said = office.check(&["--offline", "--json"]).await;
    let found: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, &found["ok"]), (2, &json!(false)));
}

#[tokio::test]
async fn as_json() {
    let office = Office::new().await;
    let said = office.check(&["--json"]).await;
    let found: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, &found["ok"]), (0, &json!(true)));
    insta::assert_snapshot!(found["findings"][0].to_string(), @r#"{"what":"configuration","verdict":"ok","sentence":"countersign.toml holds: 18 commands, and what they need is there."}"#);
    office.keeps_tokens("xoxb-of-somebody", "xapp-backoffice", SECRET);
    let said = office.check(&["--json"]).await;
    let found: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, &found["ok"]), (1, &json!(false)));
}
