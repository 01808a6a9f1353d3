//! What the environment and the AWS files say beside credentials: Region and retries.

use aws_config::{
    environment::EnvironmentVariableRegionProvider,
    meta::region::ProvideRegion,
    profile::{ProfileFileRegionProvider, ProfileSet},
    provider_config::ProviderConfig,
};
use aws_runtime::env_config::{EnvConfigValue, file::EnvConfigFiles};
use aws_smithy_types::retry::{RetryConfig, RetryMode};
use aws_types::os_shim_internal::{Env, Fs};

use crate::{error::Error, http::reasons};

/// The profiles of the AWS files, one of them selected.
pub(crate) struct Profiles<'a> {
    name: Option<&'a str>,
    set: ProfileSet,
}

impl<'a> Profiles<'a> {
    /// Reads the files. Checks that the profile asked for exists, since the SDK would go on without it.
    pub(crate) async fn load(name: Option<&'a str>) -> Result<Self, Error> {
        let files = EnvConfigFiles::default();
        let selected = name.map(|name| name.to_owned().into());
        let set = aws_config::profile::load(&Fs::real(), &Env::real(), &files, selected).await;
        let set: ProfileSet = set.map_err(|error| Error::ConfigParse {
            reason: reasons(&error),
        })?;
        let asked = name
            .map(str::to_owned)
            .or_else(|| std::env::var("AWS_PROFILE").ok());
        match asked {
            Some(profile) if set.get_profile(&profile).is_none() => {
                Err(Error::ProfileNotFound { profile })
            }
            _ => Ok(Self { name, set }),
        }
    }

    /// The Region of the environment, else of the profile. The SDK would also ask the instance's metadata service,
    /// which is a request nobody named, and a second's wait where there is none.
    pub(crate) async fn region(&self) -> Option<String> {
        let environment = EnvironmentVariableRegionProvider::new();
        let mut file = ProfileFileRegionProvider::builder().configure(&ProviderConfig::default());
        if let Some(profile) = self.name {
            file = file.profile_name(profile);
        }
        let region = match environment.region().await {
            Some(region) => Some(region),
            None => file.build().region().await,
        };
        region.map(|region| region.to_string())
    }

    /// How calls are repeated. `legacy`, which boto3 knows and no other SDK, is taken for `standard`.
    pub(crate) fn retries(&self) -> Result<RetryConfig, Error> {
        let mut config = RetryConfig::standard();
        if let Some(mode) = self.value("AWS_RETRY_MODE", "retry_mode") {
            config = config.with_retry_mode(match mode.to_ascii_lowercase().as_str() {
                "standard" | "legacy" => RetryMode::Standard,
                "adaptive" => RetryMode::Adaptive,
                _ => {
                    let rule = "standard or adaptive";
                    return Err(unfit("AWS_RETRY_MODE", "retry_mode", rule, &mode));
                }
            });
        }
        if let Some(attempts) = self.value("AWS_MAX_ATTEMPTS", "max_attempts") {
            config = config.with_max_attempts(match attempts.parse() {
                Ok(attempts) if attempts > 0 => attempts,
                _ => {
                    let rule = "a whole number of 1 or more";
                    return Err(unfit("AWS_MAX_ATTEMPTS", "max_attempts", rule, &attempts));
                }
            });
        }
        Ok(config)
    }

    fn value(&self, variable: &str, key: &str) -> Option<String> {
        let value = EnvConfigValue::new().env(variable).profile(key);
        let environment = Env::real();
        let found = value.load(&environment, Some(&self.set));
        found.map(|(value, _)| value.trim().to_owned())
    }
}

fn unfit(variable: &str, key: &str, rule: &str, value: &str) -> Error {
    Error::InvalidSetting {
        reason: format!(
            "{variable}, or the profile's {key}, must be {rule}, not {value:?}: correct it, or name the argument retries"
        ),
    }
}
