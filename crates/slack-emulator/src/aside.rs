//! Something beside the workspace that the page shows: what the app works on, drawn small.
//!
//! The emulator knows nothing of it: whoever starts it says what stands there, and what its buttons do.

use tokio::sync::watch;

/// What the page shows beside the workspace.
pub trait Aside: Send + Sync + 'static {
    /// As it looks now.
    fn draw(&self) -> Panel;

    /// Somebody pressed one of its buttons; others than those that were drawn do nothing.
    fn press(&self, button: &str);

    /// Moves whenever it may look different.
    fn changes(&self) -> watch::Receiver<u64>;
}

/// A small panel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Panel {
    /// What it is.
    pub title: String,
    /// A line about it.
    pub note: String,
    /// What one can do with it: the button's name and what stands on it.
    pub buttons: Vec<(&'static str, String)>,
    /// What is in it.
    pub sections: Vec<Section>,
}

/// A part of a panel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// What it is about.
    pub heading: String,
    /// A word about that.
    pub note: String,
    /// What stands in it, line by line.
    pub lines: Vec<Line>,
}

/// A line of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// More about it, for whoever points at it.
    pub hint: String,
    /// How it looks.
    pub weight: Weight,
}

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// What this is about.
    Strong,
    /// What is there besides.
    Quiet,
}
