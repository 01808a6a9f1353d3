//! Keys of each link of a chain of roles, kept until they are about to expire: a role whose time is over is assumed
//! anew with what its source gave before, as long as that holds.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use aws_credential_types::Credentials;

use super::{EARLY, services::Asking};
use crate::error::{Error, Fault};

/// By the name of a link: its keys, and which source gave them.
#[derive(Default)]
pub(super) struct Links(Mutex<HashMap<String, (Credentials, &'static str)>>);

impl Links {
    /// Forgets all, since one of them was refused.
    pub(super) fn forget(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn of(&self, link: &str) -> Option<(Credentials, &'static str)> {
        let links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        links.get(link).cloned()
    }
}

impl Asking<'_> {
    /// The keys of a link that need not be fetched anew yet.
    pub(super) fn held(&mut self, link: &str) -> Option<Credentials> {
        let (found, via) = self.links.of(link)?;
        let due = SystemTime::now() + EARLY;
        if found.expiry().is_some_and(|expiry| expiry <= due) {
            return None;
        }
        self.via = via;
        Some(found)
    }

    /// Whether a link was fetched before.
    pub(super) fn had(&self, link: &str) -> bool {
        self.links.of(link).is_some()
    }

    /// The keys that a link signs with from now on: those that were found, or where that failed the former ones as
    /// long as they hold.
    pub(super) fn settled(
        &mut self,
        link: String,
        found: Result<Credentials, Error>,
    ) -> Result<Credentials, Error> {
        match found.and_then(unexpired) {
            Ok(found) => {
                let mut links = self.links.0.lock().unwrap_or_else(PoisonError::into_inner);
                links.insert(link, (found.clone(), self.via));
                Ok(found)
            }
            Err(error) => {
                let (former, via) = self.links.of(&link).ok_or_else(|| error.clone())?;
                let former = unexpired(former).map_err(|_| error.clone())?;
                tracing::warn!(target: "outcrop::connection", "credentials could not be renewed yet: {error}");
                self.via = via;
                Ok(former)
            }
        }
    }
}

/// Nothing is signed with keys that came expired: what is asked with them is refused, and names another reason.
pub(super) fn unexpired(found: Credentials) -> Result<Credentials, Error> {
    let now = SystemTime::now();
    if found.expiry().is_some_and(|expiry| expiry <= now) {
        let reason = "Credentials were refreshed, but the refreshed credentials are still expired.";
        return Err(Fault::source("outcrop", reason));
    }
    Ok(found)
}
