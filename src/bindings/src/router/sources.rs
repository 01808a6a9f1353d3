//! What a router calls with: connections, the core, and the plan laid out by Python.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError, atomic::AtomicU64},
};

use outcrop_client::{
    client::Client as Plain,
    connection::Connection as Opened,
    router::{
        Router as Routing,
        core::Core,
        options::Options,
        state::State,
        target::{Plan, Reach, Target},
    },
};

/// What a child process makes anew: breakers know threads that it does not have.
pub struct Sources {
    pub connections: Arc<[Opened]>,
    pub core: Arc<Core>,
    /// The version of the layout that is in force.
    pub version: AtomicU64,
    /// What is known of targets that are not shared: it outlives the plans.
    pub own: Mutex<HashMap<(usize, String), Arc<State>>>,
}

impl Sources {
    pub fn router(&self, clients: Arc<[Plain]>) -> Routing {
        Routing::new(Arc::clone(&self.core), clients)
    }

    /// The plan that a layout stands for.
    pub fn plan(
        &self,
        layout: &Layout,
        sources: &[(String, Option<String>)],
        options: &Options,
        shared: Option<&str>,
    ) -> Plan {
        let target = |row: &Row| {
            let (source, model_id, base_model, regions, global) = row.clone();
            let (region, url) = &sources[source];
            let (breaker, limits) = (&options.breaker, &options.limits);
            let state = match shared {
                None => {
                    let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
                    let state = own
                        .entry((source, model_id.clone()))
                        .or_insert_with(|| State::new(breaker, limits));
                    Arc::clone(state)
                }
                Some(whose) => {
                    let url = url.as_deref().unwrap_or_default();
                    let key = format!("{whose} {region} {url} {model_id}");
                    State::shared(&key, breaker, limits)
                }
            };
            Arc::new(Target {
                source,
                region: region.clone(),
                model_id,
                base_model,
                reach: match regions {
                    _ if global => Reach::Global,
                    Some(regions) => Reach::Regions(regions),
                    None => Reach::Unknown,
                },
                state,
            })
        };
        Plan {
            targets: layout.rows.iter().map(target).collect(),
            permitted: layout
                .permitted
                .clone()
                .map(|regions| regions.into_iter().collect()),
            names: layout.names.clone(),
        }
    }
}

/// A target as Python lays it out: source, model id, base model, destination Regions, whether it is global.
pub type Row = (usize, String, Option<String>, Option<Vec<String>>, bool);

#[derive(Clone, Default)]
pub struct Layout {
    pub version: u64,
    pub rows: Vec<Row>,
    pub permitted: Option<Vec<String>>,
    pub names: HashSet<String>,
}
