//! The operation table: every operation's method, path, members and shapes, as statics.
//!
//! It is the only knowledge of Bedrock's shapes in outcrop. `tools/model.py` makes `model/*.json` from botocore, and
//! `build.rs` makes the statics from those.

/// In place of a path, of an operation whose calls bring their own.
pub(crate) const ELSEWHERE: &str = "/";

/// One of the two services that outcrop speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    /// `bedrock`: profiles, models, logging configuration, batch jobs.
    Bedrock,
    /// `bedrock-runtime`: calls to models.
    BedrockRuntime,
}

impl Service {
    /// The service with botocore's name for it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Bedrock, Self::BedrockRuntime]
            .into_iter()
            .find(|service| service.name() == name)
    }

    /// botocore's name, which is also the first label of the host: `bedrock-runtime`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bedrock => "bedrock",
            Self::BedrockRuntime => "bedrock-runtime",
        }
    }

    /// The operations of the service, by name.
    #[must_use]
    pub fn operations(self) -> &'static [Operation] {
        match self {
            Self::Bedrock => BEDROCK_OPERATIONS,
            Self::BedrockRuntime => BEDROCK_RUNTIME_OPERATIONS,
        }
    }

    /// The modeled errors of the service.
    #[must_use]
    pub fn exceptions(self) -> &'static [&'static Shape] {
        match self {
            Self::Bedrock => BEDROCK_EXCEPTIONS,
            Self::BedrockRuntime => BEDROCK_RUNTIME_EXCEPTIONS,
        }
    }

    /// The operation with this name, in AWS's spelling: `ConverseStream`.
    #[must_use]
    pub fn operation(self, name: &str) -> Option<&'static Operation> {
        let operations = self.operations();
        operations
            .binary_search_by(|operation| operation.name.cmp(name))
            .ok()
            .map(|at| &operations[at])
    }
}

/// One operation of a service.
#[derive(Debug)]
pub struct Operation {
    /// AWS's name: `ConverseStream`.
    pub name: &'static str,
    /// The service that has it.
    pub service: Service,
    /// The HTTP method.
    pub method: &'static str,
    /// The path, with `{labels}` where members go.
    pub path: &'static str,
    /// The shape of the arguments.
    pub input: &'static Shape,
    /// The shape of the answer.
    pub output: &'static Shape,
    /// The names of the errors that are modeled for this operation.
    pub errors: &'static [&'static str],
    /// How the operation pages, if it does.
    pub paginator: Option<Paginator>,
}

impl Operation {
    /// The member of the answer that is an event stream, if the operation streams.
    #[must_use]
    pub fn stream(&self) -> Option<&'static Member> {
        let Kind::Structure(output) = &self.output.kind else {
            return None;
        };
        output
            .members
            .iter()
            .find(|member| matches!(&member.shape.kind, Kind::Structure(it) if it.event_stream))
    }

    /// Whether a model is asked, so that the call can be routed and its answer cached.
    #[must_use]
    pub fn calls_model(&self) -> bool {
        self.path.starts_with("/model/{modelId}/") || self.path == ELSEWHERE
    }

    /// Whether a model writes the answer. One that only counts tokens is not known to fail at it.
    #[must_use]
    pub fn generates(&self) -> bool {
        self.calls_model() && self.errors.contains(&"ModelErrorException")
    }

    /// The member of the answer that is the whole body, where that is bytes of a model's.
    #[must_use]
    pub fn answers_bytes(&self) -> Option<&'static Member> {
        self.whole_body()
            .filter(|member| matches!(member.shape.kind, Kind::Blob))
    }

    /// The member of the answer that is the whole body.
    #[must_use]
    pub fn whole_body(&self) -> Option<&'static Member> {
        let Kind::Structure(output) = &self.output.kind else {
            return None;
        };
        let mut members = output.members.iter();
        members.find(|member| member.location == Location::Payload)
    }

    /// Whether the request's body is the caller's own bytes, of whatever type they are.
    #[must_use]
    pub fn takes_bytes(&self) -> bool {
        matches!(&self.input.kind, Kind::Structure(input) if input.members.iter().any(|member| {
            member.location == Location::Payload && matches!(member.shape.kind, Kind::Blob)
        }))
    }
}

/// How an operation pages.
#[derive(Debug)]
pub struct Paginator {
    /// The argument that says where to go on.
    pub input_token: &'static str,
    /// The member of the answer that holds the next `input_token`.
    pub output_token: &'static str,
    /// The argument that bounds a page, if there is one.
    pub limit_key: Option<&'static str>,
    /// The member of the answer that holds the rows.
    pub result_key: &'static str,
}

/// A type of the API.
#[derive(Debug)]
pub struct Shape {
    /// AWS's name for it.
    pub name: &'static str,
    /// The least value of a number, or the least length of a string, blob or list.
    pub min: Option<u64>,
    /// What it is.
    pub kind: Kind,
}

/// What a shape is.
#[derive(Debug)]
pub enum Kind {
    /// Members by name.
    Structure(Structure),
    /// Any JSON: nothing in it belongs to AWS, so nothing in it is renamed, decoded or dropped.
    Document,
    /// Elements of one shape.
    List(&'static Shape),
    /// Values of one shape under keys of another, which is always a string.
    Map {
        /// The shape of the keys.
        key: &'static Shape,
        /// The shape of the values.
        value: &'static Shape,
    },
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// Yes or no.
    Boolean,
    /// Bytes, base64 in JSON.
    Blob,
    /// A moment, ISO 8601 in JSON.
    Timestamp,
}

/// A shape with members.
#[derive(Debug)]
pub struct Structure {
    /// The members, in AWS's order.
    pub members: &'static [Member],
    /// Exactly one member is set.
    pub union: bool,
    /// The members are the events of a stream.
    pub event_stream: bool,
    /// An error that AWS says may be retried.
    pub retryable: bool,
}

impl Structure {
    /// The member of this name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

/// A member of a structure.
#[derive(Debug)]
pub struct Member {
    /// A number of its own among all members, below [`MEMBERS`].
    pub id: usize,
    /// Its name, on the wire too where it is in a body.
    pub name: &'static str,
    /// Its type.
    pub shape: &'static Shape,
    /// Whether the structure is refused without it.
    pub required: bool,
    /// Whether a random token stands in when the caller gives none.
    pub idempotency_token: bool,
    /// Where it goes in the HTTP message.
    pub location: Location,
}

/// Where a member goes in the HTTP message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// Into the JSON body, under its own name.
    Body,
    /// It is the body.
    Payload,
    /// Into the path, in place of this label.
    Uri(&'static str),
    /// Into the query, under this name.
    Query(&'static str),
    /// Into this header.
    Header(&'static str),
}

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_found_by_name() {
        for service in [Service::Bedrock, Service::BedrockRuntime] {
            assert_eq!(Service::named(service.name()), Some(service));
            for operation in service.operations() {
                assert_eq!(
                    service.operation(operation.name).map(|it| it.name),
                    Some(operation.name)
                );
            }
        }
        assert!(Service::Bedrock.operation("Converse").is_none());
    }

    #[test]
    fn streams_are_known() {
        let stream = |name| {
            Service::BedrockRuntime
                .operation(name)
                .expect("it exists")
                .stream()
                .map(|it| it.name)
        };
        assert_eq!(stream("ConverseStream"), Some("stream"));
        assert_eq!(stream("InvokeModelWithResponseStream"), Some("body"));
        assert_eq!(stream("Converse"), None);
    }

    #[test]
    fn every_label_of_a_path_is_a_required_member() {
        for operation in [Service::Bedrock, Service::BedrockRuntime]
            .into_iter()
            .flat_map(Service::operations)
        {
            let Kind::Structure(input) = &operation.input.kind else {
                panic!("arguments are a structure")
            };
            for label in operation
                .path
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split('}').next())
            {
                let member = input
                    .members
                    .iter()
                    .find(|it| it.location == Location::Uri(label))
                    .expect("a member");
                assert!(member.required, "{} of {}", label, operation.name);
            }
        }
    }
}
