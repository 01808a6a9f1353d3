//! The native half of a session: settings in, clients out.

use std::{sync::Arc, time::Duration};

use outcrop_client::model::Service;
use outcrop_client::settings::{
    HttpVersion, Keys, Proxy, Retries, RetryMode, Secret, Settings, Timeouts,
};
use pyo3::{prelude::*, types::PyDict};

use crate::{
    errors::exception,
    runtime::{Lanes, OfProcess, PerProcess, block, guarded},
    seconds::duration,
};

/// What the clients of a session share: credentials, pools and settings.
///
/// A child process makes its own on first use, from the same settings: connections do not survive a fork.
#[pyclass(frozen, module = "outcrop._native")]
pub struct Session {
    settings: Settings,
    lanes: PerProcess<Lanes>,
}

impl Session {
    /// What the clients of this session are driven by.
    pub fn lanes(&self, py: Python<'_>) -> PyResult<Arc<OfProcess<Lanes>>> {
        self.lanes_in(py, std::process::id())
    }

    /// The same for whoever knows already which process this is.
    pub fn lanes_in(&self, py: Python<'_>, process: u32) -> PyResult<Arc<OfProcess<Lanes>>> {
        let open = || Lanes::open(py, self.settings.clone());
        self.lanes.get_in(process, open)
    }
}

#[pymethods]
impl Session {
    /// Opens a session with checked settings; `outcrop._settings` makes them.
    #[new]
    fn new(py: Python<'_>, settings: &Bound<'_, PyDict>) -> PyResult<Self> {
        guarded(|| {
            let settings = read(settings)?;
            let lanes = PerProcess::default();
            lanes.get(|| Lanes::open(py, settings.clone()))?;
            // A call imports nothing: it may be made where no file can be opened.
            crate::logs::refresh(py)?;
            Ok(Self { settings, lanes })
        })
    }

    /// The source Region, as given or found.
    #[getter]
    fn region_name(&self, py: Python<'_>) -> PyResult<String> {
        guarded(|| Ok(self.lanes(py)?.session().region().to_owned()))
    }

    /// The account that calls go out from, if it is known without asking anybody.
    #[getter]
    fn account(&self, py: Python<'_>) -> PyResult<Option<String>> {
        guarded(|| Ok(self.lanes(py)?.session().account().id()))
    }

    /// The endpoint that was named for the control plane, by argument, environment or file.
    #[getter]
    fn endpoint_url(&self, py: Python<'_>) -> PyResult<Option<String>> {
        guarded(|| {
            let lanes = self.lanes(py)?;
            let named = lanes.session().endpoint_url(Service::Bedrock);
            let named = named.map_err(|error| exception(py, error, None))?;
            Ok(named.map(str::to_owned))
        })
    }

    /// The profile of the AWS files that is read, `default` if none was named.
    #[getter]
    fn profile_name(&self, py: Python<'_>) -> PyResult<String> {
        guarded(|| Ok(self.lanes(py)?.session().profile_name().to_owned()))
    }

    /// The credentials in use now: access key, secret key, session token.
    fn credentials(&self, py: Python<'_>) -> PyResult<(String, String, Option<String>)> {
        guarded(|| {
            let lanes = self.lanes(py)?;
            let session = lanes.session().clone();
            let lane = lanes.take().map_err(|error| exception(py, error, None))?;
            let found = block(py, &lane, async move { session.credentials().await })?;
            lanes.give_back(lane);
            let found = found.map_err(|error| exception(py, error, None))?;
            let token = found.session_token().map(str::to_owned);
            Ok((
                found.access_key_id().to_owned(),
                found.secret_access_key().to_owned(),
                token,
            ))
        })
    }

    /// What this session calls with, line by line: name, value and where it came from. `credentials` are fetched if need
    /// be, and `principal` asks STS whose they are.
    fn whoami(
        &self,
        py: Python<'_>,
        endpoint_url: &str,
        credentials: bool,
        principal: bool,
    ) -> PyResult<Vec<[String; 3]>> {
        guarded(|| {
            let lanes = self.lanes(py)?;
            let session = lanes.session().clone();
            let mut shown = session.described(endpoint_url);
            if !credentials {
                return Ok(shown);
            }
            let lane = lanes.take().map_err(|error| exception(py, error, None))?;
            let asked = block(py, &lane, async move {
                let mut found = vec![session.credentials_described().await?];
                if principal {
                    let arn = session.principal().await?;
                    found.push(["principal".to_owned(), arn, "STS".to_owned()]);
                }
                Ok(found)
            })?;
            lanes.give_back(lane);
            shown.extend(asked.map_err(|error| exception(py, error, None))?);
            Ok(shown)
        })
    }
}

fn read(settings: &Bound<'_, PyDict>) -> PyResult<Settings> {
    let text = |name: &str| -> PyResult<Option<String>> {
        settings
            .get_item(name)?
            .map(|value| value.extract())
            .transpose()
            .map(Option::flatten)
    };
    let secret = |name: &str| -> PyResult<Option<Secret>> { Ok(text(name)?.map(Secret::new)) };
    let keys = match (text("aws_access_key_id")?, secret("aws_secret_access_key")?) {
        (Some(access_key_id), Some(secret_access_key)) => Some(Keys {
            access_key_id,
            secret_access_key,
            session_token: secret("aws_session_token")?,
        }),
        _ => None,
    };
    Ok(Settings {
        region_name: text("region_name")?,
        endpoint_url: text("endpoint_url")?,
        profile_name: text("profile_name")?,
        keys,
        role_arn: text("role_arn")?,
        role_session_name: text("role_session_name")?,
        bearer_token: secret("bearer_token")?,
        timeouts: timeouts(settings)?,
        retries: Retries {
            mode: match text("retry_mode")?.as_deref() {
                Some("adaptive") => Some(RetryMode::Adaptive),
                Some(_) => Some(RetryMode::Standard),
                None => None,
            },
            max_attempts: number(settings, "max_attempts")?,
        },
        max_pool_connections: number(settings, "max_pool_connections")?,
        max_response_bytes: number(settings, "max_response_bytes")?,
        max_connections: number(settings, "max_connections")?,
        pool_idle: seconds(settings, "pool_idle", None)?,
        http_version: match text("http_version")?.as_deref() {
            Some("auto") => HttpVersion::Automatic,
            Some("2") => HttpVersion::Http2,
            _ => HttpVersion::Http1,
        },
        proxy: match text("proxy")? {
            Some(url) if url.is_empty() => Proxy::None,
            Some(url) => Proxy::Url(Secret::new(url)),
            None => Proxy::Environment,
        },
        ca_bundle: text("ca_bundle")?,
        default_headers: match settings.get_item("default_headers")? {
            Some(headers) => headers.extract()?,
            None => vec![],
        },
    })
}

/// A clock that is not named keeps its default; one that is `None` is off.
fn timeouts(settings: &Bound<'_, PyDict>) -> PyResult<Timeouts> {
    let default = Timeouts::default();
    Ok(Timeouts {
        connect: seconds(settings, "connect", default.connect)?,
        first_byte: seconds(settings, "first_byte", default.first_byte)?,
        idle: seconds(settings, "idle", default.idle)?,
        total: seconds(settings, "total", default.total)?,
    })
}

fn seconds(
    settings: &Bound<'_, PyDict>,
    name: &str,
    default: Option<Duration>,
) -> PyResult<Option<Duration>> {
    match settings.get_item(name)? {
        Some(value) => value
            .extract::<Option<f64>>()?
            .map(|seconds| duration(name, seconds))
            .transpose(),
        None => Ok(default),
    }
}

fn number<'py, T: for<'a> FromPyObject<'a, 'py, Error = PyErr>>(
    settings: &Bound<'py, PyDict>,
    name: &str,
) -> PyResult<Option<T>> {
    match settings.get_item(name)? {
        Some(value) if !value.is_none() => Ok(Some(value.extract()?)),
        _ => Ok(None),
    }
}
