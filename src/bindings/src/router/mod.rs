//! The native half of `CrossRegion`: sources and options in, a client out that goes from target to target.

mod options;
mod sources;

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use outcrop_client::{
    router::{
        self,
        breaker::Phase,
        clock::Clock,
        core::Core,
        lending,
        options::Options,
        permit::{Residency, Verdict},
        target::Target,
    },
    session::Session as Opened,
};
use pyo3::{
    exceptions::{PyOSError, PyValueError},
    prelude::*,
    types::PyDict,
};

pub use self::sources::Sources;
use self::{
    options::read,
    sources::{Layout, Listed, Models, Retained, Said, assignments},
};
use crate::{
    clock::HeldClock,
    errors::exception,
    metrics,
    runtime::{OfProcess, PerProcess, guarded},
    session::Session,
};

/// A source, a quota's code, and the tokens and requests a minute.
type Quota = (usize, String, Option<f64>, Option<f64>);

/// Goes from target to target.
#[pyclass(frozen, module = "outcrop._native")]
pub struct Router {
    /// Those of the sources, by number.
    sessions: Vec<Py<Session>>,
    said: Vec<Said>,
    options: Options,
    residency: Residency,
    models: Models,
    clock: Clock,
    layout: Mutex<Layout>,
    changed: Arc<AtomicBool>,
    sources: PerProcess<Sources>,
}

impl Router {
    /// What this process calls with.
    pub fn sources(&self, py: Python<'_>, process: u32) -> PyResult<Arc<OfProcess<Sources>>> {
        let sources = self.sources.get_in(process, || {
            let sessions = self.said.iter().map(|said| {
                let lanes = self.sessions[said.session].get().lanes_in(py, process)?;
                let made = lanes.session().in_region(&said.region, said.url.as_deref());
                made.map_err(|error| exception(py, error, None))
            });
            let sessions: Arc<[Opened]> = sessions.collect::<PyResult<_>>()?;
            let sources = self.said.iter().zip(sessions.iter()).enumerate();
            let sources = sources.map(|(number, (said, it))| Arc::new(said.source(number, it)));
            let core = Core::new(
                self.options.clone(),
                self.residency.clone(),
                self.clock.clone(),
                Arc::clone(&self.changed),
            );
            Ok(Sources {
                places: sources.collect(),
                sessions,
                core: Arc::new(core.sharing(assignments(&self.said, &self.models))),
                version: AtomicU64::new(0),
                own: Mutex::default(),
            })
        })?;
        let layout = self.layout.lock().unwrap_or_else(PoisonError::into_inner);
        if sources.version.swap(layout.version, Ordering::AcqRel) != layout.version {
            let plan = sources.plan(&layout, &self.said, &self.options, &self.models);
            sources.core.set_plan(plan);
        }
        drop(layout);
        Ok(sources)
    }

    /// What the user called one of its models.
    pub fn model(&self, number: usize) -> &str {
        self.models.given.get(number).map_or("", |name| &**name)
    }

    fn core(&self, py: Python<'_>) -> PyResult<Arc<Core>> {
        Ok(Arc::clone(&self.sources(py, std::process::id())?.core))
    }
}

#[pymethods]
impl Router {
    #[new]
    #[pyo3(signature = (sessions, sources, options, *, models, names, residency, asks, clock=None))]
    #[expect(clippy::too_many_arguments, reason = "they are named")]
    fn new(
        py: Python<'_>,
        sessions: Vec<Py<Session>>,
        sources: Vec<Said>,
        options: &Bound<'_, PyDict>,
        models: Vec<String>,
        names: Vec<(String, usize)>,
        residency: Option<BTreeSet<String>>,
        asks: bool,
        clock: Option<&HeldClock>,
    ) -> PyResult<Self> {
        guarded(|| {
            if let Some(said) = sources.iter().find(|it| it.session >= sessions.len()) {
                let text = format!("there is no session {}", said.session);
                return Err(PyValueError::new_err(text));
            }
            let router = Self {
                sessions,
                said: sources,
                options: read(options)?,
                residency: match residency {
                    _ if asks => Residency::Asked,
                    Some(regions) => Residency::Within(regions),
                    None => Residency::Unlimited,
                },
                models: Models {
                    given: match models.len() {
                        0 | 1 => vec![],
                        _ => models.into_iter().map(Into::into).collect(),
                    },
                    names,
                },
                clock: clock
                    .map_or_else(Clock::default, |clock| Clock::of(Arc::new(clock.0.clone()))),
                layout: Mutex::default(),
                changed: Arc::default(),
                sources: PerProcess::default(),
            };
            // What is wrong with a source or a file is said now, not at the first call.
            router.core(py)?;
            if let Some(path) = &router.options.limits.shared {
                let checked = py.detach(|| lending::check(path));
                checked.map_err(|reason| {
                    let path = path.display();
                    let text = format!("limits[\"shared\"], {path}, cannot be used: {reason}");
                    PyOSError::new_err(text)
                })?;
            }
            Ok(router)
        })
    }

    /// Takes in what lists say, where it is newer than what is known: for calls to come, and for the next attempts of
    /// those under way.
    fn learn(&self, py: Python<'_>, lists: Vec<Listed>) -> PyResult<()> {
        if let Some(list) = lists.iter().find(|list| list.0 >= self.said.len()) {
            let text = format!("there is no source {}", list.0);
            return Err(PyValueError::new_err(text));
        }
        let mut layout = self.layout.lock().unwrap_or_else(PoisonError::into_inner);
        layout.learn(lists);
        drop(layout);
        guarded(|| self.core(py).map(drop))
    }

    /// Takes quotas in that were read: of a source and a quota's code the tokens and the requests a minute.
    fn take_quotas(&self, py: Python<'_>, quotas: Vec<Quota>) -> PyResult<()> {
        let mut layout = self.layout.lock().unwrap_or_else(PoisonError::into_inner);
        for (source, code, tokens, requests) in quotas {
            layout.quotas.insert((source, code), [tokens, requests]);
        }
        layout.version += 1;
        drop(layout);
        guarded(|| self.core(py).map(drop))
    }

    /// Takes in what AWS says of the sources' data retention, where it is newer than what is known.
    fn retain(&self, py: Python<'_>, modes: Vec<Retained>) -> PyResult<()> {
        let mut layout = self.layout.lock().unwrap_or_else(PoisonError::into_inner);
        layout.retain(modes);
        drop(layout);
        guarded(|| self.core(py).map(drop))
    }

    /// How each target fares; `permitted` are the Regions that a rule permits now.
    #[pyo3(signature = (permitted=None))]
    fn health<'py>(
        &self,
        py: Python<'py>,
        permitted: Option<BTreeSet<String>>,
    ) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let core = self.core(py)?;
        let permitted = permitted.map(Verdict);
        let now = guarded(|| Ok(core.clock.now()))?;
        let plan = core.plan();
        let of = |target: &Arc<Target>| -> PyResult<Bound<'py, PyDict>> {
            let fares = target.state.fares(now);
            let health = fares.health;
            let dict = PyDict::new(py);
            dict.set_item("source_region", &target.source.region)?;
            dict.set_item("account", target.account.name())?;
            dict.set_item("model_id", &target.model_id)?;
            dict.set_item("retention", &target.terms.retention)?;
            dict.set_item("project", &target.terms.project)?;
            dict.set_item("allowed", core.permits(permitted.as_ref(), target))?;
            dict.set_item("state", name(health.phase))?;
            dict.set_item("reason", health.reason)?;
            dict.set_item("forced", health.forced)?;
            dict.set_item("open_for", health.open_for.map(|it| it.as_secs_f64()))?;
            dict.set_item("calls", health.calls)?;
            dict.set_item("failures", health.failures)?;
            dict.set_item("throttled", health.throttled)?;
            dict.set_item("slow_calls", health.slow)?;
            let load = fares.load;
            dict.set_item("under_way", load.under_way)?;
            dict.set_item("concurrency_limit", load.limit)?;
            dict.set_item("tokens_left", load.tokens)?;
            dict.set_item("requests_left", load.requests)?;
            dict.set_item("tokens_per_minute", load.quotas[0])?;
            dict.set_item("requests_per_minute", load.quotas[1])?;
            dict.set_item("shared", fares.shared.unwrap_or_default())?;
            Ok(dict)
        };
        guarded(|| plan.targets.iter().map(of).collect())
    }

    /// Forces the breakers of a source Region, or of one account or one model in it, and gives how many there were.
    #[pyo3(signature = (region, account, model_id, state))]
    fn force(
        &self,
        py: Python<'_>,
        region: &str,
        account: Option<&str>,
        model_id: Option<&str>,
        state: Option<&str>,
    ) -> PyResult<usize> {
        guarded(|| {
            let phase = match state {
                None => None,
                Some("open") => Some(Phase::Open),
                Some(_) => Some(Phase::Closed),
            };
            let core = self.core(py)?;
            let plan = core.plan();
            let meant = plan.targets.iter().filter(|target| {
                target.source.region == region
                    && account.is_none_or(|it| target.account.name().as_deref() == Some(it))
                    && model_id.is_none_or(|it| it == target.model_id)
            });
            let mut count = 0;
            for target in meant {
                let change = target.state.force(phase);
                core.tell(target, Some(change));
                count += 1;
            }
            Ok(count)
        })
    }

    /// What the calls add up to, target by target, with quantiles of latencies.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "Python's lists become vectors"
    )]
    fn metrics(&self, py: Python<'_>, quantiles: Vec<f64>) -> PyResult<metrics::Routed> {
        guarded(|| Ok(metrics::of_targets(&self.core(py)?.metrics, &quantiles)))
    }

    /// How many calls were sent to a second target beside the first.
    fn hedges(&self, py: Python<'_>) -> PyResult<u64> {
        guarded(|| Ok(self.core(py)?.hedges()))
    }

    /// Calls whose conversations were new, stayed where they were, and moved.
    fn conversations(&self, py: Python<'_>) -> PyResult<[u64; 3]> {
        guarded(|| Ok(self.core(py)?.conversations()))
    }

    /// The tokens that are left for retries.
    fn budget(&self, py: Python<'_>) -> PyResult<u32> {
        guarded(|| Ok(self.core(py)?.left()))
    }

    /// Whether `changes` has something to tell.
    #[getter]
    fn changed(&self) -> bool {
        self.changed.load(Ordering::Acquire)
    }

    /// The changes of breakers since this was asked last.
    fn changes<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        guarded(|| {
            let changes = self.core(py)?.take_changes();
            let of = |(target, change): (Arc<Target>, router::breaker::Change)| {
                let dict = PyDict::new(py);
                dict.set_item("source_region", &target.source.region)?;
                dict.set_item("account", target.account.name())?;
                dict.set_item("model_id", &target.model_id)?;
                dict.set_item("before", name(change.from))?;
                dict.set_item("state", name(change.to))?;
                dict.set_item("reason", change.reason)?;
                dict.set_item("open_for", change.open_for.map(|it| it.as_secs_f64()))?;
                Ok(dict)
            };
            changes.into_iter().map(of).collect()
        })
    }
}

fn name(phase: Phase) -> &'static str {
    match phase {
        Phase::Closed => "closed",
        Phase::Open => "open",
        Phase::HalfOpen => "half-open",
    }
}

/// What kind of failure an error of Bedrock's is: the one rule that routers, batches and metrics go by.
#[pyfunction]
pub fn kind_of_failure(code: &str, status: Option<u16>, message: &str) -> &'static str {
    router::classify::by_code(code, status, message, || None).word()
}

/// What a request may carry that not every model takes, in the words in which the core looks for it.
#[pyfunction]
pub fn request_features() -> Vec<&'static str> {
    router::features::Feature::names().collect()
}

/// Forgets what routers of this process share; those that are there keep it.
#[pyfunction]
pub fn forget_targets() {
    router::state::forget();
}
