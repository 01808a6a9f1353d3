//! Credentials: found where botocore finds them, fetched on the background runtime, kept until they are about to expire.

mod cached;
mod chain;
mod container;
mod held;
mod instance;
mod keys;
mod login;
mod process;
mod roles;
mod services;
mod sso;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials, error::CredentialsError, future},
};

use aws_types::SdkConfig;
use services::Asking;
use tokio::runtime::Handle;

pub(crate) use services::{Services, refused};

use crate::{
    account::{self, Account},
    environment::{Endpoint, Environment},
    error::Error,
    settings::{Keys, Secret, Settings},
};

/// Before they expire so long, credentials are fetched anew, as botocore does.
const EARLY: Duration = Duration::from_mins(15);

/// After a renewal that failed while the old credentials still hold, the next is tried.
const AGAIN: Duration = Duration::from_secs(30);

/// The link that the role of a session is assumed with, and that role.
const CHAIN: &str = "chain";
const ROLE: &str = "role";

/// The credentials of a connection, whichever clients ask for them.
#[derive(Clone)]
pub(crate) struct Source(Arc<Inner>);

struct Inner {
    environment: Mutex<Environment>,
    services: Arc<Services>,
    keys: Option<Credentials>,
    role: Option<roles::Role>,
    background: Background,
    kept: Mutex<Option<Fetched>>,
    links: held::Links,
    fetching: tokio::sync::Mutex<()>,
    account: Account,
}

/// Gives the runtime that fetches credentials.
///
/// A connection is driven by the runtime that opened it, and credentials are fetched for every client and thread, so
/// they are fetched on one runtime that is always driven, whoever asks.
pub type Background = Arc<dyn Fn() -> Result<Handle, Error> + Send + Sync>;

#[derive(Clone)]
struct Fetched {
    credentials: Credentials,
    /// Which source gave them.
    via: String,
    /// When they are to be fetched anew.
    due: Option<SystemTime>,
}

impl Source {
    /// Nothing is looked for yet.
    pub(crate) fn new(
        settings: &Settings,
        environment: Environment,
        services: Services,
        background: Background,
    ) -> Result<Self, Error> {
        let given = |keys: &Keys| {
            let token = keys.session_token.as_ref().map(Secret::reveal);
            let secret = keys.secret_access_key.reveal();
            keys::credentials("given", &keys.access_key_id, secret, token, None)
        };
        let session_name = settings.role_session_name.as_deref();
        let role = settings.role_arn.as_ref();
        let role = role.map(|arn| roles::Role::plain(arn, session_name));
        let keys = settings.keys.as_ref().map(given).transpose()?;
        let account = match &role {
            Some(role) => account::of_arn(&role.arn).map(str::to_owned),
            None => keys.as_ref().and_then(account::id_of),
        };
        Ok(Self(Arc::new(Inner {
            environment: Mutex::new(environment),
            services: Arc::new(services),
            keys,
            role,
            background,
            kept: Mutex::default(),
            links: held::Links::default(),
            fetching: tokio::sync::Mutex::default(),
            account: Account::of(account),
        })))
    }

    /// The credentials in use now.
    pub(crate) async fn get(&self) -> Result<Credentials, Error> {
        match self.0.at_hand() {
            Some(credentials) => Ok(credentials),
            None => self.fetched(None).await,
        }
    }

    /// The credentials in use now, and which source gave them.
    pub(crate) async fn described(&self) -> Result<(Credentials, String), Error> {
        let credentials = self.get().await?;
        let kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let via = kept.as_ref().map_or("arguments", |kept| &kept.via);
        Ok((credentials, via.to_owned()))
    }

    /// The account that they belong to, once that is known.
    pub(crate) fn account(&self) -> &Account {
        &self.0.account
    }

    /// The SDK's view of a service.
    pub(crate) fn sdk(&self, service: Endpoint) -> Result<SdkConfig, Error> {
        let environment = self.0.environment.lock();
        let environment = environment.unwrap_or_else(PoisonError::into_inner).clone();
        let services = &self.0.services;
        services.sdk(&environment, service, &services.region)
    }

    /// The access key that calls are signed with now, if there is one.
    pub(crate) fn key_in_use(&self) -> Option<String> {
        let credentials = self.0.at_hand()?;
        Some(credentials.access_key_id().to_owned())
    }

    /// Other credentials than `refused`, which AWS says have expired: the environment and the files are read again.
    /// `None` where they still give the same.
    pub(crate) async fn other_than(&self, refused: &str) -> Result<Option<Credentials>, Error> {
        if self.0.keys.is_some() && self.0.role.is_none() {
            return Ok(None);
        }
        let found = self.fetched(Some(refused.to_owned())).await?;
        Ok((found.access_key_id() != refused).then_some(found))
    }

    /// Where in-flight fetches are driven whoever asks: see [`Background`].
    async fn fetched(&self, refused: Option<String>) -> Result<Credentials, Error> {
        let inner = Arc::clone(&self.0);
        let fetching = async move { inner.fetch(refused.as_deref()).await };
        match (self.0.background)()?.spawn(fetching).await {
            Ok(fetched) => fetched,
            Err(error) if error.is_panic() => Err(Error::Bug),
            Err(_) => Err(Error::Cancelled),
        }
    }
}

impl Inner {
    fn at_hand(&self) -> Option<Credentials> {
        if let (Some(keys), None) = (&self.keys, &self.role) {
            return Some(keys.clone());
        }
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.as_ref()?;
        let fresh = kept.due.is_none_or(|due| SystemTime::now() < due);
        fresh.then(|| kept.credentials.clone())
    }

    async fn fetch(&self, refused: Option<&str>) -> Result<Credentials, Error> {
        let _fetching = self.fetching.lock().await;
        // Somebody else may have fetched them meanwhile.
        if let Some(credentials) = self.at_hand()
            && refused != Some(credentials.access_key_id())
        {
            return Ok(credentials);
        }
        let environment = self.environment(refused.is_some())?;
        if refused.is_some() {
            self.links.forget();
        }
        let found = self.find(&environment).await;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let now = SystemTime::now();
        match (found, &mut *kept) {
            (Ok((credentials, via)), kept) => {
                let credentials = held::unexpired(credentials)?;
                self.account.learn(account::id_of(&credentials));
                let due = credentials.expiry().map(|expiry| {
                    let lives = expiry.duration_since(now).unwrap_or_default();
                    now + lives.saturating_sub(EARLY).max(lives / 2)
                });
                *kept = Some(Fetched {
                    credentials: credentials.clone(),
                    via,
                    due,
                });
                Ok(credentials)
            }
            (Err(error), Some(kept))
                if refused.is_none()
                    && kept.credentials.expiry().is_some_and(|expiry| expiry > now) =>
            {
                tracing::warn!(target: "outcrop::connection", "credentials could not be renewed yet: {error}");
                kept.due = Some(now + AGAIN);
                Ok(kept.credentials.clone())
            }
            (Err(error), _) => Err(error),
        }
    }

    /// What was read when the connection was opened; read again where that has been refused, or has expired.
    fn environment(&self, refused: bool) -> Result<Environment, Error> {
        let mut environment = self
            .environment
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let expires = environment
            .variables
            .filled("AWS_CREDENTIAL_EXPIRATION")
            .is_some();
        let before = self
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some();
        if refused || (expires && before) {
            *environment = environment.again()?;
        }
        Ok(environment.clone())
    }

    async fn find(&self, environment: &Environment) -> Result<(Credentials, String), Error> {
        let mut asking = Asking {
            environment,
            services: &self.services,
            links: &self.links,
            notes: vec![],
            via: "arguments",
        };
        let found = match &self.keys {
            Some(keys) => keys.clone(),
            None if self.role.is_none() => chain::find(&mut asking).await?,
            None => {
                if let Some(found) = asking.held(CHAIN) {
                    found
                } else {
                    let found = chain::find(&mut asking).await;
                    asking.settled(CHAIN.to_owned(), found)?
                }
            }
        };
        match &self.role {
            Some(role) => {
                let via = asking.via;
                let found = roles::assume(&mut asking, ROLE.to_owned(), role, found).await?;
                Ok((found, format!("role {} assumed by {via}", role.arn)))
            }
            None => Ok((found, asking.via.to_owned())),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Source").finish_non_exhaustive()
    }
}

impl ProvideCredentials for Source {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        if let Some(credentials) = self.0.at_hand() {
            return future::ProvideCredentials::ready(Ok(credentials));
        }
        let source = self.clone();
        future::ProvideCredentials::new(async move {
            source
                .fetched(None)
                .await
                .map_err(CredentialsError::unhandled)
        })
    }
}
