//! What the environment and the AWS files say, read as botocore reads it.
//!
//! A user's machine was set up for boto3, so where the SDK for Rust reads the environment otherwise, botocore's reading
//! counts: this module is the one reader, and the SDK is given what it found. `docs/dev/environment.md` says more.

mod files;
mod ini;
mod lookup;
pub(crate) mod plain_file;
mod proxies;
mod python;
mod retries;
mod variables;

pub(crate) use files::{sections, text};
pub(crate) use ini::{Section, Value};
pub(crate) use lookup::{Endpoint, Found, Place, whole};
pub use proxies::ProxyVariables;
pub(crate) use python::{expand, expand_user, strip, words};
pub(crate) use variables::Variables;

use crate::error::Error;
use files::Files;

/// The variables and the files, and which profile counts.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    pub(crate) variables: Variables,
    pub(crate) files: Files,
    profile: Option<Found>,
    /// Whether the profile was named by argument, which beats keys in the environment.
    pub(crate) named: bool,
}

impl Environment {
    /// Reads the environment. A profile that is named must exist, even the default one.
    pub(crate) fn read(profile_name: Option<&str>) -> Result<Self, Error> {
        Self::of(Variables::read(), profile_name)
    }

    fn of(variables: Variables, profile_name: Option<&str>) -> Result<Self, Error> {
        let files = Files::read(&variables)?;
        let profile = match profile_name {
            Some(name) => Some(Found::new(name, Place::Argument("profile_name"))),
            None => ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"]
                .into_iter()
                .find_map(|name| Some(Found::new(variables.get(name)?, Place::Variable(name)))),
        };
        if let Some(profile) = &profile
            && !files.profiles.contains_key(&profile.text)
        {
            return Err(Error::ProfileNotFound {
                profile: crate::shown::text(&profile.text).into_owned(),
            });
        }
        Ok(Self {
            variables,
            files,
            profile,
            named: profile_name.is_some(),
        })
    }

    /// The same, read again: files and variables may have changed.
    pub(crate) fn again(&self) -> Result<Self, Error> {
        let named = self.profile.as_ref().filter(|_| self.named);
        Self::read(named.map(|profile| profile.text.as_str()))
    }

    /// The name of the profile that counts.
    pub(crate) fn profile_name(&self) -> &str {
        self.profile
            .as_ref()
            .map_or("default", |profile| &profile.text)
    }

    /// The profile that was named, and where.
    pub(crate) fn profile(&self) -> Option<&Found> {
        self.profile.as_ref()
    }

    /// What both files say of the profile that counts.
    pub(crate) fn scoped(&self) -> Option<&Section> {
        self.files.profiles.get(self.profile_name())
    }
}
