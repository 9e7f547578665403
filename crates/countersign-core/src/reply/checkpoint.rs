//! A checkpoint of the audit trail, for people to keep.

use super::{Block, Reply, Span};
use crate::audit::Checkpoint;

/// What stands in the channel that witnesses the audit trail.
pub fn checkpoint(checkpoint: &Checkpoint) -> Reply {
    let Checkpoint { number, at, hash, .. } = checkpoint;
    let kept = format!("{number}:{hash}");
    Reply {
        summary: format!("Audit checkpoint {kept}"),
        blocks: vec![
            Block::Text(vec![
                Span::text(format!("Audit checkpoint {number}, ")),
                Span::Time(*at),
                Span::text(": "),
                Span::code(kept),
            ]),
            Block::Note(vec![
                Span::text("It seals all that was done until then. "),
                Span::code("countersign audit verify --hash …"),
                Span::text(" with these characters shows whether any of it was changed since."),
            ]),
        ],
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn it_can_be_copied_whole() {
        let reply = checkpoint(&Checkpoint::after(None, Timestamp::UNIX_EPOCH, Vec::new()));
        insta::assert_snapshot!(reply, @"
        Audit checkpoint 1, 1970-01-01 00:00 UTC: `1:80c2ebaf62dc33397a8fd315f506aef731c263d26e7a4717be1420a08ee76878`
        (It seals all that was done until then. `countersign audit verify --hash …` with these characters shows whether any of it was changed since.)
        ");
    }
}
