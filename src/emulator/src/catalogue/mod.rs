//! Which models and inference profiles exist, and where each may be called and served.

mod compact;
mod habits;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use habits::TellsCache;

/// A foundation model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// `anthropic.claude-3-haiku-20240307-v1:0`
    pub id: String,
    /// `Claude 3 Haiku`
    pub name: String,
    /// `Anthropic`
    pub provider: String,
    /// `ACTIVE` or `LEGACY`.
    pub lifecycle: String,
    /// `TEXT`, `IMAGE`, …
    pub input_modalities: Vec<String>,
    /// `TEXT`, `EMBEDDING`, …
    pub output_modalities: Vec<String>,
    /// Whether answers can be streamed.
    pub streaming: bool,
    /// Regions where it can be called without a profile.
    pub regions: Vec<String>,
}

impl Model {
    /// The part of the id before the first dot: `anthropic`.
    #[must_use]
    pub fn family(&self) -> &str {
        self.id.split('.').next().unwrap_or_default()
    }

    /// Its provider's own name of it, which the id hides behind provider and version.
    #[must_use]
    pub fn bare_name(&self) -> &str {
        bare_name(&self.id)
    }

    /// Whether it puts documents in order.
    #[must_use]
    pub fn reranks(&self) -> bool {
        self.id.contains(".rerank-")
    }

    /// Whether it answers with numbers instead of text.
    #[must_use]
    pub fn embeds(&self) -> bool {
        self.output_modalities
            .iter()
            .any(|modality| modality == "EMBEDDING")
    }
}

/// A model's id without provider and version.
#[must_use]
pub fn bare_name(id: &str) -> &str {
    let name = id.split_once('.').map_or(id, |(_, name)| name);
    let name = name.split(':').next().unwrap_or(name);
    name.trim_end_matches("-v1").trim_end_matches("-v2")
}

/// Where calls from one source Region may be served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Destinations {
    /// The Regions, the source first when it is one of them, then in alphabetical order.
    pub regions: Vec<String>,
    /// Whether the profile is global: any commercial Region, named by an ARN without a Region.
    pub global: bool,
}

/// A system-defined inference profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// `us.anthropic.claude-3-haiku-20240307-v1:0`
    pub id: String,
    /// The model behind it.
    pub model: Arc<Model>,
    /// Where it can be called from, and where each source may be served.
    pub sources: BTreeMap<String, Destinations>,
}

impl Profile {
    /// What stands before the first dot: `us`, `eu`, `global`.
    #[must_use]
    pub fn geography(&self) -> &str {
        self.id.split('.').next().unwrap_or_default()
    }
}

/// All Regions, models and profiles.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Every Region that a model or profile names.
    pub regions: Vec<String>,
    /// Models by id.
    pub models: BTreeMap<String, Arc<Model>>,
    /// Profiles by id.
    pub profiles: BTreeMap<String, Arc<Profile>>,
}

impl Catalogue {
    /// The catalogue that comes with the package.
    #[must_use]
    pub fn bundled() -> Self {
        compact::read(include_str!("../../catalogue/catalogue.json"))
    }

    /// Adds or replaces a model.
    pub fn add_model(&mut self, model: Model) {
        self.add_regions(&model.regions);
        self.models.insert(model.id.clone(), Arc::new(model));
    }

    /// Adds or replaces a profile of a known model. `sources` maps each source Region to its destinations, `*` being every
    /// commercial Region.
    pub fn add_profile(
        &mut self,
        id: &str,
        model_id: &str,
        sources: BTreeMap<String, Vec<String>>,
    ) -> Result<(), String> {
        let model = self.models.get(model_id).cloned().ok_or_else(|| {
            format!("profile {id:?} needs a model that the catalogue has, not {model_id:?}: add the model first")
        })?;
        for (source, destinations) in &sources {
            self.add_regions(std::slice::from_ref(source));
            self.add_regions(destinations);
        }
        let sources = sources
            .into_iter()
            .map(|(source, destinations)| {
                let found = self.destinations(&source, &destinations);
                (source, found)
            })
            .collect();
        self.profiles.insert(
            id.to_owned(),
            Arc::new(Profile {
                id: id.to_owned(),
                model,
                sources,
            }),
        );
        Ok(())
    }

    fn destinations(&self, source: &str, names: &[String]) -> Destinations {
        let global = names.iter().any(|name| name == "*");
        let mut regions: Vec<String> = if global {
            self.regions
                .iter()
                .filter(|name| !name.contains("-gov-"))
                .cloned()
                .collect()
        } else {
            names.to_vec()
        };
        regions.sort();
        regions.dedup();
        if let Some(position) = regions.iter().position(|name| name == source) {
            let first = regions.remove(position);
            regions.insert(0, first);
        }
        Destinations { regions, global }
    }

    fn add_regions(&mut self, names: &[String]) {
        for name in names.iter().filter(|name| *name != "*") {
            if let Err(position) = self.regions.binary_search(name) {
                self.regions.insert(position, name.clone());
            }
        }
    }

    /// Profiles of a model that can be called from a Region.
    pub fn profiles_of(&self, model_id: &str, source: &str) -> impl Iterator<Item = &Arc<Profile>> {
        self.profiles.values().filter(move |profile| {
            profile.model.id == model_id && profile.sources.contains_key(source)
        })
    }

    /// Whether a Region can be called at all.
    #[must_use]
    pub fn knows_region(&self, region: &str) -> bool {
        self.regions
            .binary_search_by(|name| name.as_str().cmp(region))
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_catalogue_knows_sources_and_destinations() {
        let catalogue = Catalogue::bundled();
        assert!(catalogue.profiles.len() >= 173 && catalogue.models.len() >= 146);
        let profile = &catalogue.profiles["us.amazon.nova-lite-v1:0"];
        assert_eq!(
            profile.sources["us-west-2"].regions,
            ["us-west-2", "us-east-1", "us-east-2"]
        );
        assert!(!profile.sources.contains_key("eu-west-1"));
        let global = &catalogue.profiles["global.anthropic.claude-sonnet-4-5-20250929-v1:0"];
        let destinations = &global.sources["eu-west-1"];
        assert!(destinations.global && destinations.regions[0] == "eu-west-1");
        assert!(
            !destinations
                .regions
                .iter()
                .any(|region| region.contains("-gov-"))
        );
    }

    #[test]
    fn a_source_need_not_be_a_destination() {
        let catalogue = Catalogue::bundled();
        let destinations = &catalogue.profiles["us.openai.gpt-5.4"].sources["us-west-1"];
        assert_eq!(
            destinations.regions,
            ["us-east-1", "us-east-2", "us-west-2"]
        );
    }

    #[test]
    fn models_and_profiles_can_be_added() {
        let mut catalogue = Catalogue::default();
        let sources = BTreeMap::from([(
            "xx-test-1".to_owned(),
            vec!["xx-test-2".to_owned(), "xx-test-1".to_owned()],
        )]);
        let refusal = catalogue
            .add_profile("xx.a.b", "a.b", sources.clone())
            .unwrap_err();
        assert!(refusal.contains("add the model first"));
        catalogue.add_model(Model {
            id: "a.b".to_owned(),
            name: "B".to_owned(),
            provider: "A".to_owned(),
            lifecycle: "ACTIVE".to_owned(),
            input_modalities: vec!["TEXT".to_owned()],
            output_modalities: vec!["TEXT".to_owned()],
            streaming: true,
            regions: vec![],
        });
        catalogue.add_profile("xx.a.b", "a.b", sources).unwrap();
        assert_eq!(
            catalogue.profiles["xx.a.b"].sources["xx-test-1"].regions,
            ["xx-test-1", "xx-test-2"]
        );
        assert!(catalogue.knows_region("xx-test-2"));
    }
}
