//! Whether bytes are one JSON value that outcrop can read, without building it.
//!
//! What passes here is read later by another parser, so this one is as strict: text is UTF-8, numbers have a bounded
//! length, nesting a bounded depth. `NaN` and infinities pass, as Python's `json` and botocore take them.

use memchr::memchr2;

/// How deep the JSON of an answer may be nested: what its reader follows.
pub(crate) const DEEPEST: usize = 200;
/// The longest number: Python makes no `int` of more digits.
const LONGEST_NUMBER: usize = 4300;

/// So long are names and most values at most.
const SHORT: usize = 32;
/// So much of a longer one is looked at in one go.
const BLOCK: usize = 4096;

/// What is wrong, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    what: &'static str,
    at: usize,
    of: usize,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { what, at, of } = self;
        write!(formatter, "{what} at byte {at} of {of}")
    }
}

/// Checks one JSON value of at most `deepest` levels, and returns its first byte. For each member of an object at the
/// top, `member` is given its name and the bytes from its value on.
pub(crate) fn check<'a>(
    json: &'a [u8],
    deepest: usize,
    mut member: impl FnMut(&'a [u8], &'a [u8]),
) -> Result<u8, Flaw> {
    let mut walk = Walk { json, at: 0 };
    if let Err(error) = std::str::from_utf8(json) {
        walk.at = error.valid_up_to();
        return Err(walk.flaw("bytes that are no UTF-8"));
    }
    let mut open: Vec<u8> = vec![];
    let first = walk.peek()?;
    loop {
        match walk.peek()? {
            bracket @ (b'{' | b'[') => {
                open.push(bracket);
                if open.len() > deepest {
                    return Err(walk.flaw("one level of nesting too many"));
                }
                walk.at += 1;
                if walk.peek()? == closing(bracket) {
                    walk.at += 1;
                    open.pop();
                } else {
                    if bracket == b'{' {
                        walk.name(open.len(), &mut member)?;
                    }
                    continue;
                }
            }
            b'"' => drop(walk.string()?),
            b'-' | b'0'..=b'9' => walk.number()?,
            _ => walk.word()?,
        }
        // A value has ended: what holds it goes on or ends, too.
        loop {
            let Some(bracket) = open.last().copied() else {
                walk.space();
                if walk.at < json.len() {
                    return Err(walk.flaw("something after its end"));
                }
                return Ok(first);
            };
            let byte = walk.peek()?;
            if byte == closing(bracket) {
                walk.at += 1;
                open.pop();
            } else if byte == b',' {
                walk.at += 1;
                if bracket == b'{' {
                    walk.name(open.len(), &mut member)?;
                }
                break;
            } else {
                return Err(walk.flaw("no comma and no end"));
            }
        }
    }
}

/// How far up to the first byte that does not stand for itself in a string. Most strings are short: to look at each byte
/// takes less there than to begin a wide search.
fn plain(text: &[u8]) -> Option<usize> {
    let stops = |byte: &u8| matches!(byte, b'"' | b'\\') || *byte < b' ';
    if let Some(near) = text.iter().take(SHORT).position(stops) {
        return Some(near);
    }
    // Block by block, each of which is still at hand when it is looked at again: an answer may have 25 MB.
    let mut blocks = text.get(SHORT..)?.chunks(BLOCK).enumerate();
    blocks.find_map(|(number, block)| {
        let end = memchr2(b'"', b'\\', block);
        let found = control(&block[..end.unwrap_or(block.len())]).or(end)?;
        Some(SHORT + number * BLOCK + found)
    })
}

/// Where the first control character stands. The least byte is found without stopping, which the compiler makes wide.
fn control(text: &[u8]) -> Option<usize> {
    let least = text.iter().fold(u8::MAX, |least, byte| least.min(*byte));
    if least >= b' ' {
        return None;
    }
    text.iter().position(|byte| *byte < b' ')
}

fn closing(bracket: u8) -> u8 {
    if bracket == b'{' { b'}' } else { b']' }
}

struct Walk<'a> {
    json: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    fn flaw(&self, what: &'static str) -> Flaw {
        let (at, of) = (self.at, self.json.len());
        Flaw { what, at, of }
    }

    fn space(&mut self) {
        while matches!(self.json.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Result<u8, Flaw> {
        self.space();
        let byte = self.json.get(self.at).copied();
        byte.ok_or_else(|| self.flaw("its end too early"))
    }

    fn name(
        &mut self,
        depth: usize,
        member: &mut impl FnMut(&'a [u8], &'a [u8]),
    ) -> Result<(), Flaw> {
        if self.peek()? != b'"' {
            return Err(self.flaw("no member's name"));
        }
        let name = self.string()?;
        if self.peek()? != b':' {
            return Err(self.flaw("no colon"));
        }
        self.at += 1;
        if depth == 1 {
            self.peek()?;
            member(name, &self.json[self.at..]);
        }
        Ok(())
    }

    /// A string, whose quotation mark is next; without its quotation marks.
    fn string(&mut self) -> Result<&'a [u8], Flaw> {
        self.at += 1;
        let start = self.at;
        loop {
            let rest = &self.json[self.at..];
            let Some(length) = plain(rest) else {
                self.at = self.json.len();
                return Err(self.flaw("its end too early"));
            };
            self.at += length;
            match rest[length] {
                b'"' => {
                    self.at += 1;
                    return Ok(&self.json[start..self.at - 1]);
                }
                b'\\' => {}
                _ => return Err(self.flaw("a control character in a string")),
            }
            let digits = |text: &[u8]| text.iter().all(u8::is_ascii_hexdigit);
            self.at += match rest.get(length + 1) {
                Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
                Some(b'u') if rest.get(length + 2..length + 6).is_some_and(digits) => 6,
                None => {
                    self.at = self.json.len();
                    return Err(self.flaw("its end too early"));
                }
                Some(_) => return Err(self.flaw("no escape")),
            };
        }
    }

    fn number(&mut self) -> Result<(), Flaw> {
        let start = self.at;
        if self.json[self.at] == b'-' {
            self.at += 1;
            if self.json.get(self.at) == Some(&b'I') {
                return self.word();
            }
        }
        let leading = self.json.get(self.at);
        if self.digits()? > 1 && leading == Some(&b'0') {
            return Err(self.flaw("a number with a leading zero"));
        }
        if self.json.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.json.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.json.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        if self.at - start > LONGEST_NUMBER {
            return Err(self.flaw("the end of a number of more than 4,300 digits"));
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<usize, Flaw> {
        let rest = &self.json[self.at..];
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        if count == 0 {
            return Err(self.flaw("no digit"));
        }
        Ok(count)
    }

    fn word(&mut self) -> Result<(), Flaw> {
        let rest = &self.json[self.at..];
        let words: [&[u8]; 5] = [b"true", b"false", b"null", b"NaN", b"Infinity"];
        let Some(word) = words.into_iter().find(|word| rest.starts_with(word)) else {
            return Err(self.flaw("no value"));
        };
        self.at += word.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};
    use serde_json::Value;

    fn passes(json: &[u8]) -> bool {
        check(json, DEEPEST, |_, _| {}).is_ok()
    }

    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            prop::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"", "\\", "\"a\"", "\"a\":", "1", "-", "0", ".5",
                "e9", "true", "null", " ", "\n", "\\u00e9", "\\ud83d", "\u{1}", "é",
            ])
            .prop_map(str::to_owned),
            ".{0,3}",
        ];
        vec(piece, 0..12).prop_map(|all| all.concat())
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,80}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 30, 5, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map(".{0,4}", inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    /// `serde_json` looks at surrogates, which half a character of a model has not, and lets no huge exponent pass.
    fn is_lenient(json: &str) -> bool {
        json.contains("\\u") || json.contains("e9")
    }

    proptest! {
        #[test]
        fn it_takes_what_serde_json_takes(json in pieces()) {
            let taken = serde_json::from_str::<Value>(&json).is_ok();
            prop_assume!(taken || !is_lenient(&json));
            prop_assert_eq!(passes(json.as_bytes()), taken);
        }

        #[test]
        fn a_value_passes_and_none_of_its_beginnings(value in value(), pretty: bool) {
            let json = if pretty { serde_json::to_vec_pretty(&value) } else { serde_json::to_vec(&value) };
            let json = json.expect("it is JSON");
            prop_assert!(passes(&json));
            if matches!(value, Value::Object(_) | Value::Array(_) | Value::String(_)) {
                for end in 0..json.len() {
                    prop_assert!(!passes(&json[..end]));
                }
            }
        }

        #[test]
        fn a_control_character_is_found_wherever_it_stands(length in 0..9000usize, at in 0..9000usize, odd in 0..32u8) {
            let mut json = vec![b'x'; length.max(at + 1) + 2];
            let last = json.len() - 1;
            (json[0], json[last], json[at + 1]) = (b'"', b'"', odd);
            let flaw = check(&json, DEEPEST, |_, _| {}).expect_err("no string has one");
            prop_assert_eq!(flaw, Flaw { what: "a control character in a string", at: at + 1, of: json.len() });
        }

        #[test]
        fn any_bytes_are_borne(json in vec(any::<u8>(), 0..60)) {
            passes(&json);
        }
    }

    #[test]
    fn members_at_the_top_are_shown() {
        let mut seen = vec![];
        let json = br#" { "a" : {"b": [1]}, "c":[] , "" :null} "#;
        let first = check(json, DEEPEST, |name, value| seen.push((name, value[0])));
        assert_eq!(first, Ok(b'{'));
        assert_eq!(seen, [(&b"a"[..], b'{'), (b"c", b'['), (b"", b'n')]);
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let nested = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
        assert!(passes(&nested(DEEPEST)));
        assert!(!passes(&nested(DEEPEST + 1)));
        assert!(check(&nested(100_000), usize::MAX, |_, _| {}).is_ok());
        assert!(passes(&vec![b'9'; LONGEST_NUMBER]));
        assert!(!passes(&vec![b'9'; LONGEST_NUMBER + 1]));
    }

    #[test]
    fn what_python_takes_passes_and_a_flaw_says_where() {
        for json in [
            "NaN",
            "[-Infinity, Infinity]",
            r#""\ud83d""#,
            "1e999",
            "[1e400]",
        ] {
            assert!(passes(json.as_bytes()), "{json}");
        }
        let flaw = |json: &[u8]| {
            let flaw = check(json, DEEPEST, |_, _| {});
            flaw.expect_err("it is none").to_string()
        };
        assert_eq!(flaw(br#"{"a":"#), "its end too early at byte 5 of 5");
        assert_eq!(flaw(b"{} x"), "something after its end at byte 3 of 4");
        assert_eq!(flaw(b"\"\xff\""), "bytes that are no UTF-8 at byte 1 of 3");
        assert_eq!(flaw(b"<html>"), "no value at byte 0 of 6");
    }
}
