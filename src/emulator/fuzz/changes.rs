//! What proptest makes of the seeds of fuzz targets, within every run of the tests.

use std::{fs, path::Path};

use proptest::{collection::vec, prelude::*, sample::Index};

/// A fuzz target: the name of its folder of seeds, and the function.
pub type Target = (&'static str, fn(&[u8]));

/// Some bytes in the place of others.
type Change = (Index, u8, Vec<u8>);

/// The seeds of a target.
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(target);
    let files = fs::read_dir(folder).expect("every target has seeds");
    files
        .map(|file| fs::read(file.expect("it was listed").path()).expect("it can be read"))
        .collect()
}

/// Changes of a seed: pieces that mean something to a parser come up more often than chance would have them.
pub fn changes(words: &'static [&'static str]) -> impl Strategy<Value = Vec<Change>> {
    let words = prop::sample::select(words).prop_map(|word| word.as_bytes().to_vec());
    let piece = prop_oneof![words, vec(any::<u8>(), 0..8)];
    vec((any::<Index>(), 0..12_u8, piece), 0..5)
}

/// Runs every target on one of its seeds, changed.
pub fn run_changed(targets: &[Target], which: Index, changes: &[Change]) {
    for (target, run) in targets {
        let seeds = seeds(target);
        let mut bytes = seeds[which.index(seeds.len())].clone();
        for (place, length, put) in changes {
            let start = place.index(bytes.len() + 1);
            let end = bytes.len().min(start + usize::from(*length));
            bytes.splice(start..end, put.iter().copied());
        }
        run(&bytes);
    }
}

/// The tests that every list of targets has: their seeds changed, and anything at all.
macro_rules! bears_anything {
    ($targets:expr, $words:expr) => {
        proptest::proptest! {
            #![proptest_config(proptest::test_runner::Config {
                cases: 400,
                failure_persistence: None,
                ..proptest::test_runner::Config::default()
            })]

            #[test]
            fn a_seed_with_changes(
                which in proptest::arbitrary::any::<proptest::sample::Index>(),
                changes in $crate::changes::changes($words),
            ) {
                $crate::changes::run_changed($targets, which, &changes);
            }

            #[test]
            fn anything(bytes in proptest::collection::vec(proptest::arbitrary::any::<u8>(), 0..200)) {
                for (_, run) in $targets {
                    run(&bytes);
                }
            }
        }
    };
}

pub(crate) use bears_anything;
