//! Who the bot is in Slack, as Slack last said: beside the ledger, for the time when Slack does not answer.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use countersign_core::ids::{OrgId, UserId};
use countersign_slack::Me;
use serde::{Deserialize, Serialize};

/// The file's name in the ledger's folder.
const NAME: &str = "identity.json";

#[derive(Serialize, Deserialize)]
struct Identity {
    team: OrgId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    enterprise: Option<OrgId>,
    user: UserId,
    bot_id: String,
}

/// Remembers who the bot is, unless the same is remembered. A failure is logged: it is needed only when Slack does not
/// answer.
pub(crate) fn remember(ledger: &Path, me: &Me) {
    if recall(ledger).as_ref() == Some(me) {
        return;
    }
    if let Err(error) = write(&beside(ledger), me) {
        tracing::warn!(%error, "who the bot is in Slack cannot be remembered for when Slack does not answer");
    }
}

/// Who the bot is, if Slack has ever said.
pub(crate) fn recall(ledger: &Path) -> Option<Me> {
    let text = std::fs::read_to_string(beside(ledger)).ok()?;
    let Identity { team, enterprise, user, bot_id } = serde_json::from_str(&text).ok()?;
    Some(Me { team, enterprise, user, bot_id })
}

fn beside(ledger: &Path) -> PathBuf {
    ledger.with_file_name(NAME)
}

/// Written beside its place and moved there whole.
fn write(path: &Path, me: &Me) -> std::io::Result<()> {
    let identity = Identity {
        team: me.team.clone(),
        enterprise: me.enterprise.clone(),
        user: me.user.clone(),
        bot_id: me.bot_id.clone(),
    };
    let new = path.with_extension("new");
    let mut file: File = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    file.write_all(serde_json::to_string(&identity)?.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_the_bot_is_outlives_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = folder.path().join("ledger.db");
        assert_eq!(recall(&ledger), None);
        let me = |bot_id: &str| Me {
            team: OrgId::new("T1"),
            enterprise: Some(OrgId::new("E1")),
            user: UserId::new("U0BOT"),
            bot_id: bot_id.to_owned(),
        };
        remember(&ledger, &me("B1"));
        assert_eq!(recall(&ledger), Some(me("B1")));
        remember(&ledger, &me("B2"));
        assert_eq!(recall(&ledger), Some(me("B2")));
        std::fs::write(beside(&ledger), "rubbish").unwrap();
        assert_eq!(recall(&ledger), None);
    }
}
