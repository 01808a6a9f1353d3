//! What happens on the Rust side, for Python's `logging`.
//!
//! An event is written down only if the logger `outcrop` would take its level, which is looked up when a call begins. What was
//! written down is handed over, all of it at once, when a call ends and the interpreter's lock is held anyway.

use std::{
    fmt::{self, Write},
    sync::{
        Mutex, Once, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use pyo3::{intern, prelude::*, sync::PyOnceLock};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::{Interest, set_global_default},
};

/// How many events are kept for Python; while nobody calls, older ones make room.
const KEPT: usize = 10_000;

/// The logger's name below `outcrop`, the level as Python counts, the text, and when, in seconds since 1970.
type Line = (&'static str, u8, String, f64);

/// The lowest level, as Python counts, that is written down; 0 until somebody asked.
static LEVEL: AtomicU8 = AtomicU8::new(u8::MAX);
static FIRST: OnceLock<Lines> = OnceLock::new();
/// Whether there is something to hand over.
static WRITTEN: AtomicBool = AtomicBool::new(false);

/// What one process has written down. A line is written without the interpreter's lock, so a fork may come while the parent's
/// list is locked, and stay so in the child. Each child therefore has a list of its own, behind its parent's.
struct Lines {
    process: u32,
    written: Mutex<Vec<Line>>,
    of_child: OnceLock<Box<Lines>>,
}

impl Lines {
    fn new(process: u32) -> Self {
        Self {
            process,
            written: Mutex::new(vec![]),
            of_child: OnceLock::new(),
        }
    }

    /// Makes the list of this process. The interpreter's lock is held, and `fork` is called with it, so no child finds
    /// a list half made.
    fn begin(_: Python<'_>) {
        let process = std::process::id();
        let mut last = FIRST.get_or_init(|| Self::new(process));
        while let Some(child) = last.of_child.get() {
            last = child;
        }
        if last.process != process {
            last.of_child.get_or_init(|| Box::new(Self::new(process)));
        }
    }

    /// The list of this process, if a call has begun in it.
    fn here() -> Option<&'static Mutex<Vec<Line>>> {
        let mut last = FIRST.get()?;
        while let Some(child) = last.of_child.get() {
            last = child;
        }
        (last.process == std::process::id()).then_some(&last.written)
    }
}

/// Looks up which levels the logger `outcrop` takes. Called when a call begins.
pub fn refresh(py: Python<'_>) -> PyResult<()> {
    static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static INSTALLED: Once = Once::new();
    let logger = LOGGER.get_or_try_init(py, || {
        // What it registers for the program's end must be there before the first event.
        py.import("outcrop._logging")?;
        let logging = py.import("logging")?;
        Ok::<_, PyErr>(logging.call_method1("getLogger", ("outcrop",))?.unbind())
    })?;
    let level: i64 = logger
        .bind(py)
        .call_method0(intern!(py, "getEffectiveLevel"))?
        .extract()?;
    LEVEL.store(
        u8::try_from(level.max(1)).unwrap_or(u8::MAX),
        Ordering::Relaxed,
    );
    Lines::begin(py);
    // Another subscriber can only be there if somebody linked one in; then the events are theirs.
    INSTALLED.call_once(|| drop(set_global_default(Listener)));
    Ok(())
}

/// Hands over what was written down. Called when a call has ended; costs next to nothing when there is nothing.
pub fn deliver(py: Python<'_>) {
    if !WRITTEN.swap(false, Ordering::Acquire) {
        return;
    }
    let Some(lines) = Lines::here() else { return };
    let lines = std::mem::take(&mut *lines.lock().unwrap_or_else(PoisonError::into_inner));
    if lines.is_empty() {
        return;
    }
    let handed = py
        .import("outcrop._logging")
        .and_then(|module| module.call_method1(intern!(py, "emit"), (lines,)));
    if let Err(error) = handed {
        // A handler that fails must not fail the call.
        error.write_unraisable(py, None);
    }
}

/// Hands over what was written down since the last call, such as at the program's end.
#[pyfunction]
pub fn deliver_logs(py: Python<'_>) {
    deliver(py);
}

struct Listener;

impl Subscriber for Listener {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        // The level may change at any time, so nothing but a foreign event is ruled out for good.
        if logger(metadata).is_some() {
            Interest::sometimes()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && level(*metadata.level()) >= LEVEL.load(Ordering::Relaxed)
    }

    fn event(&self, event: &Event<'_>) {
        let Some(name) = logger(event.metadata()) else {
            return;
        };
        let mut text = Text::default();
        event.record(&mut text);
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let line = (
            name,
            level(*event.metadata().level()),
            text.message + &text.fields,
            now.map_or(0.0, |it| it.as_secs_f64()),
        );
        let Some(lines) = Lines::here() else { return };
        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() >= KEPT {
            lines.drain(..KEPT / 2);
        }
        lines.push(line);
        WRITTEN.store(true, Ordering::Release);
    }

    // Spans are not listened to.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Whose events are listened to: our own. Those of the SDK hold whole requests, with signatures and prompts.
fn logger(metadata: &Metadata<'_>) -> Option<&'static str> {
    match metadata.target() {
        "outcrop::cache" => Some("cache"),
        "outcrop::client" => Some("client"),
        "outcrop::connection" => Some("connection"),
        "outcrop::cross_region" => Some("cross_region"),
        _ => None,
    }
}

/// As Python counts.
fn level(level: Level) -> u8 {
    match level {
        Level::ERROR => 40,
        Level::WARN => 30,
        Level::INFO => 20,
        Level::DEBUG => 10,
        Level::TRACE => 5,
    }
}

/// An event's message, and its fields behind it.
#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing into a String cannot fail.
        let _ = if field.name() == "message" {
            write!(self.message, "{value:?}")
        } else {
            write!(self.fields, " {}={value:?}", field.name())
        };
    }
}
