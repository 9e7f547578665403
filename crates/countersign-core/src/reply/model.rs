//! What a reply is made of.

use jiff::Timestamp;

use crate::ids::{ChannelId, UserId};
use crate::plan::Plan;

/// One message of the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The message in one line, for notifications and screen readers.
    pub summary: String,
    /// The message itself, from top to bottom.
    pub blocks: Vec<Block>,
}

/// One part of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(Vec<Span>),
    /// Lines with a mark in front.
    List(Vec<Vec<Span>>),
    /// Names with their values, side by side.
    Fields(Vec<(String, Vec<Span>)>),
    /// Rows under named columns.
    Table {
        /// The columns' names.
        columns: Vec<String>,
        /// The rows' cells.
        rows: Vec<Vec<String>>,
    },
    /// Small print.
    Note(Vec<Span>),
    /// Buttons in a row.
    Buttons(Vec<Button>),
    /// A line between two parts.
    Divider,
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// As it is.
    Text(String),
    /// Set in bold.
    Bold(String),
    /// Set as code: what people type, names and values of things.
    Code(String),
    /// A person, by id; the chat product shows their name.
    Person(UserId),
    /// A channel, by id; the chat product shows its name to those who may know it.
    Channel(ChannelId),
    /// A point in time, shown in the reader's own time zone.
    Time(Timestamp),
    /// An emoji by its standard name.
    Emoji(&'static str),
}

/// Where a reply is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Medium {
    /// In the chat product.
    Chat,
    /// At a terminal, which holds any number of lines and has no buttons.
    Terminal,
}

impl Medium {
    /// Can all of a plan be shown at once?
    pub(super) fn holds(self, plan: &Plan) -> bool {
        self == Self::Terminal || plan.fits_a_card()
    }
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// Which one it is: one of [`actions`].
    pub action: &'static str,
    /// What stands on it.
    pub label: String,
    /// What comes back when it is pressed.
    pub value: String,
    /// How it looks.
    pub style: Style,
}

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The thing to do.
    Primary,
    /// The thing to think about first.
    Danger,
    /// One may.
    Plain,
}

/// The names of buttons and dialogs, as they come back in an envelope.
pub mod actions {
    /// Sign the plan whose fingerprint is in the button's value.
    pub const SIGN: &str = "countersign.sign";
    /// Object to it.
    pub const OBJECT: &str = "countersign.object";
    /// Cancel the operation whose id is in the button's value.
    pub const CANCEL: &str = "countersign.cancel";
    /// Say that the operation whose id is in the button's value had been done.
    pub const WAS_DONE: &str = "countersign.was_done";
    /// Say that it had not been done.
    pub const WAS_NOT_DONE: &str = "countersign.was_not_done";
    /// The dialog in which a person says how they know.
    pub const RESOLVE: &str = "countersign.resolve";
    /// Say the sentence that is in the button's value, as whoever presses it.
    pub const SAY: &str = "countersign.say";
    /// Say why one objected.
    pub const EXPLAIN: &str = "countersign.explain";
    /// The dialog in which a person says why they objected.
    pub const REASON: &str = "countersign.reason";
    /// The dialog in which the caller of a destructive command types the target's name.
    pub const CONFIRM: &str = "countersign.confirm";
}

impl Reply {
    /// A reply of one paragraph that is its own summary.
    pub fn line(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { blocks: vec![Block::Text(vec![Span::Text(text.clone())])], summary: text }
    }
}

impl Span {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Code.
    pub fn code(text: impl Into<String>) -> Self {
        Self::Code(text.into())
    }
}

/// For snapshots and terminals: the reply as plain text.
impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, block) in self.blocks.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{block}")?;
        }
        Ok(())
    }
}

impl std::fmt::Display for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Heading(text) => write!(f, "# {text}"),
            Self::Text(spans) => write!(f, "{}", plain(spans)),
            Self::Note(spans) => write!(f, "({})", plain(spans)),
            Self::List(lines) => {
                let lines: Vec<String> = lines.iter().map(|line| format!("• {}", plain(line))).collect();
                f.write_str(&lines.join("\n"))
            }
            Self::Fields(fields) => {
                let lines: Vec<String> =
                    fields.iter().map(|(name, value)| format!("{name}: {}", plain(value))).collect();
                f.write_str(&lines.join("\n"))
            }
            Self::Table { columns, rows } => {
                write!(f, "{}", columns.join(" | "))?;
                rows.iter().try_for_each(|row| write!(f, "\n{}", row.join(" | ")))
            }
            Self::Buttons(buttons) => {
                let labels: Vec<String> = buttons.iter().map(|b| format!("[{}]", b.label)).collect();
                f.write_str(&labels.join(" "))
            }
            Self::Divider => f.write_str("---"),
        }
    }
}

fn plain(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span {
            Span::Text(text) => text.clone(),
            Span::Bold(text) => format!("*{text}*"),
            Span::Code(text) => format!("`{text}`"),
            Span::Person(user) => format!("@{user}"),
            Span::Channel(channel) => format!("#{channel}"),
            Span::Time(time) => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            Span::Emoji(name) => format!(":{name}:"),
        })
        .collect()
}
