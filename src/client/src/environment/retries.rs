//! How calls are repeated, by what is given and what the environment says.

use aws_smithy_types::retry::{RetryConfig, RetryMode as SdkRetryMode, RetrySpec};

use super::{
    Environment,
    lookup::{unfit, whole},
};
use crate::{
    error::Error,
    settings::{Retries, RetryMode},
};

impl Environment {
    /// AWS's retry rules of November 2026: three attempts, 50 ms base or 1 s for throttling, a quota of 500 tokens.
    pub(crate) fn retries(&self, given: &Retries) -> Result<RetryConfig, Error> {
        let mode = match given.mode {
            Some(RetryMode::Standard) => SdkRetryMode::Standard,
            Some(RetryMode::Adaptive) => SdkRetryMode::Adaptive,
            // `legacy`, which boto3 knows and no other SDK, is taken for `standard`.
            None => match self.retry_mode()?.as_deref() {
                Some("adaptive") => SdkRetryMode::Adaptive,
                _ => SdkRetryMode::Standard,
            },
        };
        let attempts = match given.max_attempts {
            Some(attempts) => Some(attempts),
            None => self.max_attempts()?,
        };
        let mut config = RetryConfig::standard().with_retry_mode(mode);
        if let Some(attempts) = attempts {
            config = config.with_max_attempts(attempts);
        }
        Ok(config.with_retry_spec(RetrySpec::v2_1()))
    }

    /// `standard`, `adaptive` or `legacy`.
    fn retry_mode(&self) -> Result<Option<String>, Error> {
        let (variable, key) = ("AWS_RETRY_MODE", "retry_mode");
        let Some(found) = self.value(variable, key) else {
            return Ok(None);
        };
        if ["standard", "adaptive", "legacy"].contains(&found.text.as_str()) {
            return Ok(Some(found.text));
        }
        let rule = "standard or adaptive";
        let class = "InvalidRetryModeError";
        Err(unfit(class, variable, key, rule, &found.text))
    }

    /// Attempts in all.
    fn max_attempts(&self) -> Result<Option<u32>, Error> {
        let (variable, key) = ("AWS_MAX_ATTEMPTS", "max_attempts");
        let Some(found) = self.value(variable, key) else {
            return Ok(None);
        };
        let class = match whole(&found.text) {
            Some(attempts) if attempts > 0 => {
                return Ok(u32::try_from(attempts).ok().or(Some(u32::MAX)));
            }
            Some(_) => "InvalidMaxRetryAttemptsError",
            None => "ValueError",
        };
        let rule = "a whole number of 1 or more";
        Err(unfit(class, variable, key, rule, &found.text))
    }
}
