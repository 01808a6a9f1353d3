//! Single settings: which variable or key has one, and what it must be.

use std::fmt;

use super::{Environment, ini::Value, text};
use crate::{
    error::{Error, Fault},
    shown,
};

/// A setting and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) text: String,
    pub(crate) place: Place,
}

impl Found {
    pub(crate) fn new(text: &str, place: Place) -> Self {
        Self {
            text: text.to_owned(),
            place,
        }
    }

    /// A URL, as Python reads it: blanks before it are no part of it.
    pub(crate) fn url(text: &str, place: Place) -> Self {
        Self::new(text.trim_start_matches(' '), place)
    }
}

/// Where a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Argument(&'static str),
    Variable(&'static str),
    /// A key of a profile.
    Profile(&'static str, String),
    /// A key of a `services` section.
    Services(String),
    Default,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(name) => write!(formatter, "argument {name}"),
            Self::Variable(name) => write!(formatter, "variable {name}"),
            Self::Profile(key, profile) => write!(formatter, "{key} of profile {profile:?}"),
            Self::Services(name) => write!(formatter, "endpoint_url of services {name:?}"),
            Self::Default => write!(formatter, "default"),
        }
    }
}

/// A service that has an endpoint of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Bedrock,
    BedrockRuntime,
    Sts,
    Sso,
    SsoOidc,
    Signin,
}

impl Endpoint {
    /// Its variable, and its key in a `services` section.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Bedrock => ("AWS_ENDPOINT_URL_BEDROCK", "bedrock"),
            Self::BedrockRuntime => ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "bedrock_runtime"),
            Self::Sts => ("AWS_ENDPOINT_URL_STS", "sts"),
            Self::Sso => ("AWS_ENDPOINT_URL_SSO", "sso"),
            Self::SsoOidc => ("AWS_ENDPOINT_URL_SSO_OIDC", "sso_oidc"),
            Self::Signin => ("AWS_ENDPOINT_URL_SIGNIN", "signin"),
        }
    }
}

const DEFAULTS_MODES: [&str; 6] = [
    "legacy",
    "auto",
    "standard",
    "in-region",
    "cross-region",
    "mobile",
];

impl Environment {
    /// A setting of the variable, else of the profile. One that is set and empty is found.
    pub(crate) fn value(&self, variable: &'static str, key: &'static str) -> Option<Found> {
        self.variable(variable).or_else(|| self.key(key))
    }

    fn variable(&self, name: &'static str) -> Option<Found> {
        let value = self.variables.get(name)?;
        Some(Found::new(value, Place::Variable(name)))
    }

    fn key(&self, key: &'static str) -> Option<Found> {
        let value = text(self.scoped()?, key)?;
        let profile = self.profile_name().to_owned();
        Some(Found::new(value, Place::Profile(key, profile)))
    }

    /// A setting that is on or off; it is on where its text is `true`.
    pub(crate) fn flag(&self, variable: &'static str, key: &'static str) -> bool {
        self.value(variable, key)
            .is_some_and(|found| found.text.eq_ignore_ascii_case("true"))
    }

    /// The source Region. boto3 does not know `AWS_REGION`, so it counts where boto3 would find none, or an empty one.
    pub(crate) fn region(&self) -> Option<Found> {
        let filled = |found: &Found| !found.text.is_empty();
        self.value("AWS_DEFAULT_REGION", "region")
            .filter(filled)
            .or_else(|| self.variable("AWS_REGION").filter(filled))
    }

    /// What is said where no Region is found, with where was looked; an argument is looked at alone.
    pub(crate) fn no_region(&self, given: bool) -> Error {
        let looked = if given {
            vec!["argument region_name: it is empty".to_owned()]
        } else {
            let [config, credentials] = &self.files.paths;
            let state = match self.scoped() {
                None => "there is no such profile",
                Some(_) => "it names no region",
            };
            let profile = self.profile_name();
            vec![
                "environment: neither AWS_DEFAULT_REGION nor AWS_REGION names one".to_owned(),
                format!("profile {profile:?} of {config} and {credentials}: {state}"),
            ]
        };
        let notes = looked
            .iter()
            .map(|place| format!("looked for a Region in {place}"));
        Error::Environment(Box::new(Fault {
            class: "NoRegionError",
            details: vec![],
            answer: None,
            notes: notes.collect(),
        }))
    }

    /// The endpoint that is named for a service.
    pub(crate) fn endpoint_url(&self, service: Endpoint) -> Result<Option<Found>, Error> {
        if self.flag(
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "ignore_configured_endpoint_urls",
        ) {
            return Ok(None);
        }
        let filled = |found: &Found| !found.text.is_empty();
        let (variable, name) = service.names();
        let found = self
            .variable(variable)
            .filter(filled)
            .or_else(|| self.variable("AWS_ENDPOINT_URL").filter(filled));
        let found = match found {
            Some(found) => Some(found),
            None => self
                .of_services(name)?
                .filter(filled)
                .or_else(|| self.key("endpoint_url").filter(filled)),
        };
        Ok(found.map(|found| Found::url(&found.text, found.place)))
    }

    fn of_services(&self, service: &str) -> Result<Option<Found>, Error> {
        let Some(section) = self.key("services") else {
            return Ok(None);
        };
        let services = self.files.services.get(&section.text);
        let Some(services) = services.filter(|services| !services.is_empty()) else {
            return Err(Fault::config(format!(
                "The profile is configured to use the services section but the \"{}\" services configuration does not \
                 exist.",
                section.text
            )));
        };
        match services.get(service) {
            Some(Value::Block(block)) => Ok(block
                .get("endpoint_url")
                .map(|url| Found::new(url, Place::Services(section.text)))),
            Some(Value::Text(_)) => Err(Fault::config(format!(
                "The {service} of the services configuration \"{}\" must be indented lines below it, such as \
                 endpoint_url = https://…",
                section.text
            ))),
            None => Ok(None),
        }
    }

    /// The file of authorities to trust in place of the usual ones.
    pub(crate) fn ca_bundle(&self) -> Result<Option<Found>, Error> {
        let found = self
            .value("AWS_CA_BUNDLE", "ca_bundle")
            .or_else(|| self.variable("REQUESTS_CA_BUNDLE"));
        match found {
            Some(found) if super::strip(&found.text).is_empty() => Err(Fault::config(format!(
                "Invalid CA bundle: the {} is empty; name a PEM file of certificates, or unset it",
                found.place
            ))),
            found => Ok(found),
        }
    }

    /// A whole number of the environment, such as that of a time-out.
    pub(crate) fn number(
        &self,
        variable: &'static str,
        key: &'static str,
    ) -> Result<Option<u64>, Error> {
        let Some(found) = self.value(variable, key) else {
            return Ok(None);
        };
        if let Some(Ok(number)) = whole(&found.text).map(u64::try_from) {
            return Ok(Some(number));
        }
        let rule = "a whole number";
        Err(unfit("ValueError", variable, key, rule, &found.text))
    }

    /// Refuses what botocore refuses whenever a client is made.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.check_defaults_mode()?;
        self.check_account_id_mode()?;
        self.is_sts_global()?;
        let Some(session) = self.key("sso_session") else {
            return Ok(());
        };
        let profile = self.profile_name();
        let what = match self.files.sso_sessions.get(&session.text) {
            Some(section) if !section.is_empty() => {
                let needed = ["sso_start_url", "sso_region"].into_iter();
                let missing: Vec<&str> = needed.filter(|key| !section.contains_key(*key)).collect();
                if missing.is_empty() {
                    return Ok(());
                }
                format!(
                    "is missing the following configuration: {}",
                    missing.join(", ")
                )
            }
            _ => format!(
                "the \"{}\" sso_session configuration does not exist",
                session.text
            ),
        };
        Err(Fault::config(format!(
            "The profile \"{profile}\" is configured to use the SSO token provider but {what}."
        )))
    }

    /// The modes set what outcrop sets by itself.
    fn check_defaults_mode(&self) -> Result<(), Error> {
        let (variable, key) = ("AWS_DEFAULTS_MODE", "defaults_mode");
        self.other_than(variable, key, &DEFAULTS_MODES)
            .map_or(Ok(()), |found| {
                let rule = DEFAULTS_MODES.join(", ");
                let class = "InvalidDefaultsMode";
                Err(unfit(class, variable, key, &rule, &found.text))
            })
    }

    /// Bedrock's endpoints have no account in them, but botocore stops at a mode that there is not.
    fn check_account_id_mode(&self) -> Result<(), Error> {
        let (variable, key) = ("AWS_ACCOUNT_ID_ENDPOINT_MODE", "account_id_endpoint_mode");
        let modes = ["preferred", "disabled", "required"];
        self.other_than(variable, key, &modes)
            .map_or(Ok(()), |found| {
                Err(Fault::config(format!(
                    "The {} must be one of {}, not {:?}: correct it, or unset it",
                    found.place,
                    modes.join(", "),
                    shown::text(&found.text)
                )))
            })
    }

    /// Whether STS is asked where it was before it had Regional endpoints.
    pub(crate) fn is_sts_global(&self) -> Result<bool, Error> {
        let (variable, key) = ("AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints");
        match self.value(variable, key) {
            Some(found) if found.text == "legacy" => Ok(true),
            Some(found) if !["", "regional"].contains(&found.text.as_str()) => {
                let class = "InvalidSTSRegionalEndpointsConfigError";
                Err(unfit(
                    class,
                    variable,
                    key,
                    "regional or legacy",
                    &found.text,
                ))
            }
            _ => Ok(false),
        }
    }

    /// What a setting says, if that is none of some words, in any case.
    fn other_than(
        &self,
        variable: &'static str,
        key: &'static str,
        words: &[&str],
    ) -> Option<Found> {
        self.value(variable, key)
            .filter(|found| !words.contains(&found.text.to_lowercase().as_str()))
    }
}

/// What Python's `int` makes of a text.
pub(crate) fn whole(text: &str) -> Option<i64> {
    let text = super::strip(text);
    let digits = text.trim_start_matches(['+', '-']);
    let apart = digits.starts_with('_') || digits.ends_with('_') || digits.contains("__");
    if apart || text.len() > digits.len() + 1 {
        return None;
    }
    text.replace('_', "").parse().ok()
}

pub(super) fn unfit(
    class: &'static str,
    variable: &str,
    key: &str,
    rule: &str,
    value: &str,
) -> Error {
    let way = if class.contains("Retry") {
        "correct it, or name the argument retries"
    } else {
        "correct it, or unset it"
    };
    let value = shown::text(value);
    let reason =
        format!("{variable}, or the profile's {key}, must be {rule}, not {value:?}: {way}");
    Fault::error(class, [("reason", reason)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_those_of_python() {
        for (text, number) in [(" 3 ", 3), ("+3", 3), ("1_0", 10), ("-2", -2), ("007", 7)] {
            assert_eq!(whole(text), Some(number), "{text}");
        }
        for text in ["", "x", "1.0", "_1", "1__0", "+-1", "0x1"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }
}
