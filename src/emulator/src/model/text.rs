//! Plain text: first what the question demands an acknowledgement of, then sentences up to the length wanted.

use std::fmt::Write as _;

use super::prompt::{Part, Prompt, Role};
use super::tokens;
use crate::ids;

const SUBJECTS: &[&str] = &[
    "The source Region",
    "An inference profile",
    "The outcrop",
    "A layer of granite",
    "The destination Region",
    "Each request",
    "The river valley",
    "A careful retry",
    "The oldest stratum",
    "This model",
];
const VERBS: &[&str] = &[
    "carries", "answers", "holds", "shapes", "follows", "meets", "records", "balances", "reaches",
    "explains",
];
const OBJECTS: &[&str] = &[
    "the next call",
    "a short path",
    "the load of the day",
    "what was asked",
    "the surface of the rock",
    "every Region with room",
    "the shape of the land",
    "a steady answer",
    "the question at hand",
    "a quiet slope",
];
const TAILS: &[&str] = &[
    "without haste",
    "in good order",
    "as planned",
    "before the others do",
    "when there is room",
    "from the ground up",
    "with little delay",
    "one step at a time",
    "after a closer look",
    "for a good reason",
];

fn pick<'a>(words: &[&'a str], state: &mut u64) -> &'a str {
    *state = ids::mix(*state);
    words[usize::try_from(*state % words.len() as u64).unwrap_or(0)]
}

/// Writes about `length` tokens.
pub fn write(prompt: &Prompt, seed: u64, length: usize) -> String {
    let question = prompt.last_user_text();
    let told = system_text(prompt);
    if let Some(exact) = wanted_exactly(&question).or_else(|| wanted_exactly(&told)) {
        return exact.to_owned();
    }
    let mut written = String::with_capacity(length * 6);
    acknowledge(prompt, &question, &mut written);
    let mut state = seed;
    let mut count = tokens::count(&written);
    while count < length {
        let start = written.len();
        if !written.is_empty() {
            written.push(' ');
        }
        let (subject, verb) = (pick(SUBJECTS, &mut state), pick(VERBS, &mut state));
        let (object, tail) = (pick(OBJECTS, &mut state), pick(TAILS, &mut state));
        let _ = write!(written, "{subject} {verb} {object} {tail}.");
        count += tokens::count(&written[start..]);
    }
    tokens::truncate(&written, length.max(1))
        .0
        .trim_end()
        .to_owned()
}

fn system_text(prompt: &Prompt) -> String {
    let texts = prompt.system.iter().filter_map(|part| match part {
        Part::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join(" ")
}

/// `Reply with exactly "…"` is obeyed, in a question and in a system prompt.
fn wanted_exactly(text: &str) -> Option<&str> {
    let position = text.find("exactly")?;
    let after = &text[position + "exactly".len()..];
    let start = after.find(['"', '\'', '“', '`'])?;
    if start > 12 {
        return None;
    }
    let open = after[start..].chars().next()?;
    let close = if open == '“' { '”' } else { open };
    let quoted = &after[start + open.len_utf8()..];
    let end = quoted.find(close)?;
    (end > 0).then(|| &quoted[..end])
}

fn acknowledge(prompt: &Prompt, question: &str, written: &mut String) {
    let mut sentence = |text: String| {
        if !written.is_empty() {
            written.push(' ');
        }
        written.push_str(&text);
    };
    for (result, failed) in prompt.new_tool_results() {
        let shown: String = result.chars().take(200).collect();
        sentence(if failed {
            format!("The tool failed: {shown}.")
        } else {
            format!("The tool answered: {shown}.")
        });
    }
    let last = prompt
        .turns
        .iter()
        .rev()
        .find(|turn| turn.role == Role::User);
    for part in last.into_iter().flat_map(|turn| &turn.parts) {
        match part {
            Part::Media { kind, format, size } => {
                let article = if kind.starts_with(['a', 'i']) {
                    "an"
                } else {
                    "a"
                };
                sentence(format!(
                    "I received {article} {kind} ({format}, {size} bytes)."
                ));
            }
            Part::Document(document) if document.search_source.is_none() => {
                let (name, format, size) = (&document.name, &document.format, document.size);
                sentence(format!(
                    "I received the document {name} ({format}, {size} bytes)."
                ));
            }
            _ => {}
        }
    }
    let asked: Vec<&str> = question.split_whitespace().take(14).collect();
    if !asked.is_empty() {
        sentence(
            format!(
                "You asked: {}",
                asked.join(" ").trim_end_matches(['.', '?', '!'])
            ) + ".",
        );
    }
    let system = system_text(prompt);
    let told: Vec<&str> = system.split_whitespace().take(10).collect();
    if !told.is_empty() {
        sentence(format!(
            "I was told: {}.",
            told.join(" ").trim_end_matches(['.', '?', '!'])
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::wanted_exactly;

    #[test]
    fn an_exact_wish_is_found() {
        assert_eq!(
            wanted_exactly("Reply with exactly \"PONG\", please"),
            Some("PONG")
        );
        assert_eq!(wanted_exactly("say exactly: 'ok'"), Some("ok"));
        assert_eq!(
            wanted_exactly("what exactly is it, and who said \"no\"?"),
            None
        );
        assert_eq!(wanted_exactly("exactly \"\""), None);
    }
}
