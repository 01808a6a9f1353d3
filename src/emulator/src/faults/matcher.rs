//! Which calls are meant.

use serde::Deserialize;

/// What is known of a call when rules are looked up.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The source Region.
    pub region: &'a str,
    /// `Converse`
    pub operation: &'a str,
    /// What the caller named as the model.
    pub model_id: Option<&'a str>,
    /// The model that was meant.
    pub model: Option<&'a str>,
    /// What the user said.
    pub text: Option<&'a str>,
    /// Whether the answer is a stream.
    pub streams: bool,
}

/// Calls by Region, operation, model and text; what is not said fits all.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Matcher {
    region: Option<String>,
    operation: Option<String>,
    model: Option<String>,
    text: Option<String>,
}

impl Matcher {
    /// Whether a call is meant. A model fits by what the caller named and by what was meant, and may hold `*`; a text fits
    /// wherever it occurs, upper or lower case.
    #[must_use]
    pub fn fits(&self, subject: &Subject<'_>) -> bool {
        let same = |wanted: &Option<String>, found: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == found)
        };
        let model = self.model.as_deref().is_none_or(|wanted| {
            [subject.model_id, subject.model]
                .into_iter()
                .flatten()
                .any(|name| matches(wanted, name))
        });
        let text = self.text.as_deref().is_none_or(|wanted| {
            subject
                .text
                .is_some_and(|text| text.to_lowercase().contains(&wanted.to_lowercase()))
        });
        model
            && text
            && same(&self.region, subject.region)
            && same(&self.operation, subject.operation)
    }
}

/// Whether a name fits a pattern in which `*` stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut left) = name.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match left.find(part) {
            Some(position) => left = &left[position + part.len()..],
            None => return false,
        }
    }
    left.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, name) in [
            ("*", "a"),
            ("a*", "a"),
            ("*b", "ab"),
            ("a*c*e", "abcde"),
            ("us.*claude*", "us.x.claude-3"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("a", "ab"), ("a*b", "ac"), ("a*a", "a"), ("*x*", "abc")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
