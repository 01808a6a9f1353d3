//! Targets, and whether data may reach where they lead.

use std::collections::{BTreeSet, HashSet};

use super::state::State;
use std::sync::Arc;

/// Where a target may be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// In these Regions.
    Regions(Vec<String>),
    /// In every commercial Region, also in those to come.
    Global,
    /// Nobody knows.
    Unknown,
}

/// One model or profile as it is called from one source Region.
#[derive(Clone, Debug)]
pub struct Target {
    /// Which of the router's sources it is called through.
    pub source: usize,
    /// That source's Region.
    pub region: String,
    /// What is sent as `modelId`.
    pub model_id: String,
    /// The model itself, which is what `CountTokens` takes.
    pub base_model: Option<String>,
    /// Where it may be served.
    pub reach: Reach,
    /// How it fares; routers of one process share it.
    pub state: Arc<State>,
}

/// The targets in the order of preference, and the Regions that data may reach.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// All that exist; which may be called is asked anew each time.
    pub targets: Vec<Arc<Target>>,
    /// Where data may be; `None` is anywhere.
    pub permitted: Option<BTreeSet<String>>,
    /// What callers may name as `modelId`.
    pub names: HashSet<String>,
}

impl Plan {
    /// Whether data may reach every Region that the target leads to. Unknown destinations are refused, and a global
    /// profile fits no finite set.
    #[must_use]
    pub fn permits(&self, target: &Target) -> bool {
        let Some(permitted) = &self.permitted else {
            return true;
        };
        match &target.reach {
            Reach::Regions(regions) => {
                permitted.contains(&target.region)
                    && regions.iter().all(|region| permitted.contains(region))
            }
            Reach::Global | Reach::Unknown => false,
        }
    }

    /// The same for a target of an earlier plan, of which this one may know otherwise.
    #[must_use]
    pub fn still_permits(&self, target: &Target) -> bool {
        self.targets
            .iter()
            .any(|now| Arc::ptr_eq(&now.state, &target.state) && self.permits(now))
    }
}
