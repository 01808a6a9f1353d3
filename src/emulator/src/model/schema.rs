//! A value that fits a JSON schema.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Number, Value, json};

use super::arguments::Offers;
use crate::ids;

/// References and combinations may be nested; a schema that only refers to itself ends here.
const DEEPEST: usize = 24;

struct Maker<'a> {
    root: &'a Value,
    offers: Offers,
    state: u64,
}

/// A value that fits `schema`, with what the question offers where it fits.
pub fn example(schema: &Value, question: &str, seed: u64) -> Value {
    let mut maker = Maker {
        root: schema,
        offers: Offers::of(question),
        state: seed,
    };
    maker.value(schema, "", 0)
}

impl Maker<'_> {
    fn value(&mut self, schema: &Value, name: &str, depth: usize) -> Value {
        let merged = self.resolve(schema, depth);
        let schema = &merged;
        if depth > DEEPEST {
            return Value::Null;
        }
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        if let Some(values) = schema
            .get("enum")
            .and_then(Value::as_array)
            .filter(|values| !values.is_empty())
        {
            return self.choice(values);
        }
        match kind(schema) {
            "object" => self.object(schema, depth),
            "array" => self.array(schema, name, depth),
            "integer" => self.number(schema, true),
            "number" => self.number(schema, false),
            "boolean" => json!(self.next().is_multiple_of(2)),
            "null" => Value::Null,
            _ => Value::String(self.string(schema, name)),
        }
    }

    fn next(&mut self) -> u64 {
        self.state = ids::mix(self.state);
        self.state
    }

    /// One of an enumeration: the one that the question quotes, else the first.
    fn choice(&mut self, values: &[Value]) -> Value {
        let offered = self
            .offers
            .text(|text| values.iter().any(|value| value == text));
        offered.map_or_else(|| values[0].clone(), Value::String)
    }

    /// Follows `$ref`, takes the first alternative that is not null, and joins `allOf`.
    fn resolve(&self, schema: &Value, depth: usize) -> Value {
        let mut current = schema.clone();
        for _ in depth..=DEEPEST {
            let next = if let Some(reference) = current.get("$ref").and_then(Value::as_str) {
                let target = self
                    .root
                    .pointer(reference.trim_start_matches('#'))
                    .cloned()
                    .unwrap_or(Value::Bool(true));
                merge(without(&current, "$ref"), &target)
            } else if let Some(key) = ["anyOf", "oneOf"]
                .into_iter()
                .find(|key| current.get(*key).is_some())
            {
                let alternatives = current[key].as_array().cloned().unwrap_or_default();
                let chosen = alternatives
                    .iter()
                    .find(|alternative| kind(alternative) != "null")
                    .cloned();
                merge(without(&current, key), &chosen.unwrap_or(Value::Bool(true)))
            } else if let Some(parts) = current.get("allOf").and_then(Value::as_array).cloned() {
                parts
                    .iter()
                    .fold(without(&current, "allOf"), |joined, part| {
                        merge(joined, part)
                    })
            } else {
                return current;
            };
            current = next;
        }
        current
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let mut object = Map::new();
        let properties = schema
            .get("properties")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let required: Vec<String> = schema
            .get("required")
            .and_then(Value::as_array)
            .map(|names| {
                names
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect()
            })
            .unwrap_or_default();
        for name in &required {
            let property = properties
                .get(name)
                .cloned()
                .or_else(|| schema.get("additionalProperties").cloned());
            object.insert(
                name.clone(),
                self.value(&property.unwrap_or(Value::Bool(true)), name, depth + 1),
            );
        }
        let least = whole(schema, "minProperties").unwrap_or(0);
        for (name, property) in properties
            .iter()
            .filter(|(name, _)| !required.contains(name))
        {
            if object.len() >= least {
                break;
            }
            object.insert(name.clone(), self.value(property, name, depth + 1));
        }
        let extra = schema
            .get("additionalProperties")
            .cloned()
            .unwrap_or(Value::Bool(true));
        for number in 1.. {
            if object.len() >= least {
                break;
            }
            object.insert(format!("extra{number}"), self.value(&extra, "", depth + 1));
        }
        Value::Object(object)
    }

    fn array(&mut self, schema: &Value, name: &str, depth: usize) -> Value {
        let prefix = schema
            .get("prefixItems")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let most = whole(schema, "maxItems").unwrap_or(usize::MAX);
        let least = whole(schema, "minItems").unwrap_or(1);
        let mut items: Vec<Value> = Vec::new();
        for item in prefix.iter().take(most) {
            items.push(self.value(item, name, depth + 1));
        }
        let rest = schema.get("items").cloned().unwrap_or(Value::Bool(true));
        let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let wanted = if rest == Value::Bool(false) {
            items.len()
        } else {
            least.max(1).min(most)
        };
        let mut tries = 0;
        while items.len() < wanted && tries < 64 * (wanted + 1) {
            tries += 1;
            let mut item = self.value(&rest, name, depth + 1);
            if unique && items.contains(&item) {
                item = self.another(&self.resolve(&rest, depth), tries, item);
                if items.contains(&item) {
                    continue;
                }
            }
            items.push(item);
        }
        Value::Array(items)
    }

    /// A different value of a simple shape, for lists whose members must differ.
    fn another(&mut self, schema: &Value, index: usize, value: Value) -> Value {
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return values
                .get(index % values.len().max(1))
                .cloned()
                .unwrap_or(value);
        }
        match value {
            Value::String(_) => {
                let text = format!("{}{index}", self.string(schema, ""));
                let most = whole(schema, "maxLength").unwrap_or(usize::MAX);
                let kept: String = text
                    .chars()
                    .rev()
                    .take(most)
                    .collect::<Vec<_>>()
                    .into_iter()
                    .rev()
                    .collect();
                Value::String(kept)
            }
            Value::Number(number) if number.is_i64() => {
                json!(number.as_i64().unwrap_or(0) + step(schema) * signed(index))
            }
            Value::Number(number) => json!(number.as_f64().unwrap_or(0.0) + small(index) / 64.0),
            Value::Bool(held) => Value::Bool(!held),
            other => other,
        }
    }

    fn number(&mut self, schema: &Value, whole_number: bool) -> Value {
        let limits = Limits::of(schema, whole_number);
        let offered = self.offers.number(|number| limits.allow(number));
        let number = offered.unwrap_or_else(|| limits.some());
        if whole_number {
            integer(number)
        } else {
            float(number)
        }
    }

    fn string(&mut self, schema: &Value, name: &str) -> String {
        let least = whole(schema, "minLength").unwrap_or(0);
        let most = whole(schema, "maxLength").unwrap_or(usize::MAX);
        let pattern = schema.get("pattern").and_then(Value::as_str);
        let regex = pattern.and_then(|pattern| regex::Regex::new(pattern).ok());
        if let Some(format) = schema
            .get("format")
            .and_then(Value::as_str)
            .and_then(formatted)
        {
            return format.to_owned();
        }
        let fits = |text: &str| {
            let length = text.chars().count();
            length >= least
                && length <= most
                && regex.as_ref().is_none_or(|regex| regex.is_match(text))
        };
        if let Some(offered) = self.offers.text(fits) {
            return offered;
        }
        if let Some(made) = pattern
            .and_then(|pattern| matching(pattern, least))
            .filter(|made| fits(made))
        {
            return made;
        }
        let label = if name.is_empty() { "text" } else { name };
        let mut text = format!("an example of {}", label.replace('_', " "));
        while text.chars().count() < least {
            text.push_str(" and more");
        }
        text.chars().take(most).collect()
    }
}

struct Limits {
    least: f64,
    most: f64,
    multiple: Option<f64>,
}

impl Limits {
    fn of(schema: &Value, whole_number: bool) -> Self {
        let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
        let step = if whole_number { 1.0 } else { 1e-6 };
        let mut least = bound("minimum").unwrap_or(f64::NEG_INFINITY);
        let mut most = bound("maximum").unwrap_or(f64::INFINITY);
        if let Some(above) = bound("exclusiveMinimum") {
            let next = above
                + step
                    * above
                        .abs()
                        .max(1.0)
                        .min(if whole_number { 1.0 } else { f64::MAX });
            least = least.max(if whole_number {
                above.floor() + 1.0
            } else {
                next
            });
        }
        if let Some(below) = bound("exclusiveMaximum") {
            let next = below
                - step
                    * below
                        .abs()
                        .max(1.0)
                        .min(if whole_number { 1.0 } else { f64::MAX });
            most = most.min(if whole_number {
                below.ceil() - 1.0
            } else {
                next
            });
        }
        if whole_number {
            least = least.ceil();
            most = most.floor();
        }
        Self {
            least,
            most,
            multiple: bound("multipleOf"),
        }
    }

    fn allow(&self, number: f64) -> bool {
        let multiple = self
            .multiple
            .is_none_or(|step| (number / step - (number / step).round()).abs() < 1e-9);
        number >= self.least && number <= self.most && multiple
    }

    fn some(&self) -> f64 {
        let wanted = 1.0_f64.clamp(self.least.min(self.most), self.most.max(self.least));
        match self.multiple {
            Some(step) if step > 0.0 => {
                let up = (wanted / step).ceil() * step;
                if up <= self.most {
                    up
                } else {
                    (wanted / step).floor() * step
                }
            }
            _ => wanted,
        }
    }
}

fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or("null"),
        _ if schema.get("properties").is_some() || schema.get("required").is_some() => "object",
        _ if schema.get("items").is_some() || schema.get("prefixItems").is_some() => "array",
        _ if schema.get("minimum").is_some() || schema.get("maximum").is_some() => "number",
        _ => "string",
    }
}

fn whole(schema: &Value, key: &str) -> Option<usize> {
    schema
        .get(key)
        .and_then(Value::as_u64)
        .and_then(|number| usize::try_from(number).ok())
}

fn step(schema: &Value) -> i64 {
    schema
        .get("multipleOf")
        .and_then(Value::as_i64)
        .unwrap_or(1)
}

fn signed(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(1)
}

#[expect(clippy::cast_precision_loss, reason = "a list index is small")]
fn small(index: usize) -> f64 {
    index as f64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the number is whole and bounded"
)]
fn integer(number: f64) -> Value {
    json!(number as i64)
}

fn float(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        integer(number)
    } else {
        Number::from_f64(number).map_or(json!(0), Value::Number)
    }
}

fn without(schema: &Value, key: &str) -> Value {
    let mut rest = schema.clone();
    if let Some(members) = rest.as_object_mut() {
        members.remove(key);
    }
    rest
}

/// Both schemas at once: properties and required members are joined, the second wins elsewhere.
fn merge(first: Value, second: &Value) -> Value {
    let (Value::Object(mut joined), Value::Object(added)) = (first.clone(), second) else {
        return if second.is_object() {
            second.clone()
        } else {
            first
        };
    };
    for (key, value) in added {
        match (joined.get_mut(key), value) {
            (Some(Value::Object(present)), Value::Object(more)) if key == "properties" => {
                present.extend(more.clone());
            }
            (Some(Value::Array(present)), Value::Array(more)) if key == "required" => {
                present.extend(
                    more.iter()
                        .filter(|name| !present.contains(name))
                        .cloned()
                        .collect::<Vec<_>>(),
                );
            }
            _ => {
                joined.insert(key.clone(), value.clone());
            }
        }
    }
    Value::Object(joined)
}

fn formatted(format: &str) -> Option<&'static str> {
    Some(match format {
        "date" => "2026-11-22",
        "date-time" => "2026-11-22T12:00:00Z",
        "time" => "12:00:00Z",
        "duration" => "PT1H",
        "email" | "idn-email" => "someone@example.com",
        "hostname" | "idn-hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "uri-reference" | "iri" | "url" => "https://example.com/",
        "uuid" => "0f8fad5b-d9cb-469f-a165-70867728950e",
        _ => return None,
    })
}

/// A text that a regular expression matches, at least `least` characters long where its repetitions allow.
fn matching(pattern: &str, least: usize) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut text = String::new();
    write(&hir, 0, &mut text);
    if text.chars().count() < least {
        text.clear();
        write(&hir, u32::try_from(least).unwrap_or(u32::MAX), &mut text);
    }
    Some(text)
}

fn write(hir: &Hir, stretch: u32, text: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges();
            let pleasant = ['a', 'A', '0', ' '];
            let found = pleasant.into_iter().find(|c| {
                ranges
                    .iter()
                    .any(|range| range.start() <= *c && *c <= range.end())
            });
            let printable = || {
                ranges
                    .iter()
                    .map(regex_syntax::hir::ClassUnicodeRange::start)
                    .find(|c| !c.is_control())
            };
            text.extend(found.or_else(printable).or_else(|| {
                ranges
                    .first()
                    .map(regex_syntax::hir::ClassUnicodeRange::start)
            }));
        }
        HirKind::Class(Class::Bytes(class)) => text.extend(
            class
                .ranges()
                .first()
                .map(|range| char::from(range.start())),
        ),
        HirKind::Repetition(repetition) => {
            let wanted = stretch
                .max(repetition.min)
                .min(repetition.max.unwrap_or(u32::MAX))
                .min(4_096);
            for _ in 0..wanted {
                write(&repetition.sub, 0, text);
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, stretch, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, stretch, text)),
        HirKind::Alternation(parts) => parts
            .iter()
            .take(1)
            .for_each(|part| write(part, stretch, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_and_alternatives_are_followed() {
        let schema = json!({
            "$defs": {"Stop": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}},
            "type": "object",
            "properties": {
                "stops": {"type": "array", "items": {"$ref": "#/$defs/Stop"}, "minItems": 2},
                "limit": {"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 10}]},
                "mode": {"enum": ["fast", "slow"]},
            },
            "required": ["stops", "limit", "mode"],
        });
        let made = example(
            &schema,
            "From \"Oslo\" to \"Bergen\", 'slow' please, within 25",
            1,
        );
        assert_eq!(made["stops"][0]["city"], "Oslo");
        assert_eq!(made["stops"][1]["city"], "Bergen");
        assert_eq!(
            (&made["limit"], &made["mode"]),
            (&json!(25), &json!("slow"))
        );
    }

    #[test]
    fn patterns_and_bounds_hold() {
        let schema = json!({"type": "string", "pattern": "^[A-Z]{2}-\\d{3}(x|y)$"});
        assert_eq!(example(&schema, "", 1), "AA-000x");
        let schema = json!({"type": "number", "exclusiveMinimum": 5, "maximum": 6});
        let number = example(&schema, "", 1).as_f64().unwrap();
        assert!(number > 5.0 && number <= 6.0);
        assert_eq!(
            example(
                &json!({"type": "integer", "multipleOf": 7, "minimum": 15}),
                "",
                1
            ),
            21
        );
    }

    #[test]
    fn a_schema_that_only_refers_to_itself_ends() {
        let schema = json!({"$defs": {"A": {"$ref": "#/$defs/A"}}, "$ref": "#/$defs/A"});
        let _ = example(&schema, "", 1);
        let list = json!({"$defs": {"L": {"type": "object", "properties": {"next": {"$ref": "#/$defs/L"}},
            "required": ["next"]}}, "$ref": "#/$defs/L"});
        let _ = example(&list, "", 1);
    }
}
