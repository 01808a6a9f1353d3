//! A client of one service: the same calls, sync and async.

use std::sync::Arc;

use outcrop_client::{
    call::{Answer, Call, Rewritten},
    caller::{Caching, Caller},
    error::Error,
    model::Service,
    stream::Stream,
};
use pyo3::{PyTraverseError, PyVisit, exceptions::PyAttributeError, prelude::*, types::PyDict};

use tokio::runtime::Handle;

use crate::{
    answers::{streamed, whole},
    apis,
    arguments::lay_out,
    cache::{Cache, Way},
    errors::{exception, invalid_parameters, refusal},
    json::Unknown,
    logs, metrics,
    operations::service,
    router::{Router, Sources},
    runtime::{Clients, Lanes, OfProcess, Pending, Wake, block, guarded},
    session::Session,
    signer::{Brought, Given, Permitted, Wording, signers, verdict},
    streams::{AsyncEventIterator, EventIterator},
    trace::{Ending, Trace},
};

/// Calls one service from one Region, or through a router.
#[pyclass(frozen, module = "outcrop._native")]
pub struct Client {
    session: Py<Session>,
    service: Service,
    check: bool,
    unknown: Unknown,
    endpoint_url: String,
    router: Option<Py<Router>>,
    cache: Option<Py<Cache>>,
}

impl Client {
    /// Checks a call, and gathers what it needs.
    fn prepare(
        &self,
        py: Python<'_>,
        operation: &str,
        arguments: &Bound<'_, PyDict>,
        trace: Option<&Py<Trace>>,
        credentials: Option<Given>,
        brought: Brought<'_>,
    ) -> PyResult<Prepared> {
        logs::refresh(py)?;
        let mut call = self.lay_out(py, operation, arguments)?;
        call.credentials = credentials.map(signers);
        call.verdict = brought.permitted.map(verdict);
        // What a function says of a call comes before what is in its body.
        call.affinity_key = brought.affinity_key.or(call.affinity_key);
        if let Some(rewritten) = brought.rewritten {
            call.rewritten = Some(self.rewrite(py, &call, rewritten)?);
        }
        if let Some(trace) = trace {
            trace.get().follow(&mut call);
        }
        let process = std::process::id();
        let lanes = self.session.get().lanes_in(py, process)?;
        let caching = self.caching(py, &lanes, &call, arguments)?;
        let sources = |router: &Py<Router>| router.get().sources(py, process);
        let route = self.router.as_ref().map(sources).transpose()?;
        Ok(Prepared {
            service: self.service,
            call,
            caching,
            route,
            lanes,
            unknown: self.unknown,
        })
    }

    /// Lays out what a function of the program's wrote for other models.
    fn rewrite(
        &self,
        py: Python<'_>,
        call: &Call,
        written: Wording<'_>,
    ) -> PyResult<Arc<[Option<Rewritten>]>> {
        let mut rewritten = vec![];
        for (number, arguments) in written {
            if rewritten.len() <= number {
                rewritten.resize(number + 1, None);
            }
            rewritten[number] = Some(match arguments {
                None => Rewritten::Not,
                Some(arguments) if call.api.is_some() => Rewritten::As {
                    located: call.located.clone(),
                    body: apis::body(&arguments)?,
                },
                Some(arguments) => {
                    let laid_out = lay_out(call.operation, &arguments, self.check)?;
                    let Call { located, body, .. } = laid_out.map_err(|report| {
                        let model = self.router.as_ref().map_or("", |it| it.get().model(number));
                        let report = format!("of what adapt= gave for {model}: {report}");
                        invalid_parameters(py, &report)
                    })?;
                    Rewritten::As { located, body }
                }
            });
        }
        Ok(rewritten.into())
    }

    fn lay_out(
        &self,
        py: Python<'_>,
        operation: &str,
        arguments: &Bound<'_, PyDict>,
    ) -> PyResult<Call> {
        if operation == apis::OPERATION && self.service == Service::BedrockRuntime {
            return apis::lay_out(arguments);
        }
        let operation = self.service.operation(operation).ok_or_else(|| {
            PyAttributeError::new_err(format!(
                "{} has no operation {operation:?}",
                self.service.name()
            ))
        })?;
        lay_out(operation, arguments, self.check)?.map_err(|report| invalid_parameters(py, &report))
    }

    /// The cache that a call goes through, if it does.
    fn caching(
        &self,
        py: Python<'_>,
        lanes: &Lanes,
        call: &Call,
        arguments: &Bound<'_, PyDict>,
    ) -> PyResult<Option<Caching>> {
        let (Some(cache), None) = (&self.cache, &call.api) else {
            return Ok(None);
        };
        let refresh = match cache.get().way(py, call, arguments)? {
            Way::Past => return Ok(None),
            Way::Through => false,
            Way::Anew => true,
        };
        Ok(Some(Caching {
            cache: Arc::clone(&**cache.get().opened()?),
            refresh,
            metrics: Arc::clone(lanes.session().metrics(self.service)),
        }))
    }
}

#[pymethods]
impl Client {
    /// A client of one of the two services; `router`, whose session it is, decides where its calls go.
    #[new]
    #[pyo3(signature = (session, service_name, check, cache=None, drop_unknown=false, router=None))]
    fn new(
        py: Python<'_>,
        session: Py<Session>,
        service_name: &str,
        check: bool,
        cache: Option<Py<Cache>>,
        drop_unknown: bool,
        router: Option<Py<Router>>,
    ) -> PyResult<Self> {
        guarded(|| {
            let service = service(service_name)?;
            let lanes = session.get().lanes(py)?;
            if let Some(router) = &router {
                // What is wrong with a source is said now, not at the first call.
                router.get().sources(py, std::process::id())?;
            }
            let lane = lanes.take().map_err(|error| exception(py, error, None))?;
            let clients = lane.clients();
            let client = block(py, &lane, async move { clients.plain(service).await })?;
            lanes.give_back(lane);
            let client = client.map_err(|error| exception(py, error, None))?;
            drop(lanes);
            Ok(Self {
                session,
                service,
                check,
                unknown: Unknown::dropped(drop_unknown),
                endpoint_url: client.endpoint_url().to_owned(),
                router,
                cache,
            })
        })
    }

    /// Where the calls go.
    #[getter]
    fn endpoint_url(&self) -> &str {
        &self.endpoint_url
    }

    /// What the calls to this service through this session add up to, with quantiles of latencies.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "Python's lists become vectors"
    )]
    fn metrics(&self, py: Python<'_>, quantiles: Vec<f64>) -> PyResult<(u64, Vec<metrics::Row>)> {
        let lanes = self.session.get().lanes(py)?;
        guarded(|| {
            let counted = lanes.session().metrics(self.service);
            Ok(metrics::read(counted, &quantiles))
        })
    }

    /// Answers that came out of the cache, and those that did not though they might have; `None` without a cache.
    fn cache_counts(&self, py: Python<'_>) -> PyResult<Option<(u64, u64)>> {
        guarded(|| {
            let lanes = self.session.get().lanes(py)?;
            let counts = lanes.session().metrics(self.service).cache.counts();
            Ok(self.cache.as_ref().map(|_| counts))
        })
    }

    /// Checks the arguments of a call that is not made.
    fn check(
        &self,
        py: Python<'_>,
        operation: &str,
        arguments: &Bound<'_, PyDict>,
    ) -> PyResult<()> {
        guarded(|| self.lay_out(py, operation, arguments).map(drop))
    }

    /// Makes a call and waits for its answer on this thread. `credentials` sign it in place of the session's; `permitted`
    /// are the Regions that a rule permits its data to reach; `rewritten` are its arguments for other models of a router; `affinity_key`
    /// is what its caller calls the conversation.
    #[expect(
        clippy::too_many_arguments,
        reason = "they are those of a call, and Python's"
    )]
    #[pyo3(signature = (operation, arguments, trace = None, credentials = None, permitted = None, rewritten = None, affinity_key = None))]
    fn call<'py>(
        &self,
        py: Python<'py>,
        operation: &str,
        arguments: &Bound<'py, PyDict>,
        trace: Option<Py<Trace>>,
        credentials: Option<Given>,
        permitted: Option<Permitted>,
        rewritten: Option<Wording<'py>>,
        affinity_key: Option<String>,
    ) -> PyResult<Bound<'py, PyDict>> {
        guarded(|| {
            let brought = Brought {
                permitted,
                rewritten,
                affinity_key,
            };
            let trace_of = trace.as_ref();
            let prepared =
                self.prepare(py, operation, arguments, trace_of, credentials, brought)?;
            prepared.called(py, trace)
        })
    }

    /// Starts a call on the background thread; the result is awaited.
    #[expect(
        clippy::too_many_arguments,
        reason = "they are those of a call, and Python's"
    )]
    #[pyo3(signature = (operation, arguments, trace = None, credentials = None, permitted = None, rewritten = None, affinity_key = None))]
    fn start(
        &self,
        py: Python<'_>,
        operation: &str,
        arguments: &Bound<'_, PyDict>,
        trace: Option<Py<Trace>>,
        credentials: Option<Given>,
        permitted: Option<Permitted>,
        rewritten: Option<Wording<'_>>,
        affinity_key: Option<String>,
    ) -> PyResult<Pending> {
        guarded(|| {
            let brought = Brought {
                permitted,
                rewritten,
                affinity_key,
            };
            let (handle, work) =
                self.work(py, operation, arguments, trace, credentials, brought)?;
            Pending::start(py, &handle, work)
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.session)?;
        visit.call(&self.router)?;
        visit.call(&self.cache)
    }
}

impl Client {
    /// A call for the background thread, and that thread's runtime. What it comes to is made into Python's objects by
    /// whoever waits for it.
    pub fn work(
        &self,
        py: Python<'_>,
        operation: &str,
        arguments: &Bound<'_, PyDict>,
        trace: Option<Py<Trace>>,
        credentials: Option<Given>,
        brought: Brought<'_>,
    ) -> PyResult<(Handle, impl Future<Output = Wake> + Send + use<>)> {
        let prepared = self.prepare(
            py,
            operation,
            arguments,
            trace.as_ref(),
            credentials,
            brought,
        )?;
        let shared = prepared.lanes.shared();
        let (handle, clients) = shared.map_err(|error| exception(py, error, None))?;
        let (operation, unknown) = (prepared.call.operation, prepared.unknown);
        let of_stream = handle.clone();
        // Boxed: a future that awaits another by value is laid out twice.
        let work = Box::pin(async move {
            if operation.stream().is_some() {
                let opened = prepared.stream(&clients).await;
                let wake: Wake = Box::new(move |py| {
                    logs::deliver(py);
                    let stream = opened.map_err(|error| refusal(py, error, operation, unknown))?;
                    let (head, ending) = (stream.head().clone(), Ending::new(trace));
                    let events =
                        AsyncEventIterator::new(operation, &of_stream, stream, ending, unknown);
                    let events = Bound::new(py, events)?;
                    Ok(streamed(py, operation, &head, events.into_any())?
                        .into_any()
                        .unbind())
                });
                return wake;
            }
            let answer = prepared.answer(&clients).await;
            let wake: Wake = Box::new(move |py| {
                logs::deliver(py);
                Ok(whole(py, operation, answer, unknown)?.into_any().unbind())
            });
            wake
        });
        Ok((handle, work))
    }
}

/// A call that may be made, and what it needs.
struct Prepared {
    service: Service,
    call: Call,
    caching: Option<Caching>,
    route: Option<Arc<OfProcess<Sources>>>,
    lanes: Arc<OfProcess<Lanes>>,
    unknown: Unknown,
}

impl Prepared {
    /// Makes it, and waits for its answer on this thread.
    fn called(self, py: Python<'_>, trace: Option<Py<Trace>>) -> PyResult<Bound<'_, PyDict>> {
        let (operation, unknown) = (self.call.operation, self.unknown);
        let lanes = Arc::clone(&self.lanes);
        let lane = lanes.take().map_err(|error| exception(py, error, None))?;
        let clients = lane.clients();
        if operation.stream().is_some() {
            let opened = block(py, &lane, async move { self.stream(&clients).await })?;
            logs::deliver(py);
            let stream = match opened {
                Ok(stream) => stream,
                Err(error) => {
                    lanes.give_back(lane);
                    return Err(refusal(py, error, operation, unknown));
                }
            };
            let (head, ending) = (stream.head().clone(), Ending::new(trace));
            let events = EventIterator::new(operation, lanes, lane, stream, ending, unknown);
            let events = Bound::new(py, events)?;
            return streamed(py, operation, &head, events.into_any());
        }
        let answer = block(py, &lane, async move { self.answer(&clients).await })?;
        lanes.give_back(lane);
        logs::deliver(py);
        whole(py, operation, answer, unknown)
    }

    async fn answer(self, clients: &Clients) -> Result<Answer, Error> {
        let caller = self.caller(clients).await?;
        caller.call(self.call, self.caching.as_ref()).await
    }

    async fn stream(self, clients: &Clients) -> Result<Stream, Error> {
        let caller = self.caller(clients).await?;
        caller.open(self.call, self.caching.as_ref()).await
    }

    async fn caller(&self, clients: &Clients) -> Result<Caller, Error> {
        match &self.route {
            None => clients.plain(self.service).await.map(Caller::Plain),
            Some(sources) => {
                let clients = clients.routed(&sources.sessions).await?;
                Ok(Caller::Routed(sources.router(clients)))
            }
        }
    }
}
