//! What a request must look like: the service models' constraints, checked with the service's words.

mod check;
mod model;

use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::error::ServiceError;
use crate::percent;

pub use model::{Location, Shapes};

static SHAPES: LazyLock<Shapes> =
    LazyLock::new(|| Shapes::read(include_str!("../../shapes/shapes.json")));

/// The bundled shapes.
#[must_use]
pub fn bundled() -> &'static Shapes {
    &SHAPES
}

/// Where the members of an input come from.
pub struct Sources<'a> {
    /// The path's labels, decoded.
    pub labels: &'a [(&'static str, String)],
    /// The query, still encoded.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a hyper::HeaderMap,
    /// The JSON body, or nothing when the body is a payload of its own.
    pub body: Option<Value>,
}

/// Gathers an operation's members from path, query, headers and body, and checks them.
pub fn input(operation: &str, sources: Sources<'_>) -> Result<Value, ServiceError> {
    let (service, shape) = bundled().input(operation);
    let Some(shape) = shape else {
        return Ok(Value::Object(Map::new()));
    };
    let mut members = match sources.body {
        Some(Value::Object(members)) => members,
        Some(Value::Null) | None => Map::new(),
        Some(_) => {
            return Err(serialization(
                "Start of structure or map found where not expected.",
            ));
        }
    };
    let query = percent::query_pairs(sources.query);
    for (name, member) in &shape.members {
        let text = match member.location {
            Some(Location::Uri) => sources
                .labels
                .iter()
                .find(|(label, _)| *label == member.name)
                .map(|(_, value)| value.clone()),
            Some(Location::Query) => query
                .iter()
                .find(|(key, _)| *key == member.name)
                .map(|(_, value)| value.clone()),
            Some(Location::Header) => sources
                .headers
                .get(&member.name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            None => continue,
        };
        members.remove(name);
        if let Some(text) = text {
            members.insert(name.clone(), service.typed(&member.shape, text));
        }
    }
    let mut input = Value::Object(members);
    check::input(service, shape, &mut input)?;
    Ok(input)
}

/// The request cannot be read at all.
#[must_use]
pub fn serialization(message: &str) -> ServiceError {
    ServiceError::new("SerializationException", message)
}
