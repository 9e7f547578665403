//! What it cannot start with, in words, and with the exit code for what a person must change.

use super::office::{Office, ends};
use crate::program::{Said, countersign};

impl Office {
    fn error(&self, said: &Said) -> String {
        assert_eq!(said.out, "");
        said.error(self.folder.path(), Some(&self.workspace.port().to_string()))
    }
}

#[tokio::test]
async fn tokens() {
    let office = Office::new().await;
    let api = office.emulator.api_url();
    let without = |more: &[(&str, &str)]| {
        let mut command = countersign(office.folder.path(), &["serve", "--slack-api-url", &api]);
        command.envs(more.iter().copied());
        ends(command)
    };
    insta::assert_snapshot!(office.error(&without(&[]).await), @"
    There is no bot token (xoxb-…). Set SLACK_BOT_TOKEN, or SLACK_BOT_TOKEN_FILE to the path of a file with it, or put it as `bot_token` into the JSON file that --tokens names. Slack shows it at https://api.slack.com/apps under “OAuth & Permissions”, “Bot User OAuth Token”.
    exit code 2
    ");
    insta::assert_snapshot!(office.error(&without(&[("SLACK_BOT_TOKEN", "xoxb-backoffice")]).await), @"
    There is no app token (xapp-…). Set SLACK_APP_TOKEN, or SLACK_APP_TOKEN_FILE to the path of a file with it, or put it as `app_token` into the JSON file that --tokens names. Slack shows it at https://api.slack.com/apps under “Basic Information”, “App-Level Tokens”, with the scope connections:write.
    exit code 2
    ");
    let swapped = [("SLACK_BOT_TOKEN", "xapp-backoffice"), ("SLACK_APP_TOKEN", "xoxb-backoffice")];
    insta::assert_snapshot!(office.error(&without(&swapped).await), @"
    SLACK_BOT_TOKEN holds an app token (xapp-…), but the bot token (xoxb-…) belongs there. Are the two exchanged?
    exit code 2
    ");
    office.keeps_tokens("xoxb-nobody", "xapp-backoffice", super::office::SECRET);
    insta::assert_snapshot!(office.error(&office.ends(&[]).await), @"
    The bot cannot start: Slack does not accept the bot's token, or does not answer: Slack refused auth.test: invalid_auth.
    exit code 2
    ");
    office.keeps_tokens("xoxb-backoffice", "xapp-nobody", super::office::SECRET);
    let said = office.ends(&[]).await;
    let last = said.err.lines().last().unwrap_or_default().to_owned();
    insta::assert_snapshot!(office.error(&Said { err: format!("{last}\n"), ..said }), @"
    Slack does not let the bot listen: socket mode stopped: Slack does not know the app token; it begins with xapp- and is made on the app's Basic Information page: Slack refused apps.connections.open: invalid_auth.
    exit code 2
    ");
    std::fs::write(office.tokens(), r#"{"bot_token": "xoxb-backoffice"}"#).unwrap();
    insta::assert_snapshot!(office.error(&office.ends(&["--http", "127.0.0.1:0"]).await), @"
    There is no signing secret. Set SLACK_SIGNING_SECRET, or SLACK_SIGNING_SECRET_FILE to the path of a file with it, or put it as `signing_secret` into the JSON file that --tokens names. Slack shows it at https://api.slack.com/apps under “Basic Information”, “App Credentials”, “Signing Secret”.
    exit code 2
    ");
}

#[tokio::test]
async fn addresses_and_files() {
    let office = Office::new().await;
    let taken = office.emulator.addr().to_string();
    insta::assert_snapshot!(office.error(&office.ends(&["--http", &taken]).await), @"
    Port [port] is in use; stop the other program, or choose another address with --http.
    exit code 2
    ");
    insta::assert_snapshot!(office.error(&office.ends(&["--health", &taken]).await), @"
    Port [port] is in use; stop the other program, or choose another address with --health.
    exit code 2
    ");
    insta::assert_snapshot!(office.error(&office.ends(&["--data", "nowhere"]).await), @"
    The ledger cannot be opened: the folder nowhere does not exist; create it, or choose another --data folder.
    exit code 2
    ");
    insta::assert_snapshot!(office.error(&office.ends(&["--config", "nothing.toml"]).await), @"
    nothing.toml: There is no such file.
    exit code 2
    ");
    let odd = office.ends(&["--slack-api-url", "nonsense"]).await;
    assert!(odd.code == 2, "{}", odd.err);
    std::fs::write(office.folder.path().join("broken.toml"), "[bot]\nnam = 1\n").unwrap();
    insta::assert_snapshot!(office.error(&office.ends(&["--config", "broken.toml"]).await), @"
    broken.toml:2:1: unknown field `nam`, expected `name`.
    exit code 2
    ");
    let running = office.serves(&[]).await;
    insta::assert_snapshot!(office.error(&office.ends(&[]).await), @"
    The ledger cannot be opened: [dir]/ledger.db is in use by another countersign; stop that one or choose another --data folder.
    exit code 2
    ");
    assert!(running.stops().await.1.success());
}

#[tokio::test]
async fn nobody_at_slack() {
    let office = Office::new().await;
    let mut command = office.command(&[]);
    // The port is free: the address was the emulator's own.
    command.env("COUNTERSIGN_LOG", "error");
    office.emulator.shutdown().await;
    let said = ends(command).await;
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(
        said.err
            .starts_with("The bot cannot start: Slack does not accept the bot's token, or does not answer: ")
    );
}

#[tokio::test]
async fn a_log_level_that_is_none() {
    let office = Office::new().await;
    let mut command = office.command(&[]);
    command.env("COUNTERSIGN_LOG", "=loud=");
    let said = ends(command).await;
    insta::assert_snapshot!(office.error(&said), @"
    COUNTERSIGN_LOG cannot be understood: invalid filter directive. Try COUNTERSIGN_LOG=info.
    exit code 2
    ");
}
