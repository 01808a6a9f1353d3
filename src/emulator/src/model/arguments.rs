//! Arguments for a tool: values taken from the question where they fit, and made up where they do not.

use std::ops::Range;

use serde_json::{Value, json};

use super::schema;

/// Arguments that fit a tool's schema.
pub fn for_tool(wanted: &Value, question: &str, seed: u64) -> Value {
    match schema::example(wanted, question, seed) {
        arguments @ Value::Object(_) => arguments,
        // A tool takes named arguments whatever its schema says.
        _ => Value::Object(serde_json::Map::new()),
    }
}

/// The arguments of several calls, where a tool takes one text and the question names several things: `Paris and London`.
pub fn several(wanted: &Value, question: &str) -> Option<Vec<Value>> {
    let properties = wanted.get("properties")?.as_object()?;
    let [(name, property)] = &properties.iter().collect::<Vec<_>>()[..] else {
        return None;
    };
    let open_text = property.get("type")?.as_str()? == "string" && property.get("enum").is_none();
    let offers = Offers::of(question);
    let things = if offers.quotes.len() > 1 {
        offers.quotes
    } else {
        offers.names
    };
    let many = open_text && (2..=8).contains(&things.len());
    many.then(|| {
        let calls = things.into_iter();
        calls.map(|thing| json!({name.as_str(): thing})).collect()
    })
}

/// A sum in a question, such as `15 * 23`.
pub fn arithmetic(question: &str) -> Option<&str> {
    let part = |character: char| character.is_ascii_digit() || " +-*/().^%".contains(character);
    question
        .split(|character: char| !part(character))
        .map(|run| run.trim_matches([' ', '.']))
        .filter(|run| run.starts_with(|it: char| it.is_ascii_digit() || it == '('))
        .find(|run| {
            let inner = run.trim_start_matches(|it: char| it.is_ascii_digit());
            let operator = inner.contains(['+', '-', '*', '/', '^', '%']);
            // A date or a range has no room around its hyphens.
            let spaced = inner.contains([' ', '*', '+', '^']);
            operator && spaced && run.ends_with(|it: char| it.is_ascii_digit() || it == ')')
        })
}

/// What a question offers: numbers, quoted texts and proper names, each used once.
#[derive(Debug, Default)]
pub struct Offers {
    numbers: Vec<f64>,
    quotes: Vec<String>,
    names: Vec<String>,
}

impl Offers {
    /// Reads a question.
    pub fn of(question: &str) -> Self {
        let quoted = quoted(question);
        let mut unquoted = String::with_capacity(question.len());
        let mut last = 0;
        for place in &quoted {
            // What is quoted is one value; a name inside it is not another.
            unquoted.push_str(&question[last..place.start]);
            unquoted.push_str("it");
            last = place.end;
        }
        unquoted.push_str(&question[last..]);
        Self {
            numbers: numbers(question),
            quotes: quoted
                .into_iter()
                .map(|place| question[place].to_owned())
                .chain(arithmetic(question).map(str::to_owned))
                .collect(),
            names: names(&unquoted),
        }
    }

    /// The next number that a test accepts.
    pub fn number(&mut self, accepts: impl Fn(f64) -> bool) -> Option<f64> {
        let position = self.numbers.iter().position(|number| accepts(*number))?;
        Some(self.numbers.remove(position))
    }

    /// The next text that a test accepts: first quoted ones, then names.
    pub fn text(&mut self, accepts: impl Fn(&str) -> bool) -> Option<String> {
        for texts in [&mut self.quotes, &mut self.names] {
            if let Some(position) = texts.iter().position(|text| accepts(text)) {
                return Some(texts.remove(position));
            }
        }
        None
    }
}

fn numbers(question: &str) -> Vec<f64> {
    let mut found = Vec::new();
    let mut rest = question;
    let mut before = ' ';
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        let ahead = rest[..start].chars().next_back().unwrap_or(before);
        let end = rest[start..]
            .find(|character: char| !character.is_ascii_digit() && character != '.')
            .map_or(rest.len(), |length| start + length);
        let digits = rest[start..end].trim_end_matches('.');
        let follows = rest[end..].chars().next().unwrap_or(' ');
        let negative = ahead == '-'
            && !rest[..start - 1].ends_with(|character: char| character.is_alphanumeric());
        // A digit inside a word, as in `v2` or `2nd`, is no number.
        let alone = !ahead.is_alphanumeric() && ahead != '_' && !follows.is_alphabetic();
        if let Ok(number) = digits.parse::<f64>()
            && alone
        {
            found.push(if negative { -number } else { number });
        }
        before = rest[..end].chars().next_back().unwrap_or(' ');
        rest = &rest[end..];
    }
    found
}

/// Where quoted texts stand, without their marks.
fn quoted(question: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = question[from..].find(['"', '“', '\'', '‘', '`']) {
        let rest = &question[from..];
        let open = rest[start..].chars().next().unwrap_or('"');
        let close = match open {
            '“' => '”',
            '‘' => '’',
            other => other,
        };
        let inside = &rest[start + open.len_utf8()..];
        let apostrophe =
            open == '\'' && rest[..start].ends_with(|character: char| character.is_alphanumeric());
        match inside.find(close).filter(|_| !apostrophe) {
            Some(end) => {
                let first = from + start + open.len_utf8();
                if end > 0 {
                    found.push(first..first + end);
                }
                from = first + end + close.len_utf8();
            }
            None => from += start + open.len_utf8(),
        }
    }
    found
}

/// Runs of capitalised words that do not merely start a sentence: `San Francisco, CA`.
fn names(question: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut current: Vec<&str> = Vec::new();
    let mut starts_sentence = true;
    let mut flush = |current: &mut Vec<&str>| {
        if !current.is_empty() {
            let name = current.join(" ");
            found.push(
                name.trim_matches([',', '.', '?', '!', ';', ':', ')', '(', '\'', '"'])
                    .to_owned(),
            );
            current.clear();
        }
    };
    for word in question.split_whitespace() {
        let capital = word.chars().next().is_some_and(char::is_uppercase)
            && word != "I"
            && !word.contains('(');
        if capital && !starts_sentence {
            current.push(word);
        } else {
            flush(&mut current);
        }
        let ends = word.ends_with(['.', '?', '!', ':']);
        if ends || word.ends_with(';') {
            flush(&mut current);
        }
        starts_sentence = ends;
    }
    flush(&mut current);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_offers_values() {
        let mut offers =
            Offers::of("Is 'São Paulo' warmer than New York, NY by -3.5 or by 12? Don't use v2.");
        assert_eq!(offers.number(|number| number.fract() == 0.0), Some(12.0));
        assert_eq!(offers.number(|_| true), Some(-3.5));
        assert_eq!(offers.number(|_| true), None);
        assert_eq!(offers.text(|_| true).as_deref(), Some("São Paulo"));
        assert_eq!(offers.text(|_| true).as_deref(), Some("New York, NY"));
        assert_eq!(offers.text(|_| true), None);
    }
}
