//! Who asks: what tells those apart who share a cache of answers.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials, SharedCredentialsProvider},
};
use sha2::{Digest, Sha256};

use crate::{
    account,
    settings::{Secret, Settings},
    signing::Signer,
};

/// A hash of what a caller is known by; nothing can be read from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Who([u8; 32]);

impl Who {
    /// All who say the same name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::of("name", &[name])
    }

    /// The holder of a bearer token.
    fn bearer(token: &str) -> Self {
        Self::of("bearer", &[token])
    }

    /// The holder of an access key.
    fn key(credentials: &Credentials) -> Self {
        Self::of("key", &[credentials.access_key_id()])
    }

    /// Whose quotas a call uses that brings credentials of its own: the account's, where its access key names one. An API
    /// key stands for itself, and so does an access key of another form.
    pub(crate) fn tenant(signer: &Signer) -> Self {
        match signer {
            Signer::Token(token) => Self::bearer(token.reveal()),
            Signer::Keys(keys) => match account::of_key(keys.access_key_id()) {
                Some(account) => Self::of("account of a key", &[&account]),
                None => Self::key(keys),
            },
        }
    }

    /// Several that act as one. One alone stays who it is.
    pub(crate) fn together(mut all: Vec<Self>) -> Option<Self> {
        all.dedup();
        match &all[..] {
            [] => None,
            [one] => Some(*one),
            several => {
                let parts: Vec<u8> = several.iter().flat_map(|who| who.0).collect();
                Some(Self(Sha256::digest(parts).into()))
            }
        }
    }

    fn of(kind: &str, parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in [kind].iter().chain(parts) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Self(hash.finalize().into())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Who the calls of a connection come from. It is looked up when a cache first wants to know, and again when the
/// credentials have expired.
pub(crate) struct Identity {
    bearer: Option<Who>,
    provider: Option<SharedCredentialsProvider>,
    /// What a role's or profile's name adds to an account, whose temporary keys change by the hour.
    names: [String; 2],
    known: Mutex<Option<(Who, Option<SystemTime>)>>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Identity").finish_non_exhaustive()
    }
}

impl Identity {
    pub fn new(
        settings: &Settings,
        bearer_token: Option<&Secret>,
        provider: Option<SharedCredentialsProvider>,
    ) -> Self {
        let name = |name: &Option<String>| name.clone().unwrap_or_default();
        Self {
            bearer: bearer_token.map(|token| Who::bearer(token.reveal())),
            provider,
            names: [name(&settings.role_arn), name(&settings.profile_name)],
            known: Mutex::default(),
        }
    }

    /// Who makes a call, `own` being credentials of the call's own. Nobody where there are no credentials; the call will
    /// say so itself.
    pub async fn who(&self, own: Option<&Signer>) -> Option<Who> {
        let known = self.known(own);
        if known.is_some() {
            return known;
        }
        let found = self.provider.as_ref()?.provide_credentials().await.ok()?;
        let who = self.of(&found);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((who, found.expiry()));
        Some(who)
    }

    /// The same as far as it is known already.
    pub fn known(&self, own: Option<&Signer>) -> Option<Who> {
        match own {
            Some(Signer::Keys(keys)) => return Some(Who::key(keys)),
            Some(Signer::Token(token)) => return Some(Who::bearer(token.reveal())),
            None => {}
        }
        if self.bearer.is_some() {
            return self.bearer;
        }
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |until: Option<SystemTime>| until.is_none_or(|until| until > SystemTime::now());
        known.and_then(|(who, until)| fresh(until).then_some(who))
    }

    fn of(&self, credentials: &Credentials) -> Who {
        let account = credentials
            .account_id()
            .filter(|_| credentials.session_token().is_some());
        match account {
            Some(account) => {
                let [role, profile] = &self.names;
                Who::of("account", &[account.as_str(), role, profile])
            }
            None => Who::key(credentials),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials(key: &str, token: Option<&str>, account: Option<&str>) -> Credentials {
        let made = Credentials::builder()
            .access_key_id(key)
            .secret_access_key("secret")
            .provider_name("test");
        let made = match token {
            Some(token) => made.session_token(token),
            None => made,
        };
        match account {
            Some(account) => made.account_id(account).build(),
            None => made.build(),
        }
    }

    async fn who(settings: Settings, credentials: Credentials) -> Who {
        let provider = SharedCredentialsProvider::new(credentials);
        let who = Identity::new(&settings, settings.bearer_token.as_ref(), Some(provider))
            .who(None)
            .await;
        who.expect("there are credentials")
    }

    #[tokio::test]
    async fn keys_tell_callers_apart_and_an_account_stands_for_its_temporary_ones() {
        let none = Settings::default;
        let one = who(none(), credentials("AKIDONE", None, Some("1"))).await;
        assert_eq!(one, who(none(), credentials("AKIDONE", None, None)).await);
        assert_ne!(
            one,
            who(none(), credentials("AKIDTWO", None, Some("1"))).await
        );
        let early = who(none(), credentials("ASIAONE", Some("a"), Some("1"))).await;
        let late = who(none(), credentials("ASIATWO", Some("b"), Some("1"))).await;
        assert_eq!(early, late);
        assert_ne!(
            early,
            who(none(), credentials("ASIATWO", Some("b"), Some("2"))).await
        );
        assert_ne!(
            who(none(), credentials("ASIAONE", Some("a"), None)).await,
            who(none(), credentials("ASIATWO", Some("b"), None)).await
        );
        let role = Settings {
            role_arn: Some("arn:aws:iam::1:role/a".into()),
            ..none()
        };
        assert_ne!(
            early,
            who(role, credentials("ASIATWO", Some("b"), Some("1"))).await
        );
    }

    #[tokio::test]
    async fn a_token_comes_before_keys_and_a_calls_own_keys_before_all() {
        let with = |token: &str| Settings {
            bearer_token: Some(Secret::new(token.into())),
            ..Settings::default()
        };
        let keys = || credentials("AKIDONE", None, None);
        let (one, other) = (
            who(with("one"), keys()).await,
            who(with("other"), keys()).await,
        );
        assert_ne!(one, other);
        let settings = with("one");
        let identity = Identity::new(&settings, settings.bearer_token.as_ref(), None);
        assert_eq!(identity.who(None).await, Some(one));
        let own = identity.who(Some(&Signer::Keys(keys()))).await;
        assert_eq!(own, Some(who(Settings::default(), keys()).await));
        assert_eq!(
            Identity::new(&Settings::default(), None, None)
                .who(None)
                .await,
            None
        );
    }

    #[test]
    fn calls_use_the_quotas_of_the_account_that_their_key_names() {
        let tenant = |key| Who::tenant(&Signer::Keys(credentials(key, None, None)));
        assert_eq!(
            tenant("ASIAQNZGKIQY56JQ7WML"),
            tenant("AKIAQNZGKIQYZZZZZZZZ")
        );
        assert_ne!(
            tenant("ASIAQNZGKIQY56JQ7WML"),
            tenant("ASIAQNZGKIRY56JQ7WML")
        );
        assert_ne!(tenant("AKIDONE"), tenant("AKIDTWO"));
        let token = |token: &str| Who::tenant(&Signer::Token(Secret::new(token.into())));
        assert_ne!(token("one"), token("two"));
    }

    #[test]
    fn several_are_another_and_one_is_itself() {
        let [one, other] = [Who::named("one"), Who::named("other")];
        assert_eq!(Who::together(vec![one, one]), Some(one));
        let both = Who::together(vec![one, other]);
        assert!(both != Some(one) && both != Some(other) && both.is_some());
        assert_eq!(Who::together(vec![]), None);
    }
}
