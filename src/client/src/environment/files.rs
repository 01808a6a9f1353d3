//! The config and the credentials file, and the profiles in both.

use std::collections::HashMap;

use super::{
    Variables,
    ini::{self, Section, Sections, Value},
    plain_file, python,
};
use crate::error::Error;

/// What the two files say, put together as botocore does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    /// The profiles of both files: what the credentials file says of one wins.
    pub(crate) profiles: HashMap<String, Section>,
    /// The profiles of the config file alone.
    pub(crate) config: HashMap<String, Section>,
    /// The profiles of the credentials file alone.
    pub(crate) credentials: HashMap<String, Section>,
    /// `[sso-session …]`
    pub(crate) sso_sessions: HashMap<String, Section>,
    /// `[services …]`
    pub(crate) services: HashMap<String, Section>,
    /// Where the two were looked for.
    pub(crate) paths: [String; 2],
    /// Whether the two were there.
    pub(crate) found: [bool; 2],
}

impl Files {
    pub(super) fn read(variables: &Variables) -> Result<Self, Error> {
        let path = |variable: &str, otherwise: &str| {
            python::expand(variables.get(variable).unwrap_or(otherwise), variables)
        };
        let paths = [
            path("AWS_CONFIG_FILE", "~/.aws/config"),
            path("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
        ];
        let [config, credentials] = [sections(&paths[0])?, sections(&paths[1])?];
        let mut files = Self {
            found: [config.is_some(), credentials.is_some()],
            paths,
            ..Self::default()
        };
        for (name, section) in config.unwrap_or_default() {
            if name == "default" {
                files.config.insert(name, section);
                continue;
            }
            let kind = if name.starts_with("profile") {
                &mut files.config
            } else if name.starts_with("sso-session") {
                &mut files.sso_sessions
            } else if name.starts_with("services") {
                &mut files.services
            } else {
                continue;
            };
            if let Some([_, name]) = python::words(&name).as_deref() {
                kind.insert(name.clone(), section);
            }
        }
        files.credentials = credentials.unwrap_or_default().into_iter().collect();
        files.profiles.clone_from(&files.config);
        for (name, section) in &files.credentials {
            let profile = files.profiles.entry(name.clone()).or_default();
            profile.extend(section.clone());
        }
        Ok(files)
    }
}

/// A file's sections; `None` where there is no file. One that may not be read is empty, as it is to Python's reader.
pub(crate) fn sections(path: &str) -> Result<Option<Sections>, Error> {
    if !std::path::Path::new(path).is_file() {
        return Ok(None);
    }
    let Ok(bytes) = plain_file::bytes(path) else {
        return Ok(Some(vec![]));
    };
    let refused = |why: &str| Error::ConfigParse {
        reason: format!("{path}: {why}"),
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = String::from_utf8_lossy(&error.as_bytes()[..at])
            .split('\n')
            .count();
        refused(&format!(
            "line {line} is no UTF-8: save the file in that encoding"
        ))
    })?;
    ini::parse(&text).map(Some).map_err(|why| refused(&why))
}

/// The text under a key; a block has none.
pub(crate) fn text<'a>(section: &'a Section, key: &str) -> Option<&'a str> {
    match section.get(key)? {
        Value::Text(text) => Some(text),
        Value::Block(_) => None,
    }
}
