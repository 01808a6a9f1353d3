//! Tokens: pieces of text, cut by a rule instead of a vocabulary.
//!
//! A piece is a run of up to six letters or digits with the space before it, or one other character. Joined, the pieces are
//! the text again.

const LONGEST: usize = 6;

/// The pieces of a text, in order.
pub fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let length = first(rest)?;
        let (piece, remaining) = rest.split_at(length);
        rest = remaining;
        Some(piece)
    })
}

/// The length in bytes of a text's first piece.
fn first(text: &str) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    let (_, start) = characters.next()?;
    let word = |character: char| character.is_alphanumeric() && (character as u32) < 0x2e80;
    if start == ' ' {
        if !characters.peek().is_some_and(|(_, next)| word(*next)) {
            return Some(1);
        }
    } else if !word(start) {
        return Some(start.len_utf8());
    }
    let left = LONGEST - usize::from(word(start));
    let end = characters
        .enumerate()
        .find(|(letters, (_, character))| *letters == left || !word(*character));
    Some(end.map_or(text.len(), |(_, (position, _))| position))
}

/// How many pieces a text has.
#[must_use]
pub fn count(text: &str) -> usize {
    split(text).count()
}

/// The first `limit` pieces of a text, and whether that is less than all.
#[must_use]
pub fn truncate(text: &str, limit: usize) -> (&str, bool) {
    let length: usize = split(text).take(limit).map(str::len).sum();
    (&text[..length], length < text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_to_the_text() {
        for text in [
            "",
            " ",
            "Hello, wonderful world!",
            "  two  spaces",
            "你好 abc",
            "é🙂x",
            "{\"a\": 12345678}",
        ] {
            assert_eq!(split(text).collect::<String>(), text);
            assert!(split(text).all(|piece| !piece.is_empty()));
        }
        assert_eq!(
            split("Hello, wonderful world").collect::<Vec<_>>(),
            ["Hello", ",", " wonder", "ful", " world"]
        );
        assert_eq!(count("你好"), 2);
    }

    #[test]
    fn truncation_keeps_whole_pieces() {
        assert_eq!(truncate("one two three", 2), ("one two", true));
        assert_eq!(truncate("one two", 2), ("one two", false));
    }
}
