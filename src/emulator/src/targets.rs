//! What a model id stands for in a Region, or Bedrock's own refusal of it.

use std::sync::Arc;

use crate::arn::Arn;
use crate::catalogue::{Catalogue, Destinations, Model};
use crate::error::ServiceError;
use crate::refusals::retired;
use crate::resources::Resources;

/// What a call is really about.
#[derive(Clone, Debug)]
pub struct Target {
    /// The model that answers.
    pub model: Arc<Model>,
    /// The id of the profile it was reached through.
    pub profile: Option<String>,
    /// Where it may be served.
    pub destinations: Destinations,
    /// The ARN of the model that a prompt router chose.
    pub routed_to: Option<String>,
}

/// Where a model id is looked up.
pub struct Lookup<'a> {
    /// System-defined models and profiles.
    pub catalogue: &'a Catalogue,
    /// What the account has made.
    pub resources: &'a Resources,
    /// The Region that is called.
    pub region: &'a str,
    /// The account that calls.
    pub account: &'a str,
}

impl Lookup<'_> {
    /// Resolves whatever `modelId` may be: a model or profile, by id or ARN, or a prompt router's ARN.
    pub fn target(&self, identifier: &str) -> Result<Target, ServiceError> {
        match Arn::parse(identifier) {
            Some(arn) => self.by_arn(&arn),
            None if identifier.starts_with("arn:") => Err(ServiceError::invalid_model_identifier()),
            None => self.by_id(identifier),
        }
    }

    fn by_arn(&self, arn: &Arn<'_>) -> Result<Target, ServiceError> {
        let account_fits = match arn.kind {
            "foundation-model" => arn.account.is_empty(),
            _ => arn.account == self.account,
        };
        if arn.service != "bedrock" || arn.region != self.region || !account_fits {
            return Err(ServiceError::invalid_model_identifier());
        }
        match arn.kind {
            "foundation-model" => self.model(arn.id),
            "inference-profile" => self.profile(arn.id).ok_or_else(|| retired::refusal(arn.id)),
            "application-inference-profile" => {
                let profile = self.resources.profile(self.region, arn.id);
                let source = profile
                    .ok_or_else(ServiceError::invalid_model_identifier)?
                    .copied_from;
                let mut target = self.target(&source)?;
                target.profile = Some(arn.id.to_owned());
                Ok(target)
            }
            "prompt-router" | "default-prompt-router" => self.router(arn),
            _ => Err(ServiceError::invalid_model_identifier()),
        }
    }

    fn router(&self, arn: &Arn<'_>) -> Result<Target, ServiceError> {
        let router = self
            .resources
            .router(self.region, arn.id)
            .ok_or_else(ServiceError::invalid_model_identifier)?;
        let chosen = router.chosen().to_owned();
        let mut target = self.target(&chosen)?;
        target.routed_to = Some(chosen);
        Ok(target)
    }

    fn by_id(&self, id: &str) -> Result<Target, ServiceError> {
        if self.catalogue.models.contains_key(id) {
            return self.model(id);
        }
        self.profile(id).ok_or_else(|| retired::refusal(id))
    }

    fn model(&self, id: &str) -> Result<Target, ServiceError> {
        let model = self
            .catalogue
            .models
            .get(id)
            .ok_or_else(|| retired::refusal(id))?;
        if model.regions.iter().any(|region| region == self.region) {
            let destinations = Destinations {
                regions: vec![self.region.to_owned()],
                global: false,
            };
            return Ok(Target {
                model: Arc::clone(model),
                profile: None,
                destinations,
                routed_to: None,
            });
        }
        if self.catalogue.profiles_of(id, self.region).next().is_some() {
            return Err(ServiceError::validation(format!(
                "Invocation of model ID {id} with on-demand throughput isn’t supported. Retry your request with the ID or \
                 ARN of an inference profile that contains this model."
            )));
        }
        Err(retired::refusal(id))
    }

    fn profile(&self, id: &str) -> Option<Target> {
        let profile = self.catalogue.profiles.get(id)?;
        let destinations = profile.sources.get(self.region)?.clone();
        let model = Arc::clone(&profile.model);
        Some(Target {
            model,
            profile: Some(id.to_owned()),
            destinations,
            routed_to: None,
        })
    }
}
