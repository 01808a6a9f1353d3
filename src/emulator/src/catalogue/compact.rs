//! Reads `catalogue.json`, which `catalogue/build.py` makes.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::{Catalogue, Destinations, Model, Profile};

/// Stands for every commercial Region inside a set, and for an unknown set.
const SPECIAL: i32 = -1;

#[derive(Deserialize)]
struct Compact {
    regions: Vec<String>,
    sets: Vec<Vec<i32>>,
    models: BTreeMap<String, CompactModel>,
    profiles: BTreeMap<String, CompactProfile>,
}

#[derive(Deserialize)]
struct CompactModel {
    name: String,
    provider: String,
    lifecycle: String,
    input: Vec<String>,
    output: Vec<String>,
    streaming: bool,
    regions: Vec<usize>,
}

#[derive(Deserialize)]
struct CompactProfile {
    model: String,
    sources: Vec<(i32, Vec<usize>)>,
}

pub fn read(text: &str) -> Catalogue {
    let compact: Compact =
        serde_json::from_str(text).expect("the bundled catalogue is well-formed");
    let mut catalogue = Catalogue {
        regions: compact.regions,
        ..Catalogue::default()
    };
    for (id, model) in compact.models {
        let regions = model
            .regions
            .iter()
            .map(|index| catalogue.regions[*index].clone())
            .collect();
        let model = Model {
            id: id.clone(),
            name: model.name,
            provider: model.provider,
            lifecycle: model.lifecycle,
            input_modalities: model.input,
            output_modalities: model.output,
            streaming: model.streaming,
            regions,
        };
        catalogue.models.insert(id, Arc::new(model));
    }
    for (id, profile) in compact.profiles {
        let model = Arc::clone(&catalogue.models[&profile.model]);
        let mut sources = BTreeMap::new();
        for (set, indexes) in &profile.sources {
            for index in indexes {
                let source = catalogue.regions[*index].clone();
                let destinations = destinations(&catalogue, &compact.sets, *set, &source);
                sources.insert(source, destinations);
            }
        }
        catalogue
            .profiles
            .insert(id.clone(), Arc::new(Profile { id, model, sources }));
    }
    catalogue
}

fn destinations(catalogue: &Catalogue, sets: &[Vec<i32>], set: i32, source: &str) -> Destinations {
    if set == SPECIAL {
        // The table knows that the profile can be called here and not where it is served: nothing is invented.
        return Destinations {
            regions: vec![source.to_owned()],
            global: false,
        };
    }
    let name = |index: &i32| match usize::try_from(*index) {
        Ok(index) => catalogue.regions[index].clone(),
        Err(_) => "*".to_owned(),
    };
    let names: Vec<String> = usize::try_from(set)
        .map(|set| sets[set].iter().map(name).collect())
        .unwrap_or_default();
    catalogue.destinations(source, &names)
}
