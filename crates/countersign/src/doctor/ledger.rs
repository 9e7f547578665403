//! The ledger's file.

use std::path::Path;

use countersign_engine::causes;
use countersign_store::sqlite::{Seen, SqliteStore};

use super::Finding;

const WHAT: &str = "ledger";

pub(super) async fn examine(path: &Path) -> Finding {
    let shown = path.display();
    match SqliteStore::look(path).await {
        Ok(Seen::Store) => Finding::fine(WHAT, format!("{shown} can be written.")),
        Ok(Seen::Nothing) => Finding::fine(WHAT, format!("{shown} is not there yet, and can be made.")),
        Ok(Seen::InUse) => {
            Finding::note(WHAT, format!("{shown} is in use: a countersign runs on it at this moment."))
        }
        Err(error) => Finding::wrong(WHAT, format!("{}.", causes::line(&error))),
    }
}
