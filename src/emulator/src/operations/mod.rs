//! One operation a file, or the few of one resource; here is how a request finds its own.

pub mod apis;
mod apply_guardrail;
mod async_invokes;
mod batch;
mod call;
mod converse;
mod converse_stream;
mod count_tokens;
mod create_inference_profile;
mod data_retention;
mod delete_inference_profile;
mod delete_model_invocation_logging_configuration;
mod get_foundation_model;
mod get_foundation_model_availability;
mod get_inference_profile;
mod get_model_invocation_logging_configuration;
mod guarding;
mod guardrails;
pub mod inference;
mod invoke_guardrail_checks;
mod invoke_model;
mod invoke_model_with_response_stream;
mod list_foundation_models;
mod list_inference_profiles;
pub mod logged;
mod model_invocation_jobs;
mod pages;
mod projects;
mod prompt_routers;
mod put_model_invocation_logging_configuration;
mod reading;
mod tags;

use std::sync::LazyLock;

use hyper::Method;

pub use call::{Call, Notes};

use crate::error::ServiceError;
use crate::http::{Answer, Request};
use crate::percent;
use apis::Api;

/// What answers an operation.
pub type Handler = fn(&mut Call<'_>) -> Result<Answer, ServiceError>;

/// One operation of the API.
pub struct Operation {
    /// `Converse`
    pub name: &'static str,
    /// `bedrock` or `bedrock-runtime`.
    pub service: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path, cut at the slashes; labels stand in braces.
    path: Vec<&'static str>,
    /// What answers it.
    pub handler: Handler,
    /// The API of another company that it belongs to.
    pub api: Option<Api>,
}

impl Operation {
    /// An operation at a path.
    #[must_use]
    pub fn new(
        name: &'static str,
        service: &'static str,
        method: Method,
        path: &'static str,
        handler: Handler,
    ) -> Self {
        Self {
            name,
            service,
            method,
            path: path[1..].split('/').collect(),
            handler,
            api: None,
        }
    }

    /// Whether a model answers, so that rules can look at what it was asked.
    #[must_use]
    pub fn infers(&self) -> bool {
        self.name.starts_with("Converse")
            || self.name.starts_with("InvokeModel")
            || (self.api.is_some() && self.path.iter().all(|part| !part.starts_with('{')))
    }

    /// Whether the answer is always a stream of events.
    #[must_use]
    pub fn streams(&self) -> bool {
        matches!(
            self.name,
            "ConverseStream" | "InvokeModelWithResponseStream"
        )
    }
}

pub const RUNTIME: &str = "bedrock-runtime";
const CONTROL: &str = "bedrock";

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let table: &[(&'static str, &'static str, Method, &'static str, Handler)] = &[
        (
            "Converse",
            RUNTIME,
            Method::POST,
            "/model/{modelId}/converse",
            converse::answer,
        ),
        (
            "ConverseStream",
            RUNTIME,
            Method::POST,
            "/model/{modelId}/converse-stream",
            converse_stream::answer,
        ),
        (
            "InvokeModel",
            RUNTIME,
            Method::POST,
            "/model/{modelId}/invoke",
            invoke_model::answer,
        ),
        (
            "InvokeModelWithResponseStream",
            RUNTIME,
            Method::POST,
            "/model/{modelId}/invoke-with-response-stream",
            invoke_model_with_response_stream::answer,
        ),
        (
            "CountTokens",
            RUNTIME,
            Method::POST,
            "/model/{modelId}/count-tokens",
            count_tokens::answer,
        ),
        (
            "ApplyGuardrail",
            RUNTIME,
            Method::POST,
            "/guardrail/{guardrailIdentifier}/version/{guardrailVersion}/apply",
            apply_guardrail::answer,
        ),
        (
            "InvokeGuardrailChecks",
            RUNTIME,
            Method::POST,
            "/guardrail-checks/invoke",
            invoke_guardrail_checks::answer,
        ),
        (
            "StartAsyncInvoke",
            RUNTIME,
            Method::POST,
            "/async-invoke",
            async_invokes::start,
        ),
        (
            "ListAsyncInvokes",
            RUNTIME,
            Method::GET,
            "/async-invoke",
            async_invokes::list,
        ),
        (
            "GetAsyncInvoke",
            RUNTIME,
            Method::GET,
            "/async-invoke/{invocationArn}",
            async_invokes::get,
        ),
        (
            "CreatePromptRouter",
            CONTROL,
            Method::POST,
            "/prompt-routers",
            prompt_routers::create,
        ),
        (
            "ListPromptRouters",
            CONTROL,
            Method::GET,
            "/prompt-routers",
            prompt_routers::list,
        ),
        (
            "GetPromptRouter",
            CONTROL,
            Method::GET,
            "/prompt-routers/{promptRouterArn}",
            prompt_routers::get,
        ),
        (
            "DeletePromptRouter",
            CONTROL,
            Method::DELETE,
            "/prompt-routers/{promptRouterArn}",
            prompt_routers::delete,
        ),
        (
            "CreateModelInvocationJob",
            CONTROL,
            Method::POST,
            "/model-invocation-job",
            model_invocation_jobs::create,
        ),
        (
            "ListModelInvocationJobs",
            CONTROL,
            Method::GET,
            "/model-invocation-jobs",
            model_invocation_jobs::list,
        ),
        (
            "GetModelInvocationJob",
            CONTROL,
            Method::GET,
            "/model-invocation-job/{jobIdentifier}",
            model_invocation_jobs::get,
        ),
        (
            "StopModelInvocationJob",
            CONTROL,
            Method::POST,
            "/model-invocation-job/{jobIdentifier}/stop",
            model_invocation_jobs::stop,
        ),
        (
            "GetAccountDataRetention",
            CONTROL,
            Method::GET,
            "/data-retention",
            data_retention::get,
        ),
        (
            "PutAccountDataRetention",
            CONTROL,
            Method::PUT,
            "/data-retention",
            data_retention::put,
        ),
        (
            "CreateProject",
            CONTROL,
            Method::POST,
            "/projects",
            projects::create,
        ),
        (
            "ListProjects",
            CONTROL,
            Method::GET,
            "/projects",
            projects::list,
        ),
        (
            "GetProject",
            CONTROL,
            Method::GET,
            "/projects/{projectIdentifier}",
            projects::get,
        ),
        (
            "UpdateProject",
            CONTROL,
            Method::POST,
            "/projects/{projectIdentifier}",
            projects::update,
        ),
        (
            "ArchiveProject",
            CONTROL,
            Method::POST,
            "/projects/{projectIdentifier}/archive",
            projects::archive,
        ),
        (
            "CreateGuardrail",
            CONTROL,
            Method::POST,
            "/guardrails",
            guardrails::create,
        ),
        (
            "ListGuardrails",
            CONTROL,
            Method::GET,
            "/guardrails",
            guardrails::list,
        ),
        (
            "GetGuardrail",
            CONTROL,
            Method::GET,
            "/guardrails/{guardrailIdentifier}",
            guardrails::get,
        ),
        (
            "UpdateGuardrail",
            CONTROL,
            Method::PUT,
            "/guardrails/{guardrailIdentifier}",
            guardrails::update,
        ),
        (
            "CreateGuardrailVersion",
            CONTROL,
            Method::POST,
            "/guardrails/{guardrailIdentifier}",
            guardrails::create_version,
        ),
        (
            "DeleteGuardrail",
            CONTROL,
            Method::DELETE,
            "/guardrails/{guardrailIdentifier}",
            guardrails::delete,
        ),
        (
            "ListInferenceProfiles",
            CONTROL,
            Method::GET,
            "/inference-profiles",
            list_inference_profiles::answer,
        ),
        (
            "CreateInferenceProfile",
            CONTROL,
            Method::POST,
            "/inference-profiles",
            create_inference_profile::answer,
        ),
        (
            "GetInferenceProfile",
            CONTROL,
            Method::GET,
            "/inference-profiles/{inferenceProfileIdentifier}",
            get_inference_profile::answer,
        ),
        (
            "DeleteInferenceProfile",
            CONTROL,
            Method::DELETE,
            "/inference-profiles/{inferenceProfileIdentifier}",
            delete_inference_profile::answer,
        ),
        (
            "TagResource",
            CONTROL,
            Method::POST,
            "/tagResource",
            tags::tag_resource,
        ),
        (
            "UntagResource",
            CONTROL,
            Method::POST,
            "/untagResource",
            tags::untag_resource,
        ),
        (
            "ListTagsForResource",
            CONTROL,
            Method::POST,
            "/listTagsForResource",
            tags::list_tags_for_resource,
        ),
        (
            "ListFoundationModels",
            CONTROL,
            Method::GET,
            "/foundation-models",
            list_foundation_models::answer,
        ),
        (
            "GetFoundationModel",
            CONTROL,
            Method::GET,
            "/foundation-models/{modelIdentifier}",
            get_foundation_model::answer,
        ),
        (
            "GetFoundationModelAvailability",
            CONTROL,
            Method::GET,
            "/foundation-model-availability/{modelId}",
            get_foundation_model_availability::answer,
        ),
        (
            "PutModelInvocationLoggingConfiguration",
            CONTROL,
            Method::PUT,
            "/logging/modelinvocations",
            put_model_invocation_logging_configuration::answer,
        ),
        (
            "GetModelInvocationLoggingConfiguration",
            CONTROL,
            Method::GET,
            "/logging/modelinvocations",
            get_model_invocation_logging_configuration::answer,
        ),
        (
            "DeleteModelInvocationLoggingConfiguration",
            CONTROL,
            Method::DELETE,
            "/logging/modelinvocations",
            delete_model_invocation_logging_configuration::answer,
        ),
    ];
    table
        .iter()
        .map(|(name, service, method, path, handler)| {
            Operation::new(name, service, method.clone(), path, *handler)
        })
        .chain(apis::operations())
        .collect()
});

/// The labels of a path, decoded.
pub type Labels = Vec<(&'static str, String)>;

/// The operation that a request is for.
pub fn find(request: &Request) -> Option<(&'static Operation, Labels)> {
    OPERATIONS
        .iter()
        .filter(|operation| operation.method == request.method)
        .find_map(|operation| {
            let labels = labels(&request.path, operation.path.iter().copied())?;
            Some((operation, labels))
        })
}

/// The labels of a path that has these parts.
fn labels<'a>(path: &str, parts: impl Iterator<Item = &'a str>) -> Option<Vec<(&'a str, String)>> {
    let mut labels = Vec::new();
    let mut segments = path.strip_prefix('/')?.split('/');
    for part in parts {
        let segment = segments.next()?;
        match part.strip_prefix('{') {
            Some(label) if !segment.is_empty() => {
                labels.push((label.trim_end_matches('}'), percent::decode(segment)));
            }
            None if part == segment => {}
            _ => return None,
        }
    }
    segments.next().is_none().then_some(labels)
}

/// The refusal of a request for one of Bedrock's operations that is not answered here.
pub fn unanswered(request: &Request) -> Option<ServiceError> {
    let mut refused = crate::shapes::bundled().refused();
    let (name, ..) = refused.find(|(_, method, path)| {
        *method == request.method.as_str() && labels(&request.path, path[1..].split('/')).is_some()
    })?;
    // It is not retried, and every client has it as a class.
    Some(ServiceError::validation(format!(
        "The local Bedrock has no {name}: it answers calls to models and what belongs to them. Call AWS for it, or \
         give it an answer of your own in the test."
    )))
}

/// The refusal of a request for no operation at all.
pub fn unknown(request: &Request) -> ServiceError {
    ServiceError::new(
        "UnknownOperationException",
        format!(
            "the outcrop emulator has no operation for {} {}",
            request.method, request.path
        ),
    )
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use hyper::HeaderMap;

    use super::*;

    fn request(method: Method, path: &str) -> Request {
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        Request {
            method,
            path: path.to_owned(),
            query: String::new(),
            headers,
            body,
            http2: false,
        }
    }

    #[test]
    fn encoded_arns_are_one_label() {
        let arn =
            "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.a.b-v1%3A0";
        let (operation, labels) =
            find(&request(Method::POST, &format!("/model/{arn}/converse"))).unwrap();
        assert_eq!(operation.name, "Converse");
        assert_eq!(
            labels[0].1,
            "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.a.b-v1:0"
        );
    }

    #[test]
    fn a_raw_slash_is_another_path() {
        let path =
            "/model/arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.a.b-v1:0/converse";
        assert!(find(&request(Method::POST, path)).is_none());
        assert!(find(&request(Method::GET, "/model/x/converse")).is_none());
        assert!(find(&request(Method::POST, "/model//converse")).is_none());
        let error = unknown(&request(Method::GET, "/flows"));
        assert_eq!(
            error.message,
            "the outcrop emulator has no operation for GET /flows"
        );
    }

    #[test]
    fn every_operation_has_its_shapes() {
        for operation in OPERATIONS.iter().filter(|it| it.api.is_none()) {
            let _ = crate::shapes::bundled().input(operation.name);
        }
    }
}
