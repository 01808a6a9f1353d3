//! Requests to models, read and held against the rules: of calls, of counts and of the records of batch jobs alike.

use hyper::HeaderMap;
use serde_json::Value;

use crate::bodies::{Family, converse};
use crate::catalogue::Model;
use crate::error::ServiceError;
use crate::model::Prompt;
use crate::refusals::{self, Asked, Evidence, Form};

/// How requests are read.
pub struct Reading<'a> {
    /// The model that shall answer.
    pub model: &'a Model,
    /// The weakest evidence that is enough for a rule to be one.
    pub evidence: Evidence,
    /// Whether the answer shall be streamed.
    pub streams: bool,
    /// Whether the tokens shall be counted only, however many they are.
    pub counts: bool,
}

impl Reading<'_> {
    /// The conversation of a request in Converse's form, unless the model refuses it.
    pub fn conversation(&self, input: &Value) -> Result<Prompt, ServiceError> {
        let prompt = converse::prompt(input, self.model)?;
        self.check(Form::Converse, input, prompt)
    }

    /// The conversation in a body of the model's own form, unless the model refuses it.
    pub fn body(&self, family: Family, body: &Value) -> Result<Prompt, ServiceError> {
        let prompt = family.prompt(body, self.model)?;
        self.check(family.form(), body, prompt)
    }

    fn check(&self, form: Form, input: &Value, prompt: Prompt) -> Result<Prompt, ServiceError> {
        self.hold(form, input, &prompt, None)?;
        Ok(prompt)
    }

    /// Holds a request against the rules for one form.
    pub fn hold(
        &self,
        form: Form,
        input: &Value,
        prompt: &Prompt,
        headers: Option<&HeaderMap>,
    ) -> Result<(), ServiceError> {
        let mut asked = Asked::new(form, input, prompt, self.model, self.streams);
        asked.counts = self.counts;
        asked.headers = headers;
        refusals::check(&asked, self.evidence)
    }
}
