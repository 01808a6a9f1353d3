//! One call and its answer, as the rest of the crate passes them around.

use std::{sync::Arc, time::Duration};

use aws_smithy_runtime_api::{client::orchestrator::HttpRequest, http::Headers as HttpHeaders};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    apis::{self, Asked},
    checks::{self, is_header_value},
    error::{Error, Headers},
    metrics::{Metrics, Usage},
    model::{Location, Operation},
    observation::Observation,
    router::{permit::Verdict, record::Record},
    signing::Signers,
};

/// One call: an operation with its arguments laid out for HTTP.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is called.
    pub operation: &'static Operation,
    /// The members that do not go into the body, with where they go.
    pub located: Vec<(Location, String)>,
    /// The body: JSON, or the payload itself.
    pub body: Bytes,
    /// Headers beside the modeled ones.
    pub headers: Vec<(String, String)>,
    /// Headers of a trace. They are not signed: proxies on the way may write their own in their place.
    pub trace: Vec<(String, String)>,
    /// Who wants to know how it goes.
    pub observation: Option<Arc<Observation>>,
    /// Where it is counted, if not with the client's other calls.
    pub metrics: Option<Arc<Metrics>>,
    /// Who calls, where that is not the session's affair.
    pub credentials: Option<Signers>,
    /// What a rule of the program's said of this call, for a router whose residency is one.
    pub verdict: Option<Arc<Verdict>>,
    /// What its caller calls the conversation that it is a turn of: such calls do best at one target, which has read the same
    /// prompt.
    pub affinity_key: Option<String>,
    /// How it is written for the other models of a router, by their numbers, where somebody wrote it for them.
    pub rewritten: Option<Arc<[Option<Rewritten>]>>,
    /// What is asked of one of the runtime's other APIs, which bring paths and bodies of their own.
    pub api: Option<Arc<Asked>>,
}

/// A call as it is written for another model.
#[derive(Clone, Debug)]
pub enum Rewritten {
    /// So.
    As {
        /// The members that do not go into the body, with where they go.
        located: Vec<(Location, String)>,
        /// The body.
        body: Bytes,
    },
    /// Not at all: it is not for that model.
    Not,
}

impl Call {
    /// A call of an operation, with nothing in it yet.
    #[must_use]
    pub fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            located: vec![],
            body: Bytes::new(),
            headers: vec![],
            trace: vec![],
            observation: None,
            metrics: None,
            credentials: None,
            verdict: None,
            affinity_key: None,
            rewritten: None,
            api: None,
        }
    }

    /// How it is written for one of the router's models, if somebody wrote it for that.
    pub(crate) fn rewritten(&self, model: usize) -> Option<&Rewritten> {
        self.rewritten.as_ref()?.get(model)?.as_ref()
    }

    /// The value of the label `modelId`, if the path has one.
    #[must_use]
    pub fn model_id(&self) -> Option<&str> {
        let model = |(location, _): &&(Location, String)| *location == Location::Uri("modelId");
        self.located
            .iter()
            .find(model)
            .map(|(_, value)| value.as_str())
    }

    /// The request, but for the endpoint and the signature.
    pub(crate) fn request(&self) -> Result<HttpRequest, Error> {
        let body = self.laid_out()?;
        let mut request = HttpRequest::new(SdkBody::from(body.clone()));
        let asked = self.api.as_deref();
        request
            .set_method(asked.map_or(self.operation.method, |asked| &asked.method))
            .map_err(|_| invalid("the method"))?;
        // Any library on the way may fold these away, and another path would be called.
        let dots = |(location, value): &&(Location, String)| {
            matches!(location, Location::Uri(_)) && matches!(value.as_str(), "." | "..")
        };
        if let Some((Location::Uri(name), value)) = self.located.iter().find(dots) {
            return Err(invalid(&format!("{name} {value:?}")));
        }
        request
            .set_uri(self.uri())
            .map_err(|_| invalid("the path"))?;
        let headers = request.headers_mut();
        for (location, value) in &self.located {
            if let Location::Header(name) = location {
                if !is_header_value(value) {
                    return Err(invalid(&format!("{name}: {value:?}")));
                }
                headers
                    .try_insert(*name, value.clone())
                    .map_err(|_| invalid(&format!("{name}: {value:?}")))?;
            }
        }
        insert(headers, &self.headers)?;
        if !body.is_empty() {
            headers.insert("content-length", body.len().to_string());
            if headers.get("content-type").is_none() && !self.operation.takes_bytes() {
                headers.insert("content-type", "application/json");
            }
        }
        Ok(request)
    }

    /// The body; of the other APIs, with the model in it.
    fn laid_out(&self) -> Result<Bytes, Error> {
        match &self.api {
            Some(asked) if !self.body.is_empty() => {
                apis::as_sent(&self.body, self.model_id(), asked.hides_usage)
            }
            _ => Ok(self.body.clone()),
        }
    }

    fn uri(&self) -> String {
        if let Some(asked) = &self.api {
            return asked.target.clone();
        }
        let mut uri = self.operation.path.to_owned();
        let mut separator = '?';
        for (location, value) in &self.located {
            match location {
                Location::Uri(label) => {
                    uri = uri.replacen(
                        &format!("{{{label}}}"),
                        &utf8_percent_encode(value, RESERVED).to_string(),
                        1,
                    );
                }
                Location::Query(name) => {
                    uri.push(separator);
                    uri.push_str(name);
                    uri.push('=');
                    uri.extend(utf8_percent_encode(value, RESERVED));
                    separator = '&';
                }
                _ => {}
            }
        }
        uri
    }
}

/// Checks headers that a call is to carry beside its own.
///
/// # Errors
///
/// [`Error::InvalidSetting`] names, after `what`, the first that cannot be, and not its value.
pub fn check_headers(what: &str, headers: &[(String, String)]) -> Result<(), Error> {
    checks::headers(what, headers)
}

/// Puts headers into a request, in place of others of their name.
pub(crate) fn insert(into: &mut HttpHeaders, headers: &[(String, String)]) -> Result<(), Error> {
    for (name, value) in headers {
        into.try_insert(name.to_ascii_lowercase(), value.clone())
            .map_err(|_| invalid(&format!("the header {name:?}")))?;
    }
    Ok(())
}

fn invalid(what: &str) -> Error {
    Error::InvalidArgument {
        reason: format!("{what} cannot go into an HTTP request"),
    }
}

/// All but the unreserved characters of RFC 3986 are encoded, an ARN's `:` and `/` too: a raw `/` makes Bedrock answer
/// `UnknownOperationException`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// How an answer began: all but its body.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Headers,
    /// How many attempts it took.
    pub attempts: u32,
    /// Whether it took the last attempt that was allowed.
    pub exhausted: bool,
    /// What a router did for it.
    pub route: Option<Arc<Record>>,
    /// What a cache did for it.
    pub reuse: Option<Reuse>,
}

/// What a cache did for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse {
    /// It had no answer, or was not to look for one.
    Fresh,
    /// The answer was given before, this long ago.
    Kept(Duration),
}

impl Head {
    /// Whether the answer was given before, to another call.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        matches!(self.reuse, Some(Reuse::Kept(_)))
    }

    /// The value of a header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(it, _)| it == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// How it began.
    pub head: Head,
    /// Its body.
    pub body: Bytes,
    /// The tokens that were spent on it.
    pub usage: Usage,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Service;

    #[test]
    fn arns_are_encoded_and_queries_joined() {
        let call = Call {
            located: vec![(
                Location::Uri("modelId"),
                "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.a.b-v1:0".into(),
            )],
            ..Call::new(
                Service::BedrockRuntime
                    .operation("Converse")
                    .expect("it exists"),
            )
        };
        assert_eq!(
            call.request().expect("a request").uri(),
            "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.a.b-v1%3A0/converse"
        );
        let call = Call {
            located: vec![
                (Location::Query("maxResults"), "5".into()),
                (Location::Query("type"), "SYSTEM_DEFINED".into()),
            ],
            ..Call::new(
                Service::Bedrock
                    .operation("ListInferenceProfiles")
                    .expect("it exists"),
            )
        };
        assert_eq!(
            call.request().expect("a request").uri(),
            "/inference-profiles?maxResults=5&type=SYSTEM_DEFINED"
        );
    }

    #[test]
    fn a_header_with_a_line_break_is_refused() {
        let call = Call {
            located: vec![
                (Location::Uri("modelId"), "m".into()),
                (Location::Header("accept"), "a\r\nb".into()),
            ],
            ..Call::new(
                Service::BedrockRuntime
                    .operation("InvokeModel")
                    .expect("it exists"),
            )
        };
        assert!(call.request().is_err());
    }
}
