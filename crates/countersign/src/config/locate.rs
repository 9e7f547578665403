//! From a byte in the source to the line and column that an editor shows.

/// A place in a file, both numbers counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// The place of the byte `offset` in `source`; the end, when it lies beyond.
pub(super) fn place(source: &str, offset: usize) -> Place {
    let mut end = offset.min(source.len());
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    let before = source.get(..end).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count() + 1;
    Place { line, column: before.get(line_start..).unwrap_or_default().chars().count() + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        let source = "a = 1\nü = \"ö\"\n";
        assert_eq!(place(source, 0), Place { line: 1, column: 1 });
        assert_eq!(place(source, source.find("\"ö").unwrap()), Place { line: 2, column: 5 });
        assert_eq!(place(source, 999), Place { line: 3, column: 1 });
    }
}
