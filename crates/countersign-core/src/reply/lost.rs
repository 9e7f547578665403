//! What is said where a program that kept no database left a request behind.

use super::{Block, Reply, Span};

/// It was taken, and nothing that could be signed was kept.
pub fn lost_before_its_plan() -> Reply {
    Reply {
        summary: "I was stopped before this could be signed. Nothing was changed.".to_owned(),
        blocks: vec![Block::Text(vec![Span::text(
            "I was stopped before this could be signed, and what I knew of it is gone. Nothing was changed. \
             Please say the sentence again.",
        )])],
    }
}

/// It was being done.
pub fn lost_halfway() -> Reply {
    Reply {
        summary: "I was stopped in the middle of this. Someone must look whether it was done.".to_owned(),
        blocks: vec![Block::Text(vec![Span::text(
            "I was stopped in the middle of this, and what I knew of it is gone. Someone must look whether it \
             was done. I shall not do it again by myself.",
        )])],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_say_what_to_do() {
        let said = [lost_before_its_plan(), lost_halfway()]
            .map(|reply| format!("{}\n{:?}", reply.summary, reply.blocks));
        insta::assert_snapshot!(said.join("\n"), @r#"
        I was stopped before this could be signed. Nothing was changed.
        [Text([Text("I was stopped before this could be signed, and what I knew of it is gone. Nothing was changed. Please say the sentence again.")])]
        I was stopped in the middle of this. Someone must look whether it was done.
        [Text([Text("I was stopped in the middle of this, and what I knew of it is gone. Someone must look whether it was done. I shall not do it again by myself.")])]
        "#);
    }
}
