//! Words without their case, and a number for each that the catalog knows.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// The number of a word that some pattern contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct WordId(u32);

impl WordId {
    /// The place of the word among all words.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// All words of a catalog, folded.
#[derive(Debug, Default)]
pub(crate) struct Words {
    ids: HashMap<Arc<str>, WordId, BuildHasherDefault<WordHasher>>,
    words: Vec<Arc<str>>,
}

impl Words {
    /// The number of `word`, in whatever case, if the catalog knows it.
    pub fn find(&self, word: &str) -> Option<WordId> {
        self.ids.get(&*fold(word)).copied()
    }

    /// The number of `word`, which is added where it is new.
    pub fn intern(&mut self, word: &str) -> WordId {
        let word = fold(word);
        if let Some(id) = self.ids.get(&*word) {
            return *id;
        }
        let id = WordId(u32::try_from(self.words.len()).unwrap_or(u32::MAX));
        let word: Arc<str> = word.into();
        self.words.push(Arc::clone(&word));
        self.ids.insert(word, id);
        id
    }

    /// The word of a number, folded.
    pub fn text(&self, id: WordId) -> &str {
        self.words.get(id.0 as usize).map_or("", |word| word)
    }

    /// Every word with its number.
    pub fn iter(&self) -> impl Iterator<Item = (WordId, &str)> {
        (0..).map(WordId).zip(self.words.iter().map(|word| &**word))
    }
}

/// `word` in the case in which words are compared: Unicode's simple case
/// folding, which is what `(?i)` does in the equivalent regular expression.
pub(crate) fn fold(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        return Cow::Borrowed(word);
    }
    if word.is_ascii() {
        return Cow::Owned(word.to_ascii_lowercase());
    }
    Cow::Owned(word.chars().map(fold_char).collect())
}

/// Lower case of upper case brings together what folding brings together; the
/// exceptions are the dotless i, which folding leaves alone, and three pairs
/// whose upper case is several characters.
fn fold_char(c: char) -> char {
    match c {
        'ı' => 'ı',
        '\u{1fd3}' => '\u{390}',
        '\u{1fe3}' => '\u{3b0}',
        '\u{fb05}' => '\u{fb06}',
        _ => single(single(c, char::to_uppercase), char::to_lowercase),
    }
}

/// `change` of `c` where that is one character, else `c`.
fn single<I: Iterator<Item = char>>(c: char, change: fn(char) -> I) -> char {
    let mut changed = change(c);
    match (changed.next(), changed.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// A fast hash without a secret: the table holds the words of the
/// configuration alone, and no sentence can add to it.
#[derive(Debug, Default)]
pub(crate) struct WordHasher(u64);

impl Hasher for WordHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut eight = [0; 8];
            for (to, from) in eight.iter_mut().zip(chunk) {
                *to = *from;
            }
            self.mix(u64::from_le_bytes(eight));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }
}

impl WordHasher {
    fn mix(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_brings_together_what_the_regular_expression_does() {
        // Letters that the standard library knows and the regular expressions' older Unicode does not.
        let newer = ::regex::Regex::new(r"^\p{Cn}$").unwrap();
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            let folded = fold_char(c);
            assert_eq!(fold_char(folded), folded, "{c:?} folds twice");
            if folded != c && !newer.is_match(&c.to_string()) {
                let same =
                    ::regex::Regex::new(&format!("^(?i:{})$", ::regex::escape(&c.to_string()))).unwrap();
                assert!(same.is_match(&folded.to_string()), "{c:?} and {folded:?}");
            }
        }
    }

    #[test]
    fn the_regular_expression_brings_together_nothing_more() {
        for c in (0..=0x10_ffff).filter_map(char::from_u32).filter(|c| c.is_alphabetic()) {
            let cased = c.to_lowercase().ne([c]) || c.to_uppercase().ne([c]);
            if !cased {
                continue;
            }
            let same = ::regex::Regex::new(&format!("^(?i:{c})$")).unwrap();
            for other in c.to_lowercase().chain(c.to_uppercase()).filter(|o| same.is_match(&o.to_string())) {
                assert_eq!(fold_char(other), fold_char(c), "{c:?} and {other:?}");
            }
        }
    }

    #[test]
    fn a_word_is_found_in_any_case() {
        let mut words = Words::default();
        let id = words.intern("Größe");
        assert_eq!(words.find("GRÖßE"), Some(id));
        assert_eq!(words.find("Grösse"), None);
        assert_eq!(words.text(id), "größe");
    }
}
