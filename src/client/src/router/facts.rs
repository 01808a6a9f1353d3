//! What is known of a router's source Regions: of each list the newest, whoever brings it and however late.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{features::Feature, target::Reach};

/// Which list of a source Region something stands in, and of when it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// One of AWS's lists, by a number of the caller's.
    pub list: u8,
    /// AWS's lists are numbered in the order in which they were asked for. 0 is what came with the release, which any of
    /// them beats.
    pub number: u64,
}

/// Something that can be called, as a list has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its place in the user's order; among equals the sources' order counts.
    pub place: usize,
    /// What is sent as `modelId`.
    pub model_id: String,
    /// The model itself.
    pub base_model: Option<String>,
    /// Which of the router's models it is of.
    pub model: usize,
    /// What that model refuses.
    pub refuses: Arc<[Feature]>,
    /// The quota that it draws on, where that is known.
    pub quota: Option<String>,
    /// Where it may be served.
    pub reach: Reach,
}

#[derive(Clone, Debug)]
struct Known {
    number: u64,
    rows: Vec<Row>,
}

/// The newest of each list of each source.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    lists: BTreeMap<(usize, u8), Known>,
    /// The newest that AWS said of data retention, with its number; no mode is a model's own default.
    retention: BTreeMap<usize, (u64, Option<String>)>,
}

impl Facts {
    /// Takes what a list says in, unless something newer is known; gives whether it did and that changed something.
    pub fn learn(&mut self, source: usize, fact: Fact, rows: Vec<Row>) -> bool {
        let Fact { list, number } = fact;
        let known = self.lists.get(&(source, list));
        if known.is_some_and(|known| {
            known.number > number || (known.number == number && known.rows == rows)
        }) {
            return false;
        }
        self.lists.insert((source, list), Known { number, rows });
        true
    }

    /// Takes in what AWS says of a source's data retention, unless something newer is known; gives whether that changed
    /// something.
    pub fn retain(&mut self, source: usize, number: u64, mode: Option<String>) -> bool {
        let known = self.retention.get(&source);
        if known.is_some_and(|(known, _)| *known > number) {
            return false;
        }
        let changed = known.is_none_or(|(_, known)| *known != mode);
        self.retention.insert(source, (number, mode));
        changed
    }

    /// The mode of data retention of a source, where it is known.
    #[must_use]
    pub fn retention(&self, source: usize) -> Option<&String> {
        self.retention.get(&source)?.1.as_ref()
    }

    /// All that can be called, in the order of preference: its source, where it stands, and what it is.
    #[must_use]
    pub fn rows(&self) -> Vec<(usize, Fact, &Row)> {
        let mut rows: Vec<_> = self
            .lists
            .iter()
            .flat_map(|((source, list), known)| {
                let fact = Fact {
                    list: *list,
                    number: known.number,
                };
                known.rows.iter().map(move |row| (*source, fact, row))
            })
            .collect();
        rows.sort_by_key(|(source, _, row)| (row.place, *source));
        rows
    }

    /// What callers may name as `modelId` of these rows, and which of the router's models that is: the first of several.
    #[must_use]
    pub fn names(&self) -> HashMap<String, usize> {
        let mut names = HashMap::new();
        for row in self.lists.values().flat_map(|known| &known.rows) {
            for name in [Some(&row.model_id), row.base_model.as_ref()]
                .into_iter()
                .flatten()
            {
                let known = names.entry(name.clone()).or_insert(row.model);
                *known = row.model.min(*known);
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(name: &str) -> Row {
        Row {
            place: 0,
            model_id: name.into(),
            base_model: None,
            model: 0,
            refuses: [].into(),
            quota: None,
            reach: Reach::Unknown,
        }
    }

    proptest! {
        /// Whatever comes late, what is known is what the newest list of each said.
        #[test]
        fn the_newest_of_each_list_is_known(
            told in prop::collection::vec((0_usize..3, 0_u8..3, 0_u64..5, "[a-c]"), 0..30),
        ) {
            let mut facts = Facts::default();
            let mut newest: BTreeMap<(usize, u8), (u64, String)> = BTreeMap::new();
            for (source, list, number, name) in told {
                facts.learn(source, Fact { list, number }, vec![row(&name)]);
                let known = newest.entry((source, list)).or_insert((number, name.clone()));
                if number >= known.0 {
                    *known = (number, name);
                }
            }
            let seen: BTreeMap<_, _> = facts
                .rows()
                .into_iter()
                .map(|(source, fact, row)| ((source, fact.list), (fact.number, row.model_id.clone())))
                .collect();
            prop_assert_eq!(seen, newest);
        }
    }

    proptest! {
        /// The same holds for modes.
        #[test]
        fn the_newest_mode_is_known(told in prop::collection::vec((0_usize..3, 0_u64..5, prop::option::of("[a-c]")), 0..30)) {
            let mut facts = Facts::default();
            let mut newest: BTreeMap<usize, (u64, Option<String>)> = BTreeMap::new();
            for (source, number, mode) in told {
                facts.retain(source, number, mode.clone());
                let known = newest.entry(source).or_insert((number, mode.clone()));
                if number >= known.0 {
                    *known = (number, mode);
                }
            }
            for source in 0..3 {
                let expected = newest.get(&source).and_then(|(_, mode)| mode.as_ref());
                prop_assert_eq!(facts.retention(source), expected);
            }
        }
    }

    #[test]
    fn an_empty_list_is_an_answer_too() {
        let mut facts = Facts::default();
        let (bundled, live) = (Fact::default(), Fact { list: 0, number: 1 });
        assert!(facts.learn(0, bundled, vec![row("a")]));
        assert!(facts.learn(0, live, vec![]));
        assert!(!facts.learn(0, bundled, vec![row("a")]));
        assert!(facts.rows().is_empty());
    }

    #[test]
    fn callers_may_name_what_is_sent_and_the_model_behind_it() {
        let mut facts = Facts::default();
        let profile = Row {
            base_model: Some("a".into()),
            ..row("us.a")
        };
        let next = |name| Row {
            model: 1,
            ..row(name)
        };
        let list = vec![next("a"), profile, row("b"), next("c")];
        facts.learn(0, Fact::default(), list);
        let expected = [("a", 0), ("b", 0), ("us.a", 0), ("c", 1)];
        let expected = expected.map(|(name, model)| (name.to_owned(), model));
        assert_eq!(facts.names(), HashMap::from(expected));
    }

    #[test]
    fn the_users_order_comes_before_that_of_the_sources() {
        let mut facts = Facts::default();
        let second = |name| Row {
            place: 1,
            ..row(name)
        };
        facts.learn(0, Fact::default(), vec![second("c"), row("a")]);
        facts.learn(1, Fact::default(), vec![second("d"), row("b")]);
        let names: Vec<_> = facts
            .rows()
            .iter()
            .map(|(_, _, row)| &*row.model_id)
            .collect();
        assert_eq!(names, ["a", "b", "c", "d"]);
    }
}
