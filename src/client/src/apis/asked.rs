//! What a call asks of one of the APIs.

use std::time::Duration;

use super::Api;
use crate::error::Error;

const GUARDRAIL: &str = "x-amzn-bedrock-guardrailidentifier";

/// What a call asks of one of the APIs.
#[derive(Debug)]
pub struct Asked {
    /// The API.
    pub api: Api,
    /// The HTTP method.
    pub method: String,
    /// The path, and the query if there is one.
    pub target: String,
    /// How long the answer may take, of a stream its beginning.
    pub patience: Option<Duration>,
    /// What it goes on with, which belongs to one target: ids of responses, encrypted reasoning.
    pub(crate) bound: Vec<String>,
    /// Its stream is asked for its tokens, and they are kept from its reader, who did not ask.
    pub(crate) hides_usage: bool,
}

impl Asked {
    /// Sees that nothing is asked for that Bedrock passes over in silence.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for a guardrail that would guard nothing.
    pub(crate) fn check(&self, headers: &[(String, String)]) -> Result<(), Error> {
        let guarded = || {
            headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case(GUARDRAIL))
        };
        if matches!(self.api, Api::Responses) && guarded() {
            return Err(Error::InvalidArgument {
                reason: "Bedrock ignores guardrails on the Responses API, so this request would go unguarded: use Chat Completions, \
                 or call apply_guardrail on what goes in and comes out, and leave the guardrail's headers out"
                    .into(),
            });
        }
        Ok(())
    }
}
