//! What a caller did wrong or what the service cannot do, in AWS's words.

use bytes::Bytes;
use serde_json::{Map, Value, json};

/// An error answer: a code that clients tell apart, its HTTP status, a text, and whatever else its shape holds.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceError {
    /// AWS's name of the error, `ThrottlingException`.
    pub code: String,
    /// The HTTP status it travels with.
    pub status: u16,
    /// The text for people.
    pub message: String,
    /// Members beside the message: `originalStatusCode`, `resourceName`.
    pub members: Map<String, Value>,
}

/// The status of every error that the emulator may raise, modeled or of the front door.
const STATUSES: &[(&str, u16)] = &[
    ("access_denied", 401),
    ("overloaded_error", 529),
    ("AccessDeniedException", 403),
    ("ConflictException", 400),
    ("ExpiredTokenException", 403),
    ("IncompleteSignatureException", 403),
    ("InternalServerException", 500),
    ("InvalidSignatureException", 403),
    ("MissingAuthenticationTokenException", 403),
    ("ModelErrorException", 424),
    ("ModelNotReadyException", 429),
    ("ModelStreamErrorException", 424),
    ("ModelTimeoutException", 408),
    ("RequestEntityTooLargeException", 413),
    ("ResourceInUseException", 400),
    ("ResourceNotFoundException", 404),
    ("SerializationException", 400),
    ("ServiceQuotaExceededException", 400),
    ("ServiceUnavailableException", 503),
    ("ThrottlingException", 429),
    ("TooManyTagsException", 400),
    ("UnknownOperationException", 404),
    ("UnrecognizedClientException", 403),
    ("ValidationException", 400),
];

/// The HTTP status of an error code; an unknown one is the caller's fault.
#[must_use]
pub fn status_of(code: &str) -> u16 {
    STATUSES
        .iter()
        .find(|(name, _)| *name == code)
        .map_or(400, |(_, status)| *status)
}

/// The text that Bedrock sends with a code when the one who raises it says nothing else.
#[must_use]
pub fn usual_message(code: &str) -> &'static str {
    match code {
        "AccessDeniedException" => {
            "You don't have access to the model with the specified model ID."
        }
        "InternalServerException" | "ModelErrorException" | "ModelStreamErrorException" => {
            "The system encountered an unexpected error during processing. Try your request again."
        }
        "ModelNotReadyException" => {
            "Model is not ready for inference. Wait and try your request again."
        }
        "ModelTimeoutException" => {
            "The request took too long to process. Processing time exceeded the model timeout length."
        }
        "ServiceUnavailableException" => "Bedrock is unable to process your request.",
        "ThrottlingException" => "Too many requests, please wait before trying again.",
        "ExpiredTokenException" => "The security token included in the request is expired",
        "UnrecognizedClientException" => "The security token included in the request is invalid.",
        _ => "The request could not be processed.",
    }
}

/// The words that Bedrock has for a body that breaks its schema; `what` begins with the place, `#/messages/0`.
#[must_use]
pub fn malformed(what: &str) -> String {
    format!("Malformed input request: {what}, please reformat your input and try again.")
}

impl ServiceError {
    /// An error with AWS's status for its code.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            status: status_of(code),
            message: message.into(),
            members: Map::new(),
        }
    }

    /// The request breaks a rule of the service.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    /// The thing named does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new("ResourceNotFoundException", message)
    }

    /// Bedrock's answer to an id that names nothing the caller can use.
    #[must_use]
    pub fn invalid_model_identifier() -> Self {
        Self::validation("The provided model identifier is invalid.")
    }

    /// No room in any Region that may serve.
    #[must_use]
    pub fn throttled(what: &str) -> Self {
        Self::new(
            "ThrottlingException",
            format!("Too many {what}, please wait before trying again."),
        )
    }

    /// Adds a member that the error's shape has.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }

    /// The JSON body of the answer.
    #[must_use]
    pub fn body(&self) -> Bytes {
        let mut body = self.members.clone();
        body.insert("message".to_owned(), json!(self.message));
        if self.code == "UnknownOperationException" {
            body.insert(
                "__type".to_owned(),
                json!("com.amazon.coral.service#UnknownOperationException"),
            );
        }
        Bytes::from(Value::Object(body).to_string())
    }

    /// The value of `x-amzn-errortype`.
    #[must_use]
    pub fn error_type(&self) -> String {
        format!(
            "{}:http://internal.amazon.com/coral/com.amazon.bedrock/",
            self.code
        )
    }

    /// The name of this error inside an event stream, which starts in lower case.
    #[must_use]
    pub fn event_type(&self) -> String {
        let mut name = self.code.clone();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_carry_the_status_of_their_code() {
        assert_eq!(ServiceError::throttled("requests").status, 429);
        assert_eq!(ServiceError::new("ModelErrorException", "x").status, 424);
        assert_eq!(ServiceError::new("NobodyKnowsException", "x").status, 400);
        assert_eq!(
            ServiceError::validation("x").event_type(),
            "validationException"
        );
        let error = ServiceError::new("ModelErrorException", "x").with("originalStatusCode", 500);
        assert_eq!(error.body(), r#"{"message":"x","originalStatusCode":500}"#);
    }
}
