//! One call, before it is made.

use countersign_core::ids::ChannelId;
use serde_json::Value;

/// May a call be made again when nobody knows whether it was carried out?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It reads, or does the same thing when done twice.
    Harmless,
    /// It does its thing twice. Only a 429 is waited for, since that means "not done".
    Harmful,
    /// The caller has its own way to wait, so that even a 429 goes straight back to it.
    ByCaller,
}

/// A method and its arguments, as a form: all methods take one, and not all of them take JSON.
#[derive(Debug)]
pub(crate) struct Call {
    pub(super) method: &'static str,
    pub(super) repeat: Repeat,
    /// The channel that it is about, if there is one.
    pub(super) channel: Option<ChannelId>,
    pub(super) form: Vec<(&'static str, String)>,
}

impl Call {
    pub(super) fn new(method: &'static str, repeat: Repeat) -> Self {
        Self { method, repeat, channel: None, form: Vec::new() }
    }

    /// The argument `channel`.
    pub(super) fn channel(mut self, channel: &ChannelId) -> Self {
        self.channel = Some(channel.clone());
        self.arg("channel", channel.as_str())
    }

    /// An argument.
    pub(super) fn arg(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.form.push((name, value.into()));
        self
    }

    /// An argument that need not be there.
    pub(super) fn maybe(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.arg(name, value),
            None => self,
        }
    }

    /// A nested argument: JSON inside the form.
    pub(super) fn json(self, name: &'static str, value: &Value) -> Self {
        self.arg(name, value.to_string())
    }
}
