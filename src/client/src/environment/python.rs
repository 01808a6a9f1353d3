//! What botocore leaves to Python: white space, words, paths and variables in them.

use super::Variables;

/// Python's `str.isspace`, which counts four separators of ASCII that Unicode does not.
pub(super) fn is_space(char: char) -> bool {
    char.is_whitespace() || ('\x1c'..='\x1f').contains(&char)
}

/// `str.strip()`
pub(crate) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// `str.rstrip()`
pub(super) fn strip_end(text: &str) -> &str {
    text.trim_end_matches(is_space)
}

/// `str.splitlines()`
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(|char| {
        matches!(
            char,
            '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    })
}

/// `shlex.split(text)`, or `None` where a quotation does not end.
pub(crate) fn words(text: &str) -> Option<Vec<String>> {
    let mut words = vec![];
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match char {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '\'' => break,
                        char => word.push(char),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '"' => break,
                        '\\' => match chars.next()? {
                            char @ ('"' | '\\') => word.push(char),
                            char => word.extend(['\\', char]),
                        },
                        char => word.push(char),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(chars.next()?),
            char => word.get_or_insert_default().push(char),
        }
    }
    words.extend(word);
    Some(words)
}

/// `os.path.expanduser(os.path.expandvars(path))`
pub(crate) fn expand(path: &str, variables: &Variables) -> String {
    expand_user(&expand_variables(path, variables), variables)
}

/// `os.path.expanduser(path)`, for the user that runs the program.
pub(crate) fn expand_user(path: &str, variables: &Variables) -> String {
    let Some(rest) = path.strip_prefix('~') else {
        return path.to_owned();
    };
    if !(rest.is_empty() || rest.starts_with(['/', std::path::MAIN_SEPARATOR])) {
        return path.to_owned();
    }
    let home = match variables.get("HOME") {
        Some(home) => home.to_owned(),
        None => match std::env::home_dir() {
            Some(home) => home.to_string_lossy().into_owned(),
            None => return path.to_owned(),
        },
    };
    let home = home.trim_end_matches('/');
    if home.is_empty() && rest.is_empty() {
        return "/".to_owned();
    }
    format!("{home}{rest}")
}

/// `os.path.expandvars(path)`: what is not set stays as it is.
fn expand_variables(path: &str, variables: &Variables) -> String {
    let mut expanded = String::new();
    let mut rest = path;
    while let Some(at) = rest.find('$') {
        expanded.push_str(&rest[..at]);
        rest = &rest[at..];
        let (name, length) = if let Some(braced) = rest[1..].strip_prefix('{') {
            braced
                .find('}')
                .map_or(("", 1), |end| (&braced[..end], end + 3))
        } else {
            let word = |char: char| char.is_ascii_alphanumeric() || char == '_';
            let end = rest[1..].find(|char| !word(char));
            let end = end.unwrap_or(rest.len() - 1);
            (&rest[1..=end], end + 1)
        };
        match variables.get(name).filter(|_| !name.is_empty()) {
            Some(value) => expanded.push_str(value),
            None => expanded.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    expanded.push_str(rest);
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_a_shell() {
        let split = |text| words(text).map(|words| words.join("|"));
        for (text, expected) in [
            ("profile a", "profile|a"),
            ("profile \"a b\"c 'd' ''", "profile|a bc|d|"),
            (r#"a\ b "c\"d\e" 'f\'"#, r#"a b|c"d\e|f\"#),
            ("a # b", "a|#|b"),
        ] {
            assert_eq!(split(text).as_deref(), Some(expected), "{text}");
        }
        for unended in ["'a", "\"a", "a\\"] {
            assert_eq!(split(unended), None, "{unended}");
        }
    }

    #[test]
    fn paths_are_expanded() {
        let variables = Variables::from([("HOME", "/of/geo/"), ("A", "1"), ("B_2", "two")]);
        for (path, expected) in [
            ("~/.aws/config", "/of/geo/.aws/config"),
            ("~", "/of/geo"),
            ("~other/x", "~other/x"),
            ("$A/${B_2}/$C/${C}/$", "1/two/$C/${C}/$"),
            ("a${A", "a${A"),
            ("$A-x", "1-x"),
        ] {
            assert_eq!(expand(path, &variables), expected, "{path}");
        }
    }
}
