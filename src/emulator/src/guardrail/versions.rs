//! The versions of a guardrail: a draft that can be changed, and numbered copies of it that cannot.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Guardrail;
use crate::clock::Instant;

/// The version that can be changed.
pub const DRAFT: &str = "DRAFT";

/// One guardrail in all its versions.
#[derive(Clone, Debug)]
pub struct Versions {
    draft: Guardrail,
    numbered: BTreeMap<u32, Guardrail>,
    /// The number given last: those of deleted versions do not come again.
    last: u32,
}

impl Versions {
    /// A guardrail that has its draft only.
    #[must_use]
    pub fn new(id: String, asked: Value, now: Instant) -> Self {
        let draft = Guardrail {
            id,
            version: DRAFT.to_owned(),
            asked,
            created: now,
            updated: now,
        };
        Self {
            draft,
            numbered: BTreeMap::new(),
            last: 0,
        }
    }

    /// The version that can be changed.
    #[must_use]
    pub fn draft(&self) -> &Guardrail {
        &self.draft
    }

    /// A version by its name.
    #[must_use]
    pub fn get(&self, version: &str) -> Option<&Guardrail> {
        if version == DRAFT {
            return Some(&self.draft);
        }
        version
            .parse()
            .ok()
            .and_then(|number: u32| self.numbered.get(&number))
    }

    /// All of them, the draft first.
    pub fn all(&self) -> impl Iterator<Item = &Guardrail> {
        std::iter::once(&self.draft).chain(self.numbered.values())
    }

    /// Changes the draft.
    pub fn update(&mut self, asked: Value, now: Instant) {
        self.draft.asked = asked;
        self.draft.updated = now;
    }

    /// Copies the draft into a new version, whose description is its own, and gives its number.
    pub fn add(&mut self, description: Option<&str>, now: Instant) -> u32 {
        self.last += 1;
        let mut copy = self.draft.clone();
        copy.version = self.last.to_string();
        copy.created = now;
        copy.updated = now;
        if let Some(asked) = copy.asked.as_object_mut() {
            asked.remove("description");
            if let Some(description) = description {
                asked.insert("description".to_owned(), json!(description));
            }
        }
        self.numbered.insert(self.last, copy);
        self.last
    }

    /// Takes a numbered version away; tells whether it was there.
    pub fn remove(&mut self, version: &str) -> bool {
        let number: Option<u32> = version.parse().ok();
        number.is_some_and(|number| self.numbered.remove(&number).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_do_not_change_with_the_draft_and_numbers_do_not_come_again() {
        let now = Instant::default();
        let asked = |name: &str| json!({"name": name, "description": "d"});
        let mut versions = Versions::new("g".to_owned(), asked("one"), now);
        assert_eq!(versions.add(Some("first"), now), 1);
        versions.update(asked("two"), now);
        assert_eq!(versions.add(None, now), 2);
        let told = |version: &str| versions.get(version).map(|found| found.asked.clone());
        assert_eq!(
            told("1"),
            Some(json!({"name": "one", "description": "first"}))
        );
        assert_eq!(told("2"), Some(json!({"name": "two"})));
        assert_eq!(told(DRAFT), Some(asked("two")));
        assert!(versions.remove("2") && !versions.remove("2") && !versions.remove(DRAFT));
        assert_eq!(versions.add(None, now), 3);
        let names: Vec<_> = versions.all().map(|found| found.version.as_str()).collect();
        assert_eq!(names, [DRAFT, "1", "3"]);
    }
}
