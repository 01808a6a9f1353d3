//! Which proxy stands before an endpoint.

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use crate::{error::Error, settings::Proxy};

/// The proxies of a connection. Connections go through them by CONNECT, so a proxy sees no request and no answer.
pub(super) struct Proxies(Option<Matcher>);

impl Proxies {
    pub(super) fn new(proxy: &Proxy) -> Result<Self, Error> {
        Ok(Self(match proxy {
            Proxy::None => None,
            Proxy::Environment => Some(Matcher::from_env()),
            Proxy::Url(url) => {
                let scheme = url
                    .reveal()
                    .parse::<Uri>()
                    .ok()
                    .and_then(|uri| uri.scheme_str().map(str::to_owned));
                if scheme.as_deref() != Some("http") {
                    return Err(Error::InvalidSetting {
                        reason: "proxy must be a URL that begins with http://, such as http://user:password@host:3128"
                            .into(),
                    });
                }
                Some(Matcher::builder().all(url.reveal()).build())
            }
        }))
    }

    pub(super) fn before(&self, endpoint: &Uri) -> Option<Intercept> {
        self.0.as_ref()?.intercept(endpoint)
    }
}
