//! How much text a message may still hold.

/// Characters of one block's text.
const LONGEST_BLOCK: usize = 3000;
/// Characters of all blocks together. Slack names no limit, but refuses messages
/// from about 13,000 on (`msg_blocks_too_long`).
const LONGEST_MESSAGE: usize = 10_000;

/// Characters left, in the message and in the block at hand.
#[derive(Debug)]
pub(super) struct Budget {
    message: usize,
    block: usize,
    cut: bool,
}

impl Budget {
    pub(super) fn for_message() -> Self {
        Self { message: LONGEST_MESSAGE, block: LONGEST_BLOCK, cut: false }
    }

    /// The next block begins, with at most `limit` characters.
    pub(super) fn begin_block(&mut self, limit: usize) {
        self.block = limit.min(LONGEST_BLOCK);
    }

    /// Is there room for anything?
    pub(super) fn has_room(&self) -> bool {
        self.message > 0 && self.block > 0
    }

    /// Did a block have to go because the message is full?
    pub(super) fn is_spent(&self) -> bool {
        self.cut && self.message == 0
    }

    /// Takes room for something that cannot be cut; `false` when there is none.
    pub(super) fn take(&mut self, characters: usize) -> bool {
        if characters <= self.block.min(self.message) {
            self.spend(characters);
            return true;
        }
        self.close();
        false
    }

    /// As much of the text as there is room for, with `…` where it is cut.
    pub(super) fn cut(&mut self, text: &str) -> String {
        let room = self.block.min(self.message);
        let length = text.chars().count();
        if length <= room {
            self.spend(length);
            return text.to_owned();
        }
        self.close();
        shortened(text, room)
    }

    fn spend(&mut self, characters: usize) {
        self.message -= characters;
        self.block -= characters;
    }

    /// Nothing more fits: whatever ran out is empty now.
    fn close(&mut self) {
        self.cut = true;
        if self.message <= self.block {
            self.message = 0;
        } else {
            self.message -= self.block;
        }
        self.block = 0;
    }
}

/// At most `limit` characters, the last of them `…` if some are missing.
pub(super) fn shortened(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    if limit == 0 {
        return String::new();
    }
    let mut out: String = text.chars().take(limit - 1).collect();
    out.push('…');
    out
}

/// Like [`shortened`], for text with escapes in it: none is cut in half.
pub(super) fn escaped(text: String, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text;
    }
    let mut out: String = text.chars().take(limit.saturating_sub(1)).collect();
    let tail =
        out.rfind(['&', '<']).filter(|at| out.get(*at..).is_some_and(|tail| !tail.contains([';', '>'])));
    if let Some(at) = tail {
        out.truncate(at);
    }
    out.push('…');
    out
}
