//! What is known of profiles without asking AWS: which exist, where they can be called, where they may serve.
//!
//! The facts are those that the emulator routes by. They are of the day in the file; AWS's own answers win over them.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

/// The bundled facts as they are written down, in JSON.
pub static FACTS: &str = include_str!("../../emulator/catalogue/catalogue.json");

/// The bundled facts, read when first asked for.
pub static CATALOGUE: LazyLock<Catalogue> =
    LazyLock::new(|| serde_json::from_str(FACTS).expect("the bundled catalogue is well-formed"));

/// Stands for every commercial Region inside a set, and, in place of a set, for one that is not known.
const SPECIAL: i32 = -1;

/// Profiles and models.
#[derive(Debug, Deserialize)]
pub struct Catalogue {
    source: Source,
    regions: Vec<String>,
    sets: Vec<Vec<i32>>,
    #[expect(
        clippy::zero_sized_map_values,
        reason = "the file has a map, of which only the names matter here"
    )]
    models: BTreeMap<String, serde::de::IgnoredAny>,
    profiles: BTreeMap<String, Row>,
}

#[derive(Debug, Deserialize)]
struct Source {
    date: String,
}

#[derive(Debug, Deserialize)]
struct Row {
    model: String,
    sources: Vec<(i32, Vec<usize>)>,
}

/// A profile as it is called from one source Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile<'a> {
    /// Its id, such as `us.anthropic.claude-haiku-4-5-20251001-v1:0`.
    pub id: &'a str,
    /// The model behind it.
    pub model: &'a str,
    /// Where it may serve.
    pub destinations: Destinations<'a>,
}

/// Where a profile may serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destinations<'a> {
    /// In these Regions.
    Regions(Vec<&'a str>),
    /// In every commercial Region, also in those to come.
    Global,
    /// Nobody wrote it down.
    Unknown,
}

impl Catalogue {
    /// The day of the facts.
    #[must_use]
    pub fn date(&self) -> &str {
        &self.source.date
    }

    /// Every Region that is named.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.regions.iter().map(String::as_str)
    }

    /// Whether the model is known.
    #[must_use]
    pub fn has_model(&self, model: &str) -> bool {
        self.models.contains_key(model)
    }

    /// The model behind a profile.
    #[must_use]
    pub fn model_of(&self, profile: &str) -> Option<&str> {
        self.profiles.get(profile).map(|row| row.model.as_str())
    }

    /// The profiles of a model that can be called from a Region, those of a geography before the global ones.
    #[must_use]
    pub fn profiles<'a>(&'a self, model: &str, source: &str) -> Vec<Profile<'a>> {
        let of_model = self.profiles.iter().filter(|(_, row)| row.model == model);
        let mut profiles: Vec<_> = of_model
            .filter_map(|(id, row)| self.from(id, row, source))
            .collect();
        profiles.sort_by_key(|profile| profile.destinations == Destinations::Global);
        profiles
    }

    fn from<'a>(&'a self, id: &'a str, row: &'a Row, source: &str) -> Option<Profile<'a>> {
        let source = self.regions.iter().position(|region| region == source)?;
        let (set, _) = row
            .sources
            .iter()
            .find(|(_, sources)| sources.contains(&source))?;
        let destinations = match usize::try_from(*set) {
            Err(_) => Destinations::Unknown,
            Ok(set) if self.sets[set].contains(&SPECIAL) => Destinations::Global,
            Ok(set) => {
                let index = |region: &i32| usize::try_from(*region).ok();
                Destinations::Regions(
                    self.sets[set]
                        .iter()
                        .filter_map(index)
                        .map(|it| &*self.regions[it])
                        .collect(),
                )
            }
        };
        Some(Profile {
            id,
            model: &row.model,
            destinations,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_depend_on_the_source() {
        let destinations = |source| {
            let profiles = CATALOGUE.profiles("anthropic.claude-haiku-4-5-20251001-v1:0", source);
            profiles
                .into_iter()
                .find(|profile| profile.id.starts_with("us."))
                .map(|profile| profile.destinations)
        };
        assert_eq!(
            destinations("us-east-1"),
            Some(Destinations::Regions(vec![
                "us-east-1",
                "us-east-2",
                "us-west-2"
            ]))
        );
        let from_canada = destinations("ca-central-1");
        assert!(
            matches!(&from_canada, Some(Destinations::Regions(regions)) if regions.contains(&"ca-central-1")),
            "{from_canada:?}"
        );
        assert_eq!(destinations("eu-west-1"), None);
    }

    #[test]
    fn global_profiles_come_last() {
        let profiles = CATALOGUE.profiles("anthropic.claude-haiku-4-5-20251001-v1:0", "us-east-1");
        let global: Vec<_> = profiles
            .iter()
            .map(|profile| profile.destinations == Destinations::Global)
            .collect();
        assert_eq!(global, [false, true]);
    }
}
