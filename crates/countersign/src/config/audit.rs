//! What the file says about the audit trail's witnesses.

use std::path::{Path, PathBuf};

use countersign_core::ids::ChannelId;

use super::Config;
use super::compile::listed;
use super::error::ConfigError;
use super::file::Name;

impl Config {
    /// The channel to which checkpoints are posted.
    pub(crate) fn checkpoint_channel(&self) -> Option<ChannelId> {
        let Name(name) = self.file.audit.checkpoint_channel.as_ref()?;
        self.file.channels.get(name.get_ref()).map(ChannelId::new)
    }

    /// The file to which checkpoints are appended.
    pub(crate) fn checkpoint_file(&self) -> Option<PathBuf> {
        let folder = self.path.parent().unwrap_or_else(|| Path::new("."));
        self.file.audit.checkpoint_file.as_ref().map(|file| folder.join(file))
    }

    /// What is wrong with `[audit]`.
    pub(super) fn audit_errors(&self) -> Option<ConfigError> {
        let Name(name) = self.file.audit.checkpoint_channel.as_ref()?;
        let known = self.file.channels.contains_key(name.get_ref());
        (!known).then(|| {
            let channels = listed(self.file.channels.keys());
            self.at(name, format!("There is no channel `{}`; [channels] has {channels}.", name.get_ref()))
        })
    }
}
