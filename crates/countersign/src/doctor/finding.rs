//! What the doctor found.

use std::fmt::{self, Write as _};

use serde::Serialize;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What: `bot token`.
    pub what: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// In a sentence or two, with what to do.
    pub sentence: String,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// Not looked at.
    Skipped,
    /// It works, and there is something to know or to tidy up.
    Note,
    /// It will not work like this.
    Wrong,
}

impl Finding {
    pub(super) fn fine(what: &'static str, sentence: impl Into<String>) -> Self {
        Self { what, verdict: Verdict::Ok, sentence: sentence.into() }
    }

    pub(super) fn note(what: &'static str, sentence: impl Into<String>) -> Self {
        Self { what, verdict: Verdict::Note, sentence: sentence.into() }
    }

    pub(super) fn wrong(what: &'static str, sentence: impl Into<String>) -> Self {
        Self { what, verdict: Verdict::Wrong, sentence: sentence.into() }
    }

    pub(super) fn skipped(what: &'static str, sentence: impl Into<String>) -> Self {
        Self { what, verdict: Verdict::Skipped, sentence: sentence.into() }
    }
}

/// All that was found, in the order in which it was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn add(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    pub(super) fn extend(&mut self, findings: Vec<Finding>) {
        self.0.extend(findings);
    }

    /// Each finding.
    pub fn all(&self) -> &[Finding] {
        &self.0
    }

    /// How many things will not work like this.
    pub fn wrong(&self) -> usize {
        self.0.iter().filter(|finding| finding.verdict == Verdict::Wrong).count()
    }
}

/// One line each.
impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, Finding { what, verdict, sentence }) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_char('\n')?;
            }
            let verdict = match verdict {
                Verdict::Ok => "ok",
                Verdict::Skipped => "skipped",
                Verdict::Note => "note",
                Verdict::Wrong => "WRONG",
            };
            write!(f, "{verdict:<8} {what:<14} {sentence}")?;
        }
        Ok(())
    }
}
