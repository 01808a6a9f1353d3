//! AWS's services that hand out credentials, and plain requests to a machine's own.

use std::{sync::Arc, time::Duration};

use aws_smithy_runtime_api::client::{
    behavior_version::BehaviorVersion,
    http::{HttpConnector, SharedHttpClient},
    orchestrator::{HttpRequest, HttpResponse},
    result::SdkError,
};
use aws_smithy_types::{
    body::SdkBody, byte_stream::ByteStream, error::metadata::ProvideErrorMetadata,
    timeout::TimeoutConfig,
};
use aws_types::{SdkConfig, region::Region};

use super::held::Links;
use crate::{
    checks,
    environment::{Endpoint, Environment},
    error::{Error, Fault},
    http::{Http, reasons},
    settings::Retries,
};

/// What such a service is called with.
#[derive(Clone, Debug)]
pub(crate) struct Services {
    /// The source Region of the connection.
    pub(crate) region: String,
    pub(crate) fips: bool,
    pub(crate) dual_stack: bool,
    /// As the settings have it, proxies included.
    pub(crate) http: SharedHttpClient,
    /// The same, for requests that no SDK makes.
    pub(crate) through: Http,
    /// Past every proxy, for addresses that mean something else on the proxy's machine.
    pub(crate) direct: Http,
}

impl Services {
    /// The SDK's view of a service in a Region.
    pub(super) fn sdk(
        &self,
        environment: &Environment,
        service: Endpoint,
        region: &str,
    ) -> Result<SdkConfig, Error> {
        // As for botocore, a client's own `retries` are for its own calls alone.
        let retries = environment.retries(&Retries::default())?;
        let mut sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .use_fips(self.fips)
            .use_dual_stack(self.dual_stack)
            .http_client(self.http.clone())
            .retry_config(retries)
            .timeout_config(TimeoutConfig::disabled());
        if let Some(url) = environment.endpoint_url(service)? {
            checks::endpoint(&url.text)?;
            sdk = sdk.use_fips(false).use_dual_stack(false);
            sdk.set_endpoint_url(Some(url.text));
        }
        Ok(sdk.build())
    }

    /// One request past every proxy. The status and the text that came back, or why nothing did.
    pub(super) async fn ask(
        &self,
        method: &'static str,
        url: &str,
        headers: &[(&'static str, &str)],
        patience: Duration,
    ) -> Result<(u16, String), String> {
        let request = Request {
            method,
            url,
            headers,
            body: String::new(),
            patience,
        };
        self.send(&self.direct, request).await
    }

    /// One request over connections of its own.
    pub(super) async fn send(
        &self,
        over: &Http,
        request: Request<'_>,
    ) -> Result<(u16, String), String> {
        let Request { patience, .. } = request;
        let mut asked = http::Request::builder()
            .method(request.method)
            .uri(request.url);
        for (name, value) in request.headers {
            asked = asked.header(*name, *value);
        }
        let asked = asked.body(SdkBody::from(request.body));
        let asked = asked.map_err(|error| error.to_string())?;
        let asked = HttpRequest::try_from(asked).map_err(|error| error.to_string())?;
        let http = over.with_clocks(Some(patience), Some(patience));
        let answered = async {
            let answer = http.call(asked).await.map_err(|error| reasons(&error))?;
            let status = answer.status().as_u16();
            let body = ByteStream::new(answer.into_body()).collect().await;
            let body = body.map_err(|error| reasons(&error))?.into_bytes();
            Ok((status, String::from_utf8_lossy(&body).into_owned()))
        };
        match tokio::time::timeout(2 * patience, answered).await {
            Ok(answer) => answer,
            Err(_) => Err("the answer did not end in time".to_owned()),
        }
    }
}

/// One plain request.
pub(super) struct Request<'a> {
    pub(super) method: &'static str,
    pub(super) url: &'a str,
    pub(super) headers: &'a [(&'static str, &'a str)],
    pub(super) body: String,
    /// How long it may take to connect, and then to begin its answer.
    pub(super) patience: Duration,
}

/// What a service's refusal, or the failure to reach it, means.
pub(crate) fn refused<E: ProvideErrorMetadata + std::error::Error + 'static>(
    provider: &str,
    operation: &str,
    error: &SdkError<E, HttpResponse>,
) -> Error {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = source {
        if let Some(ours) = cause.downcast_ref::<Error>() {
            return ours.clone();
        }
        source = cause.source();
    }
    // A refusal without a code is called by its status, as botocore calls it.
    let status = error
        .raw_response()
        .map(|answer| answer.status().as_u16())
        .filter(|status| *status >= 400)
        .map(|status| status.to_string());
    let (Some(code), SdkError::ServiceError(_)) = (error.code().or(status.as_deref()), error)
    else {
        return Fault::source(provider, checks::shown_reasons(error));
    };
    let message = error.message().unwrap_or_default();
    let Error::Environment(mut fault) =
        Fault::source(provider, format!("{operation} answered {code}: {message}"))
    else {
        unreachable!("a fault is made")
    };
    fault.answer = Some([code, message, operation].map(str::to_owned));
    Error::Environment(fault)
}

/// What the sources share while they are asked.
pub(crate) struct Asking<'a> {
    pub(super) environment: &'a Environment,
    pub(super) services: &'a Arc<Services>,
    pub(super) links: &'a Links,
    /// Where was looked in vain.
    pub(super) notes: Vec<String>,
    /// Which source gave what was found last.
    pub(super) via: &'static str,
}

impl Asking<'_> {
    pub(super) fn note(&mut self, source: &str, found: impl std::fmt::Display) {
        self.notes.push(format!("{source}: {found}"));
    }
}
