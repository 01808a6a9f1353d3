//! The AWS files' format, as Python's `configparser` reads it: what boto3's users have on their machines.

use std::collections::{HashMap, HashSet};

use super::python;

/// A value: text, or the keys of an indented block, such as those of a `services` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Block(HashMap<String, String>),
}

/// The keys of a section, in lower case.
pub(crate) type Section = HashMap<String, Value>;

/// The sections of a file in its order, without `[DEFAULT]`, whose keys every section has.
pub(crate) type Sections = Vec<(String, Section)>;

/// A value while its lines come.
type Lines = Vec<String>;

/// Where the next key goes.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Place {
    Defaults,
    Section(String),
}

/// Reads a file's text. The error is the rule that it breaks, and where.
pub(super) fn parse(text: &str) -> Result<Sections, String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = Reader::default();
    for (number, line) in (1..).zip(text.split_terminator('\n')) {
        reader.line(number, line)?;
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    order: Vec<String>,
    values: HashMap<Place, Vec<(String, Lines)>>,
    seen: HashSet<(Place, Option<String>)>,
    place: Option<Place>,
    /// Whether the last key of the section goes on where a line is indented more than this.
    open: bool,
    indent: usize,
    bad: Vec<usize>,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) -> Result<(), String> {
        let value = python::strip(line);
        if value.starts_with(['#', ';']) {
            return Ok(());
        }
        if value.is_empty() {
            if let Some(lines) = self.last() {
                lines.push(String::new());
            }
            return Ok(());
        }
        let indent = line
            .chars()
            .take_while(|char| python::is_space(*char))
            .count();
        if indent > self.indent
            && let Some(lines) = self.last()
        {
            lines.push(value.to_owned());
            return Ok(());
        }
        self.indent = indent;
        if let Some(name) = header(value) {
            return self.section(number, name);
        }
        let Some(place) = self.place.clone() else {
            return Err(format!("line {number} stands before the first section"));
        };
        let Some((key, value)) = value.split_once(['=', ':']) else {
            self.bad.push(number);
            return Ok(());
        };
        let key = python::strip(key).to_lowercase();
        if key.is_empty() {
            self.bad.push(number);
        }
        if !self.seen.insert((place.clone(), Some(key.clone()))) {
            return Err(format!("line {number} has the key {key:?} again"));
        }
        let value = python::strip(value).to_owned();
        self.values
            .entry(place)
            .or_default()
            .push((key, vec![value]));
        self.open = true;
        Ok(())
    }

    fn section(&mut self, number: usize, name: &str) -> Result<(), String> {
        self.open = false;
        if name == "DEFAULT" {
            self.place = Some(Place::Defaults);
            return Ok(());
        }
        let place = Place::Section(name.to_owned());
        if !self.seen.insert((place.clone(), None)) {
            return Err(format!("line {number} has the section [{name}] again"));
        }
        self.order.push(name.to_owned());
        self.place = Some(place);
        Ok(())
    }

    /// The value that the next line may go on with.
    fn last(&mut self) -> Option<&mut Lines> {
        let place = self.place.as_ref().filter(|_| self.open)?;
        self.values
            .get_mut(place)?
            .last_mut()
            .map(|(_, lines)| lines)
    }

    fn finish(self) -> Result<Sections, String> {
        if !self.bad.is_empty() {
            let lines: Vec<String> = self.bad.iter().map(usize::to_string).collect();
            return Err(format!("line {} has no key and value", lines.join(", ")));
        }
        let keys = |place: &Place| {
            let values = self.values.get(place).map_or(&[][..], Vec::as_slice);
            values.iter().map(|(key, lines)| (key, lines.join("\n")))
        };
        let mut sections = vec![];
        for name in &self.order {
            let place = Place::Section(name.clone());
            let mut section = Section::new();
            for (key, text) in keys(&Place::Defaults).chain(keys(&place)) {
                let text = python::strip_end(&text);
                let value = if text.starts_with('\n') {
                    Value::Block(block(name, key, text)?)
                } else {
                    Value::Text(text.to_owned())
                };
                section.insert(key.clone(), value);
            }
            sections.push((name.clone(), section));
        }
        Ok(sections)
    }
}

/// The name in `[name]`; whatever stands behind the last bracket is no part of it.
fn header(line: &str) -> Option<&str> {
    let end = line.rfind(']')?;
    line[..end]
        .strip_prefix('[')
        .filter(|name| !name.is_empty())
}

fn block(section: &str, key: &str, text: &str) -> Result<HashMap<String, String>, String> {
    let mut keys = HashMap::new();
    for line in python::lines(text)
        .map(python::strip)
        .filter(|line| !line.is_empty())
    {
        let Some((name, value)) = line.split_once('=') else {
            return Err(format!(
                "the block {key:?} of [{section}] has a line without a key and value"
            ));
        };
        keys.insert(
            python::strip(name).to_owned(),
            python::strip(value).to_owned(),
        );
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(sections: &Sections, section: &str, key: &str) -> Option<Value> {
        let (_, section) = sections.iter().find(|(name, _)| name == section)?;
        section.get(key).cloned()
    }

    #[test]
    fn it_reads_what_python_reads() {
        let file = "\
            # a comment\r\n[DEFAULT]\nregion: everywhere\n[default]\n  Region = us-west-2\n   goes on\n; another\n\n\
            [profile it's \"mine\"] # behind\nregion=\n[a]\nx = 1 # no comment\n[services s]\nbedrock =\n  endpoint_url = http://x\n\n\n";
        let sections = parse(file).expect("it is well formed");
        let value = |section, key| text(&sections, section, key);
        assert_eq!(
            value("default", "region"),
            Some(Value::Text("us-west-2\ngoes on".into()))
        );
        assert_eq!(
            value("profile it's \"mine\"", "region"),
            Some(Value::Text(String::new()))
        );
        assert_eq!(value("a", "region"), Some(Value::Text("everywhere".into())));
        assert_eq!(value("a", "x"), Some(Value::Text("1 # no comment".into())));
        let block = HashMap::from([("endpoint_url".to_owned(), "http://x".to_owned())]);
        assert_eq!(value("services s", "bedrock"), Some(Value::Block(block)));
    }

    #[test]
    fn it_refuses_what_python_refuses() {
        for (file, why) in [
            ("a = 1\n", "line 1 stands before the first section"),
            ("[a]\n[a]\n", "line 2 has the section [a] again"),
            ("[a]\nb = 1\nB = 2\n", "line 3 has the key \"b\" again"),
            ("[a]\nb\n= 2\n", "line 2, 3 has no key and value"),
            (
                "[a]\nb =\n  c\n",
                "the block \"b\" of [a] has a line without a key and value",
            ),
            ("\u{feff}[a]\n", "line 1 stands before the first section"),
        ] {
            assert_eq!(parse(file), Err(why.to_owned()), "{file:?}");
        }
    }
}
