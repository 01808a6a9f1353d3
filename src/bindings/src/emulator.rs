//! The emulator's Python wrapper: one class that holds a service and its server. Names and documentation for users are in
//! `outcrop.emulator`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use outcrop_emulator::auth::Key;
use outcrop_emulator::catalogue::Model;
use outcrop_emulator::clock;
use outcrop_emulator::delivery::Endpoint;
use outcrop_emulator::faults::NewRule;
use outcrop_emulator::model::Manner;
use outcrop_emulator::objects;
use outcrop_emulator::regions::{Health, Limits};
use outcrop_emulator::{Evidence, Options, Server, Service};
use pyo3::exceptions::{PyOSError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::runtime::guarded;

/// Adds the emulator's classes to the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Emulator>()
}

/// The end of the year 9999, which is Python's last: whole seconds since 1970.
const LAST_SECOND: u64 = 253_402_300_799;

fn within_time(seconds: u64) -> PyResult<()> {
    if seconds <= LAST_SECOND {
        return Ok(());
    }
    Err(PyValueError::new_err(
        "the clock goes no further than the year 9999",
    ))
}

/// Requests and tokens a minute, `None` being no limit.
type PythonLimits = (Option<u64>, Option<u64>);

/// Health, latency in seconds, capacity and quota of a Region.
type PythonRegion = (&'static str, f64, PythonLimits, PythonLimits);

/// One service and, while it runs, its server.
#[pyclass(frozen, module = "outcrop._native")]
pub struct Emulator {
    service: Arc<Service>,
    server: Mutex<Option<Server>>,
    process: u32,
}

fn duration(seconds: f64, what: &str) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds).map_err(|_| {
        PyValueError::new_err(format!(
            "{what} must be a number of seconds that is not negative, got {seconds}"
        ))
    })
}

/// Waits in short pieces, so that Ctrl-C is heard; tells whether what is waited for came in time.
fn wait(
    py: Python<'_>,
    patience: Duration,
    arrives: impl Fn(Duration) -> bool + Sync,
) -> PyResult<bool> {
    let start = Instant::now();
    loop {
        let left = patience.saturating_sub(start.elapsed());
        if py.detach(|| arrives(left.min(Duration::from_millis(100)))) {
            return Ok(true);
        }
        py.check_signals()?;
        if left.is_zero() {
            return Ok(false);
        }
    }
}

fn limits((requests, tokens): PythonLimits) -> Limits {
    Limits { requests, tokens }
}

fn json(value: &impl serde::Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| PyRuntimeError::new_err(error.to_string()))
}

impl Emulator {
    /// The service, unless this is a child of the process that made it: the server's thread is not here, and its locks
    /// may have been held when the process forked.
    fn service(&self) -> PyResult<&Arc<Service>> {
        if self.process == std::process::id() {
            return Ok(&self.service);
        }
        Err(PyRuntimeError::new_err(format!(
            "this emulator belongs to process {}: after a fork only its endpoint_url and keys can be used, and they \
             reach the emulator of that process",
            self.process
        )))
    }
}

#[pymethods]
impl Emulator {
    #[new]
    #[pyo3(signature = (*, access_key_id, secret_access_key, bearer_token, verify_signatures, default_region, account,
        reply_tokens, seconds_per_token, journal_entries, journal_bytes, logs_endpoint_url, rules))]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are keyword arguments, and Python's front has their defaults"
    )]
    fn new(
        access_key_id: String,
        secret_access_key: String,
        bearer_token: String,
        verify_signatures: bool,
        default_region: String,
        account: String,
        reply_tokens: usize,
        seconds_per_token: f64,
        journal_entries: usize,
        journal_bytes: usize,
        logs_endpoint_url: Option<&str>,
        rules: &str,
    ) -> PyResult<Self> {
        guarded(|| {
            let evidence = Evidence::named(rules).ok_or_else(|| {
                PyValueError::new_err(format!(
                    "rules must be one of strict, documented, recorded, got {rules:?}"
                ))
            })?;
            let logs_endpoint = logs_endpoint_url
                .map(Endpoint::parse)
                .transpose()
                .map_err(PyValueError::new_err)?;
            let time_per_token = duration(seconds_per_token, "seconds_per_token")?;
            let key = Key {
                access_key_id,
                secret_access_key,
                session_token: None,
                expired: false,
            };
            let service = Service::new(Options {
                keys: vec![key],
                bearer_tokens: vec![bearer_token],
                verify_signatures,
                default_region,
                account,
                manner: Manner {
                    reply_tokens,
                    time_per_token,
                },
                evidence,
                journal_entries,
                journal_bytes,
                logs_endpoint,
                ..Options::default()
            })
            .map_err(|error| PyOSError::new_err(format!("cannot start the emulator: {error}")))?;
            Ok(Self {
                service,
                server: Mutex::new(None),
                process: std::process::id(),
            })
        })
    }

    fn start(&self, py: Python<'_>, port: u16) -> PyResult<u16> {
        guarded(|| {
            let service = Arc::clone(self.service()?);
            let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
            if server.is_some() {
                return Err(PyRuntimeError::new_err("the emulator is running already"));
            }
            let started = py
                .detach(|| Server::start(service, port))
                .map_err(|error| {
                    PyOSError::new_err(format!("cannot listen on 127.0.0.1:{port}: {error}"))
                })?;
            let port = started.address().port();
            *server = Some(started);
            Ok(port)
        })
    }

    fn stop(&self, py: Python<'_>) -> PyResult<()> {
        guarded(|| {
            let taken = self
                .server
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            if self.process == std::process::id() {
                py.detach(|| drop(taken));
            } else {
                // The thread to join is in the parent, and the sockets are the parent's too.
                std::mem::forget(taken);
            }
            Ok(())
        })
    }

    fn region_names(&self) -> PyResult<Vec<String>> {
        guarded(|| Ok(self.service()?.region_names()))
    }

    fn region(&self, name: &str) -> PyResult<PythonRegion> {
        guarded(|| {
            Ok(self.service()?.regions.configure(name, |settings| {
                let pair = |limits: &Limits| (limits.requests, limits.tokens);
                (
                    settings.health.name(),
                    settings.latency.as_secs_f64(),
                    pair(&settings.capacity),
                    pair(&settings.quota),
                )
            }))
        })
    }

    fn set_health(&self, region: &str, health: &str) -> PyResult<()> {
        guarded(|| {
            let named = Health::named(health).ok_or_else(|| {
                let known: Vec<_> = Health::NAMES.iter().map(|(name, _)| *name).collect();
                PyValueError::new_err(format!(
                    "health must be one of {}, got {health:?}",
                    known.join(", ")
                ))
            })?;
            self.service()?
                .regions
                .configure(region, |settings| settings.health = named);
            Ok(())
        })
    }

    fn set_latency(&self, region: &str, seconds: f64) -> PyResult<()> {
        guarded(|| {
            let latency = duration(seconds, "latency")?;
            self.service()?
                .regions
                .configure(region, |settings| settings.latency = latency);
            Ok(())
        })
    }

    fn set_capacity(
        &self,
        region: &str,
        model: Option<String>,
        capacity: PythonLimits,
    ) -> PyResult<()> {
        guarded(|| {
            self.service()?
                .regions
                .configure(region, |settings| match model {
                    Some(model) => {
                        settings.model_capacity.insert(model, limits(capacity));
                    }
                    None => settings.capacity = limits(capacity),
                });
            Ok(())
        })
    }

    fn set_quota(&self, region: &str, quota: PythonLimits) -> PyResult<()> {
        guarded(|| {
            self.service()?
                .regions
                .configure(region, |settings| settings.quota = limits(quota));
            Ok(())
        })
    }

    fn set_rerouting_latency(&self, seconds: f64) -> PyResult<()> {
        guarded(|| {
            let latency = duration(seconds, "rerouting_latency")?;
            self.service()?.regions.set_rerouting_latency(latency);
            Ok(())
        })
    }

    fn set_manner(&self, reply_tokens: usize, seconds_per_token: f64) -> PyResult<()> {
        guarded(|| {
            let time = duration(seconds_per_token, "seconds_per_token")?;
            self.service()?.set_manner(reply_tokens, time);
            Ok(())
        })
    }

    fn set_job_limits(&self, limits: &str) -> PyResult<()> {
        guarded(|| {
            let limits = serde_json::from_str(limits).map_err(|error| {
                PyValueError::new_err(format!("these are no limits of jobs: {error}"))
            })?;
            self.service()?.set_job_limits(limits);
            Ok(())
        })
    }

    fn reset_windows(&self) -> PyResult<()> {
        guarded(|| {
            self.service()?.regions.reset_windows();
            Ok(())
        })
    }

    fn now(&self) -> PyResult<f64> {
        guarded(|| Ok(self.service()?.clock.now().epoch_seconds_with_fraction()))
    }

    fn advance_clock(&self, seconds: f64) -> PyResult<()> {
        guarded(|| {
            let step = duration(seconds, "the step of the clock")?;
            let now = self.service()?.clock.now().epoch_seconds();
            within_time(now.saturating_add(step.as_secs()))?;
            self.service()?.clock.advance(step);
            Ok(())
        })
    }

    #[pyo3(signature = (epoch_seconds=None))]
    fn hold_clock(&self, epoch_seconds: Option<u64>) -> PyResult<()> {
        guarded(|| {
            within_time(epoch_seconds.unwrap_or_default())?;
            self.service()?
                .clock
                .hold(epoch_seconds.map(clock::Instant::from_epoch_seconds));
            Ok(())
        })
    }

    fn release_clock(&self) -> PyResult<()> {
        guarded(|| {
            self.service()?.clock.release();
            Ok(())
        })
    }

    fn add_rule(&self, rule: &str) -> PyResult<u64> {
        guarded(|| {
            let rule: NewRule = serde_json::from_str(rule)
                .map_err(|error| PyValueError::new_err(format!("this is no rule: {error}")))?;
            Ok(self.service()?.rules.add(rule))
        })
    }

    fn remove_rule(&self, id: u64) -> PyResult<()> {
        guarded(|| {
            self.service()?.rules.remove(id);
            Ok(())
        })
    }

    fn clear_rules(&self) -> PyResult<()> {
        guarded(|| {
            self.service()?.rules.clear();
            Ok(())
        })
    }

    fn rule_hits(&self, id: u64) -> PyResult<u64> {
        guarded(|| {
            let hits = self.service()?.rules.hits();
            Ok(hits
                .iter()
                .find(|hits| hits.id == id)
                .map_or(0, |hits| hits.hits))
        })
    }

    fn journal(&self, since: u64) -> PyResult<String> {
        guarded(|| json(&self.service()?.journal.since(since)))
    }

    fn journal_length(&self) -> PyResult<usize> {
        guarded(|| Ok(self.service()?.journal.len()))
    }

    fn journal_total(&self) -> PyResult<u64> {
        guarded(|| Ok(self.service()?.journal.total()))
    }

    /// Waits until no request is pending; tells whether that came in time.
    fn settle_journal(&self, py: Python<'_>, seconds: f64) -> PyResult<bool> {
        guarded(|| {
            let patience = duration(seconds, "timeout")?;
            let service = Arc::clone(self.service()?);
            wait(py, patience, |left| service.journal.settle(left))
        })
    }

    fn clear_journal(&self) -> PyResult<()> {
        guarded(|| {
            self.service()?.journal.clear();
            Ok(())
        })
    }

    fn metrics(&self) -> PyResult<String> {
        guarded(|| json(&self.service()?.metrics.all()))
    }

    fn clear_metrics(&self) -> PyResult<()> {
        guarded(|| {
            self.service()?.metrics.clear();
            Ok(())
        })
    }

    fn invocation_records(&self) -> PyResult<Vec<String>> {
        guarded(|| Ok(self.service()?.invocation_log.records()))
    }

    /// Waits until every record has been delivered or given up; tells whether that came in time.
    fn flush_logs(&self, py: Python<'_>, seconds: f64) -> PyResult<bool> {
        guarded(|| {
            let patience = duration(seconds, "timeout")?;
            let Some(delivery) = self.service()?.log_delivery.clone() else {
                return Ok(true);
            };
            wait(py, patience, |left| delivery.flush(left))
        })
    }

    /// How many records were delivered, and why others were not.
    fn log_delivery(&self) -> PyResult<(u64, Vec<String>)> {
        guarded(|| {
            let delivery = self.service()?.log_delivery.as_ref();
            Ok(delivery.map_or_else(
                || (0, Vec::new()),
                |delivery| (delivery.delivered(), delivery.failures()),
            ))
        })
    }

    fn clear_invocation_records(&self) -> PyResult<()> {
        guarded(|| {
            self.service()?.invocation_log.clear();
            Ok(())
        })
    }

    fn put_object(&self, uri: &str, body: &[u8]) -> PyResult<()> {
        guarded(|| {
            if !objects::is_uri(uri) {
                return Err(PyValueError::new_err(format!(
                    "an object's place must be a URI such as s3://bucket/key, got {uri:?}"
                )));
            }
            let service = self.service()?;
            service
                .objects
                .put(uri, body.to_vec(), clock::Instant::default());
            Ok(())
        })
    }

    #[pyo3(signature = (uri, start=0, length=usize::MAX))]
    fn get_object<'py>(
        &self,
        py: Python<'py>,
        uri: &str,
        start: usize,
        length: usize,
    ) -> PyResult<Option<Bound<'py, PyBytes>>> {
        guarded(|| {
            let service = self.service()?;
            let now = service.clock.now();
            let found = service.objects.part(uri, start, length, now);
            Ok(found.map(|bytes| PyBytes::new(py, &bytes)))
        })
    }

    fn list_objects(&self, prefix: &str) -> PyResult<Vec<String>> {
        guarded(|| {
            let service = self.service()?;
            Ok(service.objects.list(prefix, service.clock.now()))
        })
    }

    fn remove_object(&self, uri: &str) -> PyResult<bool> {
        guarded(|| Ok(self.service()?.objects.remove(uri)))
    }

    #[pyo3(signature = (*, id, name, provider, input_modalities, output_modalities, streaming, regions))]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are keyword arguments, and Python's front has their defaults"
    )]
    fn add_model(
        &self,
        id: String,
        name: String,
        provider: String,
        input_modalities: Vec<String>,
        output_modalities: Vec<String>,
        streaming: bool,
        regions: Vec<String>,
    ) -> PyResult<()> {
        guarded(|| {
            self.service()?.add_model(Model {
                id,
                name,
                provider,
                lifecycle: "ACTIVE".to_owned(),
                input_modalities,
                output_modalities,
                streaming,
                regions,
            });
            Ok(())
        })
    }

    fn add_profile(
        &self,
        id: &str,
        model: &str,
        sources: BTreeMap<String, Vec<String>>,
    ) -> PyResult<()> {
        guarded(|| {
            self.service()?
                .add_profile(id, model, sources)
                .map_err(PyValueError::new_err)
        })
    }

    fn add_guardrail(&self, region: &str, asked: &str) -> PyResult<String> {
        guarded(|| {
            let asked = serde_json::from_str(asked)
                .map_err(|error| PyValueError::new_err(format!("this is no guardrail: {error}")))?;
            Ok(self.service()?.add_guardrail(region, asked))
        })
    }

    #[pyo3(signature = (*, access_key_id, secret_access_key, session_token, expired))]
    fn add_key(
        &self,
        access_key_id: String,
        secret_access_key: String,
        session_token: Option<String>,
        expired: bool,
    ) -> PyResult<()> {
        guarded(|| {
            self.service()?.authority.add_key(Key {
                access_key_id,
                secret_access_key,
                session_token,
                expired,
            });
            Ok(())
        })
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let server = self
            .server
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if self.process != std::process::id() {
            std::mem::forget(server);
        }
    }
}
