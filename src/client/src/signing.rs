//! Who makes a call, where a function of the program's says so and not the session.

use std::sync::Arc;

use aws_credential_types::Credentials;

use crate::settings::Secret;

/// What signs a call, in place of a session's credentials.
#[derive(Clone, Debug)]
pub enum Signer {
    /// Keys, which sign it.
    Keys(Credentials),
    /// A Bedrock API key, which it carries.
    Token(Secret),
}

/// What signs a call that goes out by one session.
#[derive(Clone, Debug)]
pub enum Signing {
    /// The session itself.
    Session,
    /// What its function gave.
    By(Signer),
    /// Nothing, since its function failed: why.
    Failed(String),
}

/// What signs a call, session by session. A client has one session; a router has those of its sources.
#[derive(Clone, Debug)]
pub struct Signers(Arc<[Signing]>);

impl Signers {
    /// In the order of the sessions.
    #[must_use]
    pub fn new(all: Vec<Signing>) -> Self {
        Self(all.into())
    }

    /// What signs a call of a session's, if its function gave something.
    #[must_use]
    pub fn of(&self, session: usize) -> Option<&Signer> {
        match self.0.get(session) {
            Some(Signing::By(signer)) => Some(signer),
            _ => None,
        }
    }

    /// Why nothing signs a call of a session's.
    #[must_use]
    pub fn failure(&self, session: usize) -> Option<&str> {
        match self.0.get(session) {
            Some(Signing::Failed(why)) => Some(why),
            _ => None,
        }
    }

    /// What each gave.
    pub(crate) fn all(&self) -> impl Iterator<Item = Option<&Signer>> {
        (0..self.0.len()).map(|session| self.of(session))
    }

    /// For one session alone.
    pub(crate) fn alone(&self, session: usize) -> Option<Self> {
        let signer = self.of(session)?;
        Some(Self::new(vec![Signing::By(signer.clone())]))
    }
}
