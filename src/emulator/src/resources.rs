//! What the account has made: application profiles, prompt routers, tags and settings, kept apart by Region.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use serde_json::Value;

use crate::clock::Instant;
use crate::guardrail::Versions;
use crate::jobs::{Course, Timeline};

/// An application inference profile.
#[derive(Clone, Debug)]
pub struct ApplicationProfile {
    /// The opaque id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The ARN it was made from.
    pub copied_from: String,
    /// The ARNs of the models behind it.
    pub models: Vec<String>,
    /// When it was made.
    pub created: Instant,
}

/// A prompt router.
#[derive(Clone, Debug)]
pub struct Router {
    /// The opaque id.
    pub id: String,
    /// The ARNs of the models or profiles it chooses from.
    pub models: Vec<String>,
    /// The ARN of the one it falls back to.
    pub fallback: String,
    /// How much better than the fallback a model must be, in per cent.
    pub quality_difference: f64,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// When it was made.
    pub created: Instant,
}

impl Router {
    /// The model that it chooses: the first that is not the fallback, unless no quality difference is asked for.
    #[must_use]
    pub fn chosen(&self) -> &str {
        let better = self.models.iter().find(|model| **model != self.fallback);
        better
            .filter(|_| self.quality_difference > 0.0)
            .unwrap_or(&self.fallback)
    }
}

/// A project, a workload of the account.
#[derive(Clone, Debug)]
pub struct Project {
    /// `proj_` and 20 letters and digits.
    pub id: String,
    /// Its name, which need not be its own.
    pub name: String,
    /// When it was made; the default one has always been there.
    pub created: Option<Instant>,
    /// When it was archived.
    pub archived: Option<Instant>,
    /// Its data retention mode.
    pub mode: String,
}

/// How many records a batch job has, and what became of those that were done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// All of them.
    pub total: u64,
    /// Those that were done.
    pub done: u64,
    /// Those of them that could not be answered.
    pub errors: u64,
}

/// A batch job.
#[derive(Clone, Debug)]
pub struct Job {
    /// The opaque id.
    pub id: String,
    /// What was asked for.
    pub asked: Value,
    /// When it was made.
    pub created: Instant,
    /// When it may not go on any more.
    pub expiry: Instant,
    /// Its states.
    pub states: Timeline,
    /// What it is to go through.
    pub course: Course,
    /// Its records, if it had a file to read.
    pub counts: Option<Counts>,
}

/// A response of `OpenAI`'s API that is kept.
#[derive(Clone, Debug)]
pub struct KeptResponse {
    /// As it was answered.
    pub response: Value,
    /// The conversation with what was said last, item by item.
    pub items: Vec<Value>,
    /// For how long it is kept.
    pub until: Instant,
}

/// An asynchronous invocation.
#[derive(Clone, Debug)]
pub struct AsyncInvoke {
    /// The opaque id.
    pub id: String,
    /// The ARN of the model.
    pub model: String,
    /// The caller's idempotency token.
    pub token: Option<String>,
    /// Where the output was to go.
    pub output: Value,
    /// When it was started.
    pub created: Instant,
}

/// Things of one kind, by Region and id.
#[derive(Debug)]
pub struct Table<T> {
    rows: Mutex<BTreeMap<(String, String), T>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: Mutex::default(),
        }
    }
}

impl<T: Clone> Table<T> {
    /// A copy of one.
    #[must_use]
    pub fn get(&self, region: &str, id: &str) -> Option<T> {
        crate::lock(&self.rows)
            .get(&(region.to_owned(), id.to_owned()))
            .cloned()
    }

    /// Adds or replaces one.
    pub fn put(&self, region: &str, id: &str, row: T) {
        crate::lock(&self.rows).insert((region.to_owned(), id.to_owned()), row);
    }

    /// Takes one away.
    pub fn remove(&self, region: &str, id: &str) -> Option<T> {
        crate::lock(&self.rows).remove(&(region.to_owned(), id.to_owned()))
    }

    /// Copies of all in a Region, in order of their ids.
    #[must_use]
    pub fn all(&self, region: &str) -> Vec<T> {
        let rows = crate::lock(&self.rows);
        rows.iter()
            .filter(|((of, _), _)| of == region)
            .map(|(_, row)| row.clone())
            .collect()
    }
}

/// Everything that the account has made.
#[derive(Debug, Default)]
pub struct Resources {
    /// Application inference profiles.
    pub profiles: Table<ApplicationProfile>,
    /// Prompt routers.
    pub routers: Table<Router>,
    /// Batch jobs.
    pub jobs: Table<Job>,
    /// Asynchronous invocations.
    pub async_invokes: Table<AsyncInvoke>,
    /// Responses of `OpenAI`'s API that are kept.
    pub responses: Table<KeptResponse>,
    /// Guardrails.
    pub guardrails: Table<Versions>,
    /// Projects.
    pub projects: Table<Project>,
    /// Tags by the ARN of what they hang on.
    tags: Mutex<HashMap<String, BTreeMap<String, String>>>,
    /// The data retention mode of each Region.
    pub retention: Table<(String, Instant)>,
    /// What was answered to an idempotency token, with what was asked then.
    tokens: Mutex<HashMap<(String, String), (Value, Value)>>,
}

impl Resources {
    /// An application profile by id.
    #[must_use]
    pub fn profile(&self, region: &str, id: &str) -> Option<ApplicationProfile> {
        self.profiles.get(region, id)
    }

    /// A prompt router by id.
    #[must_use]
    pub fn router(&self, region: &str, id: &str) -> Option<Router> {
        self.routers.get(region, id)
    }

    /// Reads or changes the tags of something.
    pub fn tags<T>(&self, arn: &str, change: impl FnOnce(&mut BTreeMap<String, String>) -> T) -> T {
        change(crate::lock(&self.tags).entry(arn.to_owned()).or_default())
    }

    /// Forgets the tags of something that is gone.
    pub fn remove_tags(&self, arn: &str) {
        crate::lock(&self.tags).remove(arn);
    }

    /// What was asked and answered with an idempotency token before.
    #[must_use]
    pub fn answered(&self, operation: &str, token: &str) -> Option<(Value, Value)> {
        crate::lock(&self.tokens)
            .get(&(operation.to_owned(), token.to_owned()))
            .cloned()
    }

    /// Keeps what was asked and answered with an idempotency token.
    pub fn keep_answer(&self, operation: &str, token: &str, asked: Value, answer: Value) {
        crate::lock(&self.tokens).insert((operation.to_owned(), token.to_owned()), (asked, answer));
    }
}

impl Resources {
    /// Whether something that can carry tags exists.
    #[must_use]
    pub fn exists(&self, kind: &str, region: &str, id: &str) -> bool {
        match kind {
            "application-inference-profile" => self.profiles.get(region, id).is_some(),
            "prompt-router" => self.routers.get(region, id).is_some(),
            "model-invocation-job" => self.jobs.get(region, id).is_some(),
            "async-invoke" => self.async_invokes.get(region, id).is_some(),
            "project" => self.projects.get(region, id).is_some(),
            "guardrail" => self.guardrails.get(region, id).is_some(),
            _ => false,
        }
    }
}
