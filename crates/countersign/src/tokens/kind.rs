//! The kinds of secrets that Slack hands out, told apart by how they begin.

use std::fmt;

/// A secret that the program takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The bot's token.
    Bot,
    /// The app's token.
    App,
    /// The signing secret.
    SigningSecret,
    /// The key of a ledger in Slack itself. It is made here, not by Slack.
    LedgerKey,
}

impl Kind {
    /// The environment variable that holds it.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Bot => "SLACK_BOT_TOKEN",
            Self::App => "SLACK_APP_TOKEN",
            Self::SigningSecret => "SLACK_SIGNING_SECRET",
            Self::LedgerKey => "COUNTERSIGN_LEDGER_KEY",
        }
    }

    /// Its key in a JSON file.
    pub fn key(self) -> &'static str {
        match self {
            Self::Bot => "bot_token",
            Self::App => "app_token",
            Self::SigningSecret => "signing_secret",
            Self::LedgerKey => "ledger_key",
        }
    }

    /// What shows it: a page at <https://api.slack.com/apps>, or a command.
    pub fn shown_by(self) -> &'static str {
        match self {
            Self::Bot => "“OAuth & Permissions”, “Bot User OAuth Token”",
            Self::App => "“Basic Information”, “App-Level Tokens”, with the scope connections:write",
            Self::SigningSecret => "“Basic Information”, “App Credentials”, “Signing Secret”",
            Self::LedgerKey => "`openssl rand -hex 32`",
        }
    }

    /// Where a person gets it from, as a sentence.
    pub fn where_found(self) -> String {
        let shown = self.shown_by();
        match self {
            Self::LedgerKey => format!("Make it with {shown}."),
            _ => format!("Slack shows it at https://api.slack.com/apps under {shown}."),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bot => "bot token (xoxb-…)",
            Self::App => "app token (xapp-…)",
            Self::SigningSecret => "signing secret",
            Self::LedgerKey => "ledger key",
        })
    }
}

/// What a text is, by its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// A secret that the program takes; a signing secret is hexadecimal.
    Like(Kind),
    /// A person's token.
    User,
    /// A token that ends by itself after some hours.
    Rotating,
    /// A browser's or an old kind of app's token.
    OfAnotherProgram,
    /// Nothing known.
    Unknown,
}

impl Looks {
    pub(super) fn of(text: &str) -> Self {
        let begins = |start| text.starts_with(start);
        match () {
            () if begins("xoxb-") => Self::Like(Kind::Bot),
            () if begins("xapp-") => Self::Like(Kind::App),
            () if begins("xoxe") => Self::Rotating,
            () if begins("xoxp-") => Self::User,
            () if begins("xox") => Self::OfAnotherProgram,
            () if text.len() >= 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                Self::Like(Kind::SigningSecret)
            }
            () => Self::Unknown,
        }
    }
}

impl fmt::Display for Looks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Like(Kind::SigningSecret | Kind::LedgerKey) => {
                f.write_str("holds what looks like a signing secret")
            }
            Self::Like(Kind::App) => f.write_str("holds an app token (xapp-…)"),
            Self::Like(Kind::Bot) => f.write_str("holds a bot token (xoxb-…)"),
            Self::User => f.write_str("holds a person's token (xoxp-…)"),
            Self::Rotating => {
                f.write_str("holds a rotating token (xoxe…), which ends by itself after some hours")
            }
            Self::OfAnotherProgram => f.write_str("holds a token of another kind of program"),
            Self::Unknown => f.write_str("holds something else"),
        }
    }
}
