//! `shapes.json` in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

/// What a shape is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Base64 text on the wire.
    Blob,
    /// `true` or `false`.
    Boolean,
    /// Any JSON.
    Document,
    /// A number with a fraction.
    Double,
    /// A number with a fraction, single precision.
    Float,
    /// A whole number.
    Integer,
    /// A list of one shape.
    List,
    /// A whole number, 64 bits.
    Long,
    /// Text keys to one shape.
    Map,
    /// Text.
    String,
    /// Named members.
    Structure,
    /// ISO 8601 text.
    Timestamp,
    /// Exactly one of the named members.
    Union,
}

/// Where a member travels when not in the JSON body.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Location {
    /// A label of the path.
    Uri,
    /// The query string.
    Query,
    /// A header.
    Header,
}

/// One member of a structure.
#[derive(Debug, Deserialize)]
pub struct Member {
    /// The shape's name.
    pub shape: String,
    /// Where it travels.
    #[serde(rename = "in")]
    pub location: Option<Location>,
    /// Its name there.
    #[serde(default)]
    pub name: String,
}

/// One shape with its constraints.
#[derive(Debug, Deserialize)]
pub struct Shape {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Least length or value.
    pub min: Option<f64>,
    /// Greatest length or value.
    pub max: Option<f64>,
    /// All values allowed.
    #[serde(default, rename = "enum")]
    pub values: Vec<String>,
    pattern: Option<String>,
    /// Whether its value must not be repeated in an error.
    #[serde(default)]
    pub sensitive: bool,
    /// The members of a structure or union.
    #[serde(default)]
    pub members: BTreeMap<String, Member>,
    /// Members that must be there.
    #[serde(default)]
    pub required: Vec<String>,
    /// The member that is the whole body.
    pub payload: Option<String>,
    /// The shape of a list's members.
    pub member: Option<String>,
    /// The shape of a map's keys.
    pub key: Option<String>,
    /// The shape of a map's values.
    pub value: Option<String>,
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
}

impl Shape {
    /// The pattern that a text breaks, if it breaks one.
    pub fn broken_pattern(&self, text: &str) -> Option<&str> {
        let pattern = self.pattern.as_deref()?;
        let compiled = self
            .compiled
            .get_or_init(|| Regex::new(&format!("^(?:{pattern})$")).ok());
        compiled
            .as_ref()
            .is_some_and(|regex| !regex.is_match(text))
            .then_some(pattern)
    }
}

/// One service's operations and shapes.
#[derive(Debug, Deserialize)]
pub struct Service {
    operations: HashMap<String, Option<String>>,
    /// The method and path of each operation that is refused.
    refused: BTreeMap<String, (String, String)>,
    shapes: HashMap<String, Shape>,
}

impl Service {
    /// A shape by name.
    #[must_use]
    pub fn shape(&self, name: &str) -> &Shape {
        &self.shapes[name]
    }

    /// A text from path, query or header as the type that its shape has.
    #[must_use]
    pub fn typed(&self, shape: &str, text: String) -> Value {
        match self.shape(shape).kind {
            Kind::Integer | Kind::Long => {
                text.parse::<i64>().map_or(Value::String(text), Value::from)
            }
            Kind::Boolean => text
                .parse::<bool>()
                .map_or(Value::String(text), Value::from),
            _ => Value::String(text),
        }
    }
}

/// The shapes of both services.
#[derive(Debug, Deserialize)]
pub struct Shapes {
    services: HashMap<String, Service>,
}

impl Shapes {
    /// Reads the file that `shapes/build.py` makes.
    #[must_use]
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).expect("the bundled shapes are well-formed")
    }

    /// The operations of Bedrock that are refused here: name, method, path.
    pub fn refused(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let refused = self.services.values().flat_map(|service| &service.refused);
        refused.map(|(name, (method, path))| (name.as_str(), method.as_str(), path.as_str()))
    }

    /// The input shape of an operation; one without members has none.
    #[must_use]
    pub fn input(&self, operation: &str) -> (&Service, Option<&Shape>) {
        let service = self
            .services
            .values()
            .find(|service| service.operations.contains_key(operation))
            .unwrap_or_else(|| panic!("no shapes for {operation}: add it to shapes/build.py"));
        (
            service,
            service.operations[operation]
                .as_deref()
                .map(|name| service.shape(name)),
        )
    }
}
