//! Everything that an emulator knows and keeps: what operations look at and change.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use crate::auth::{Authority, Key};
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::delivery::{Endpoint, LogDelivery};
use crate::faults::Rules;
use crate::guardrail::Versions;
use crate::ids::Sequence;
use crate::invocation_log::{Delivery, InvocationLog};
use crate::jobs;
use crate::journal::Journal;
use crate::metrics::Metrics;
use crate::model::Manner;
use crate::objects::Objects;
use crate::prompt_cache::PromptCache;
use crate::refusals::Evidence;
use crate::regions::Regions;
use crate::resources::Resources;

/// The key that every emulator knows unless told otherwise.
pub const ACCESS_KEY_ID: &str = "AKIAOUTCROPEMULATOR1";
/// Its secret, which protects nothing.
pub const SECRET_ACCESS_KEY: &str = "outcrop/emulator/not/a/real/secret/key/1";
/// The bearer token that every emulator knows unless told otherwise.
pub const BEARER_TOKEN: &str = "bedrock-api-key-outcrop-emulator";
/// The account that owns everything here.
pub const ACCOUNT: &str = "123456789012";

/// How an emulator is made.
#[derive(Debug)]
pub struct Options {
    /// Models and profiles.
    pub catalogue: Catalogue,
    /// Keys that may sign.
    pub keys: Vec<Key>,
    /// Bearer tokens that may call.
    pub bearer_tokens: Vec<String>,
    /// Whether requests must be signed.
    pub verify_signatures: bool,
    /// The Region of a request that names none.
    pub default_region: String,
    /// The account that owns everything.
    pub account: String,
    /// How models answer.
    pub manner: Manner,
    /// The weakest evidence that is enough for a rule to be one.
    pub evidence: Evidence,
    /// Where CloudWatch Logs is, for invocation records to be delivered to.
    pub logs_endpoint: Option<Endpoint>,
    /// How many requests the journal keeps.
    pub journal_entries: usize,
    /// How many bytes the journal keeps.
    pub journal_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        let key = Key {
            access_key_id: ACCESS_KEY_ID.to_owned(),
            secret_access_key: SECRET_ACCESS_KEY.to_owned(),
            session_token: None,
            expired: false,
        };
        Self {
            catalogue: Catalogue::bundled(),
            keys: vec![key],
            bearer_tokens: vec![BEARER_TOKEN.to_owned()],
            verify_signatures: true,
            default_region: "us-east-1".to_owned(),
            account: ACCOUNT.to_owned(),
            manner: Manner::default(),
            evidence: Evidence::default(),
            logs_endpoint: None,
            journal_entries: 10_000,
            journal_bytes: 64 << 20,
        }
    }
}

/// A whole Bedrock, all Regions of it.
#[derive(Debug)]
pub struct Service {
    /// Models and profiles.
    pub catalogue: RwLock<Catalogue>,
    /// Who may call.
    pub authority: Authority,
    /// The emulator's time.
    pub clock: Clock,
    /// Health, capacity and latency.
    pub regions: Regions,
    /// What was asked.
    pub journal: Journal,
    /// What was logged.
    pub invocation_log: InvocationLog,
    /// What S3 would hold.
    pub objects: Arc<Objects>,
    /// What the account has made.
    pub resources: Resources,
    /// Sends invocation records on, where an endpoint was given.
    pub log_delivery: Option<Arc<LogDelivery>>,
    /// Faults and scripts.
    pub rules: Rules,
    /// What CloudWatch would count.
    pub metrics: Metrics,
    /// How models answer.
    pub manner: Mutex<Manner>,
    /// What batch jobs may hold, and how long they take.
    pub job_limits: Mutex<jobs::Limits>,
    /// The weakest evidence that is enough for a rule to be one.
    pub evidence: Evidence,
    /// The account that owns everything.
    pub account: String,
    pub(crate) prompt_cache: PromptCache,
    pub(crate) ids: Sequence,
}

impl Service {
    /// A new emulator. It fails only when the thread that delivers logs cannot be started.
    pub fn new(options: Options) -> std::io::Result<Arc<Self>> {
        let key = options.keys.first().cloned();
        let log_delivery = match options.logs_endpoint.zip(key) {
            Some((endpoint, key)) => Some(Arc::new(LogDelivery::start(endpoint, key)?)),
            None => None,
        };
        let objects = Arc::new(Objects::default());
        let invocation_log = InvocationLog::new(Arc::clone(&objects));
        invocation_log.deliver_to(
            log_delivery
                .clone()
                .map(|delivery| delivery as Arc<dyn Delivery>),
        );
        let authority = Authority::new(
            options.keys,
            options.bearer_tokens,
            options.verify_signatures,
            options.default_region,
        );
        Ok(Arc::new(Self {
            catalogue: RwLock::new(options.catalogue),
            authority,
            clock: Clock::default(),
            regions: Regions::default(),
            journal: Journal::bounded(options.journal_entries, options.journal_bytes),
            invocation_log,
            objects,
            log_delivery,
            resources: Resources::default(),
            rules: Rules::default(),
            metrics: Metrics::default(),
            prompt_cache: PromptCache::default(),
            manner: Mutex::new(options.manner),
            job_limits: Mutex::default(),
            evidence: options.evidence,
            account: options.account,
            ids: Sequence::default(),
        }))
    }

    /// Every Region that the catalogue knows, in alphabetical order.
    #[must_use]
    pub fn region_names(&self) -> Vec<String> {
        crate::read(&self.catalogue).regions.clone()
    }

    /// Adds a model to the catalogue.
    pub fn add_model(&self, model: crate::catalogue::Model) {
        crate::write(&self.catalogue).add_model(model);
    }

    /// Adds a profile to the catalogue.
    pub fn add_profile(
        &self,
        id: &str,
        model: &str,
        sources: BTreeMap<String, Vec<String>>,
    ) -> Result<(), String> {
        crate::write(&self.catalogue).add_profile(id, model, sources)
    }

    /// Makes a guardrail out of what `CreateGuardrail` takes, with its version 1, and gives its id.
    pub fn add_guardrail(&self, region: &str, asked: serde_json::Value) -> String {
        let id = crate::ids::new_id(self.ids.request_id().as_bytes());
        let now = self.clock.now();
        let mut versions = Versions::new(id.clone(), asked, now);
        versions.add(None, now);
        self.resources.guardrails.put(region, &id, versions);
        id
    }

    /// Sets how models answer.
    pub fn set_manner(&self, reply_tokens: usize, time_per_token: Duration) {
        *crate::lock(&self.manner) = Manner {
            reply_tokens,
            time_per_token,
        };
    }

    /// Sets what batch jobs may hold, and how long those take that are made from now on.
    pub fn set_job_limits(&self, limits: jobs::Limits) {
        *crate::lock(&self.job_limits) = limits;
    }
}
