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
        options::Options,
        permit::{Residency, Verdict},
        target::Target,
    },
    session::Session as Opened,
};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyDict};

pub use self::sources::Sources;
use self::{
    options::read,
    sources::{Layout, Listed, Models},
};
use crate::{
    clock::HeldClock,
    errors::exception,
    metrics,
    runtime::{OfProcess, PerProcess, guarded},
    session::Session,
};

/// Goes from target to target.
#[pyclass(frozen, module = "outcrop._native")]
pub struct Router {
    session: Py<Session>,
    regions: Vec<(String, Option<String>)>,
    options: Options,
    residency: Residency,
    models: Models,
    clock: Clock,
    /// Whose targets these are, where routers of this process share what they know of them.
    shared: Option<String>,
    layout: Mutex<Layout>,
    changed: Arc<AtomicBool>,
    sources: PerProcess<Sources>,
}

impl Router {
    /// What this process calls with. `opened` is the session whose caller all sources share.
    pub fn sources(
        &self,
        py: Python<'_>,
        process: u32,
        opened: &Opened,
    ) -> PyResult<Arc<OfProcess<Sources>>> {
        let sources = self.sources.get_in(process, || {
            let sessions = self.regions.iter().map(|(region, url)| {
                let made = opened.in_region(region, url.as_deref());
                made.map_err(|error| exception(py, error, None))
            });
            Ok(Sources {
                sessions: sessions.collect::<PyResult<_>>()?,
                core: Arc::new(Core::new(
                    self.options.clone(),
                    self.residency.clone(),
                    self.clock.clone(),
                    Arc::clone(&self.changed),
                )),
                version: AtomicU64::new(0),
                own: Mutex::default(),
            })
        })?;
        let layout = self.layout.lock().unwrap_or_else(PoisonError::into_inner);
        if sources.version.swap(layout.version, Ordering::AcqRel) != layout.version {
            let (regions, shared) = (&self.regions, self.shared.as_deref());
            let plan = sources.plan(&layout, regions, &self.options, (&self.models, shared));
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
        let process = std::process::id();
        let lanes = self.session.get().lanes_in(py, process)?;
        let sources = self.sources(py, process, lanes.session())?;
        Ok(Arc::clone(&sources.core))
    }
}

#[pymethods]
impl Router {
    #[new]
    #[pyo3(signature = (session, regions, options, *, models, names, residency, asks, clock=None, shared=None))]
    #[expect(clippy::too_many_arguments, reason = "they are named")]
    fn new(
        py: Python<'_>,
        session: Py<Session>,
        regions: Vec<(String, Option<String>)>,
        options: &Bound<'_, PyDict>,
        models: Vec<String>,
        names: Vec<(String, usize)>,
        residency: Option<BTreeSet<String>>,
        asks: bool,
        clock: Option<&HeldClock>,
        shared: Option<String>,
    ) -> PyResult<Self> {
        guarded(|| {
            let lanes = session.get().lanes(py)?;
            for (region, url) in &regions {
                let made = lanes.session().in_region(region, url.as_deref());
                made.map_err(|error| exception(py, error, None))?;
            }
            Ok(Self {
                session,
                regions,
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
                shared,
                layout: Mutex::default(),
                changed: Arc::default(),
                sources: PerProcess::default(),
            })
        })
    }

    /// Takes in what lists say, where it is newer than what is known: for calls to come, and for the next attempts of
    /// those under way.
    fn learn(&self, py: Python<'_>, lists: Vec<Listed>) -> PyResult<()> {
        if let Some(list) = lists.iter().find(|list| list.0 >= self.regions.len()) {
            let text = format!("there is no source {}", list.0);
            return Err(PyValueError::new_err(text));
        }
        let mut layout = self.layout.lock().unwrap_or_else(PoisonError::into_inner);
        layout.learn(lists);
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
            dict.set_item("source_region", &target.region)?;
            dict.set_item("model_id", &target.model_id)?;
            dict.set_item("allowed", core.permits(permitted.as_ref(), target))?;
            dict.set_item("state", name(health.phase))?;
            dict.set_item("reason", health.reason)?;
            dict.set_item("forced", health.forced)?;
            dict.set_item("open_for", health.open_for.map(|it| it.as_secs_f64()))?;
            dict.set_item("calls", health.calls)?;
            dict.set_item("failures", health.failures)?;
            dict.set_item("throttled", health.throttled)?;
            dict.set_item("slow_calls", health.slow)?;
            dict.set_item("under_way", fares.under_way)?;
            dict.set_item("concurrency_limit", fares.limit)?;
            dict.set_item("tokens_left", fares.tokens)?;
            Ok(dict)
        };
        guarded(|| plan.targets.iter().map(of).collect())
    }

    /// Forces the breakers of a source Region, or of one model in it, and gives how many there were.
    #[pyo3(signature = (region, model_id, state))]
    fn force(
        &self,
        py: Python<'_>,
        region: &str,
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
                target.region == region && model_id.is_none_or(|it| it == target.model_id)
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
                dict.set_item("source_region", &target.region)?;
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
