//! JSON laid out one way: members in order, no white space. Two texts that come out alike mean the same.
//!
//! Nothing else is evened out. A number keeps its digits, since as a float two long ones would become one, and text keeps
//! its escapes; at worst two ways of writing one request are told apart.

use std::{collections::HashMap, ops::Range};

/// Deeper nesting is not followed; such a body counts byte by byte.
const DEEPEST: usize = 512;

/// Hands the canonical form of a JSON object or array to `write`, piece by piece. `false`, with nothing written, if the
/// text is something else or no JSON. Members at the top with a name in `omitted` do not count.
pub(super) fn canonical(json: &[u8], omitted: &[&str], mut write: impl FnMut(&[u8])) -> bool {
    let mut reader = Reader { json, at: 0 };
    let Some(mut node) = reader.value(0) else {
        return false;
    };
    reader.space();
    if reader.at != json.len() || matches!(node, Node::Scalar(_)) {
        return false;
    }
    if let Node::Object(members) = &mut node {
        let name = |range: &Range<usize>| &json[range.start + 1..range.end - 1];
        members.retain(|(range, _)| !omitted.iter().any(|it| it.as_bytes() == name(range)));
    }
    node.write(json, &mut write);
    true
}

/// Where the parts of a value are.
enum Node {
    Scalar(Range<usize>),
    Array(Vec<Node>),
    /// Sorted by name; those of one name stay in their order, and all do where one is written in two ways.
    Object(Vec<(Range<usize>, Node)>),
}

impl Node {
    fn write(&self, json: &[u8], write: &mut impl FnMut(&[u8])) {
        match self {
            Self::Scalar(range) => write(&json[range.clone()]),
            Self::Array(items) => {
                write(b"[");
                for (number, item) in items.iter().enumerate() {
                    if number > 0 {
                        write(b",");
                    }
                    item.write(json, write);
                }
                write(b"]");
            }
            Self::Object(members) => {
                write(b"{");
                for (number, (name, value)) in members.iter().enumerate() {
                    if number > 0 {
                        write(b",");
                    }
                    write(&json[name.clone()]);
                    write(b":");
                    value.write(json, write);
                }
                write(b"}");
            }
        }
    }
}

struct Reader<'a> {
    json: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.json.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.space();
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        if depth > DEEPEST {
            return None;
        }
        self.space();
        match self.peek()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.text().map(Node::Scalar),
            _ => self.word().map(Node::Scalar),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Node> {
        self.at += 1;
        let mut members = vec![];
        if self.take(b'}').is_some() {
            return Some(Node::Object(members));
        }
        loop {
            self.space();
            let name = self.text()?;
            self.take(b':')?;
            members.push((name, self.value(depth + 1)?));
            if self.take(b',').is_none() {
                break;
            }
        }
        self.take(b'}')?;
        if !self.has_twins(&members) {
            members.sort_by(|(one, _), (other, _)| {
                self.json[one.clone()].cmp(&self.json[other.clone()])
            });
        }
        Some(Node::Object(members))
    }

    /// Whether two names are one in other letters, of which the later counts: their order matters.
    fn has_twins(&self, members: &[(Range<usize>, Node)]) -> bool {
        let names = members.iter().map(|(name, _)| &self.json[name.clone()]);
        if !names
            .clone()
            .any(|name| memchr::memchr(b'\\', name).is_some())
        {
            return false;
        }
        let mut known: HashMap<String, &[u8]> = HashMap::new();
        names
            .filter_map(|name| Some((serde_json::from_slice(name).ok()?, name)))
            .any(|(text, name)| known.insert(text, name).is_some_and(|it| it != name))
    }

    fn array(&mut self, depth: usize) -> Option<Node> {
        self.at += 1;
        let mut items = vec![];
        if self.take(b']').is_some() {
            return Some(Node::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take(b',').is_none() {
                break;
            }
        }
        self.take(b']')?;
        Some(Node::Array(items))
    }

    /// With its quotes.
    fn text(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        if self.peek()? != b'"' {
            return None;
        }
        self.at += 1;
        loop {
            let rest = &self.json[self.at..];
            self.at += memchr::memchr2(b'"', b'\\', rest)?;
            if self.peek()? == b'"' {
                self.at += 1;
                return Some(start..self.at);
            }
            self.at += 2;
            if self.at > self.json.len() {
                return None;
            }
        }
    }

    /// A number, `true`, `false` or `null`: whatever stands there in one piece.
    fn word(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        while matches!(
            self.peek(),
            Some(b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.')
        ) {
            self.at += 1;
        }
        (self.at > start).then_some(start..self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};
    use serde_json::{Map, Value};

    fn form(json: &str) -> Option<String> {
        let mut form = vec![];
        canonical(json.as_bytes(), &["requestMetadata"], |piece| {
            form.extend_from_slice(piece);
        })
        .then(|| String::from_utf8(form).expect("it was text"))
    }

    #[test]
    fn order_and_space_do_not_matter() {
        let one = form(r#"{"b": [1, {"y":2 , "x":"\" ,"}], "a":null}"#);
        assert_eq!(
            one.as_deref(),
            Some(r#"{"a":null,"b":[1,{"x":"\" ,","y":2}]}"#)
        );
        assert_eq!(
            one,
            form("{\n\"a\":null,\"b\":[1,{\"x\":\"\\\" ,\",\"y\":2}]}\t")
        );
    }

    #[test]
    fn of_one_name_in_two_ways_the_later_counts() {
        let (one, other) = (r#"{"\u0061":1,"a":2}"#, r#"{"a":2,"\u0061":1}"#);
        assert_ne!(form(one), form(other));
        assert_eq!(form(r#"{"b":1,"\u0061":2}"#), form(r#"{"\u0061":2,"b":1}"#));
    }

    #[test]
    fn metadata_counts_only_below_the_top() {
        let bare = form(r#"{"a":1}"#);
        assert_eq!(bare, form(r#"{"requestMetadata":{"who":"x"},"a":1}"#));
        assert_ne!(
            form(r#"{"a":{"requestMetadata":1}}"#),
            form(r#"{"a":{"requestMetadata":2}}"#)
        );
    }

    #[test]
    fn what_looks_alike_is_told_apart() {
        let texts = [
            r#"{"a":1}"#,
            r#"{"a":1.0}"#,
            r#"{"a":"1"}"#,
            r#"{"a":[1]}"#,
            r#"{"a":true}"#,
            r#"{"a":null}"#,
            r"{}",
            r"[]",
            r#"{"a":12345678901234567890123}"#,
            r#"{"a":12345678901234567890124}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"a":2,"a":1}"#,
            r#"{"a":{"b":1}}"#,
            r#"{"a":"{\"b\":1}"}"#,
            r#"["a","b"]"#,
            r#"["a,b"]"#,
            r#"["b","a"]"#,
        ];
        let forms: std::collections::HashSet<_> = texts.iter().map(|text| form(text)).collect();
        assert!(!forms.contains(&None));
        assert_eq!(forms.len(), texts.len());
    }

    #[test]
    fn what_is_no_json_is_not_laid_out() {
        for text in [
            "",
            "x",
            "1",
            "\"a\"",
            "{",
            "{\"a\"}",
            "{\"a\":}",
            "[1,]",
            "[1 2]",
            "{} {}",
            "{\"a\":\"\\",
            "{a:1}",
        ] {
            assert_eq!(form(text), None, "{text}");
        }
        assert_eq!(form(&"[".repeat(100_000)), None);
    }

    /// Any value, its members in the order in which they were drawn.
    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..4).prop_map(Value::from),
                vec((".{0,3}", inner), 0..4).prop_map(|members| {
                    Value::Object(members.into_iter().collect::<Map<_, _>>())
                }),
            ]
        })
    }

    /// The same value written another way: members backwards, and space wherever it may be.
    fn otherwise(value: &Value, space: &str) -> String {
        match value {
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(|it| otherwise(it, space)).collect();
                format!(
                    "{space}[{space}{}{space}]",
                    items.join(&format!("{space},"))
                )
            }
            Value::Object(members) => {
                let members: Vec<_> = members
                    .iter()
                    .rev()
                    .map(|(name, value)| {
                        format!(
                            "{}{space}:{}",
                            Value::from(name.as_str()),
                            otherwise(value, space)
                        )
                    })
                    .collect();
                format!(
                    "{{{space}{}{space}}}{space}",
                    members.join(&format!(",{space}"))
                )
            }
            scalar => format!("{space}{scalar}{space}"),
        }
    }

    proptest! {
        #[test]
        fn one_value_has_one_form(value in value(), space in "[ \t\r\n]{0,3}") {
            let value = Value::Array(vec![value]);
            let first = form(&value.to_string());
            prop_assert!(first.is_some());
            prop_assert_eq!(&first, &form(&otherwise(&value, &space)));
            // It is the same value still.
            let read: Value = serde_json::from_str(&first.expect("it was there")).expect("JSON");
            prop_assert_eq!(read, value);
        }

        #[test]
        fn two_values_have_two_forms(one in value(), other in value()) {
            let (one, other) = (Value::Array(vec![one]), Value::Array(vec![other]));
            let alike = form(&one.to_string()) == form(&other.to_string());
            prop_assert_eq!(alike, one == other);
        }

        #[test]
        fn any_bytes_are_taken(bytes in vec(any::<u8>(), 0..64)) {
            canonical(&bytes, &[], |_| {});
        }
    }
}
