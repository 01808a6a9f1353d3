//! What the guide promises, for other seeds, too.

use super::*;
use crate::report::Minute;

const SEEDS: [u64; 3] = [SEED, 1, 2];

#[test]
fn an_outage_costs_callers_nothing_and_starts_no_storm() {
    for (accounts, seed) in [(1, SEED), (2, SEED), (1, 1), (2, 1)] {
        for name in [Name::Outcrop, Name::Affinity] {
            let report = played(name, accounts, seed);
            let case = format!("{name:?}, {accounts} accounts, seed {seed}");
            for minutes in [BEFORE, OUTAGE, AFTER] {
                let answered = report.over(minutes).answered();
                assert!(answered > 0.999, "{case}: {answered}");
            }
            for at in BEFORE.start..AFTER.end {
                let attempts = report.over(at..at + 1).attempts();
                assert!(attempts < 1.3, "{case}, minute {at}: {attempts}");
            }
            let back = report.back_after(seconds(OUTAGE.end));
            assert!(back.is_some_and(|it| it < 60.0), "{case}: {back:?}");
        }
    }
}

#[test]
fn conversations_that_stay_are_answered_as_well_and_for_less() {
    for (seed, accounts) in SEEDS.into_iter().flat_map(|seed| [(seed, 1), (seed, 2)]) {
        let [without, with] =
            [Name::Outcrop, Name::Affinity].map(|name| played(name, accounts, seed));
        for (phase, minutes) in PHASES {
            let [without, with] = [&without, &with].map(|it| it.over(minutes.clone()));
            let case = format!("{phase}, {accounts} accounts, seed {seed}");
            let more = |of: fn(&Minute) -> f64| of(&with) - of(&without);
            assert!(more(Minute::answered) >= 0.0, "{case}");
            assert!(more(Minute::attempts) <= 0.0, "{case}");
            assert!(more(Minute::cost) <= 0.0, "{case}");
            assert!(with.in_vain.given() <= without.in_vain.given(), "{case}");
            // While the first Region is away both go by the same; which calls try it again is chance.
            assert!(more(Minute::cached) > -0.001, "{case}");
            assert!(more(Minute::moved) < 0.001, "{case}");
        }
        let case = format!("{accounts} accounts, seed {seed}");
        let of = |minutes: Range<u64>| [&without, &with].map(|it| it.over(minutes.clone()));
        // After the outage no cache is left behind,
        let ([cold, warm], [_, before]) = (of(AFTER), of(BEFORE));
        assert!(cold.cached() < before.cached() - 0.05, "{case}");
        assert!(warm.cached() > before.cached() - 0.03, "{case}");
        // and in a rush nobody comes back each time to where there is no room.
        let [to_and_fro, staying] = of(RUSH);
        assert!(to_and_fro.moved() > 2.0 * staying.moved(), "{case}");
    }
}

#[test]
fn another_account_is_more_room() {
    for name in [Name::Outcrop, Name::Affinity] {
        let rush = [1, 2].map(|accounts| played(name, accounts, SEED).over(RUSH));
        assert!(rush[0].answered() < 0.995, "{}", rush[0].answered());
        assert!(rush[1].answered() > 0.999, "{}", rush[1].answered());
    }
}

#[test]
fn what_it_is_compared_with_does_worse() {
    let router = played(Name::Affinity, 1, SEED);
    for name in [Name::Retries, Name::RoundRobin] {
        let other = played(name, 1, SEED);
        let outage = other.over(OUTAGE);
        assert!(outage.answered() < 0.7, "{}", outage.answered());
        assert!(outage.in_vain.given() > 10 * router.over(OUTAGE).in_vain.given());
        assert!(other.over(RUSH).answered() < router.over(RUSH).answered());
    }
    // Who goes from Region to Region finds no cache that he wrote in time.
    let turns = played(Name::RoundRobin, 1, SEED);
    for (phase, minutes) in PHASES {
        let [turns, router] = [&turns, &router].map(|it| it.over(minutes.clone()));
        assert!(turns.cached() < router.cached(), "{phase}");
        assert!(turns.cost() > router.cost(), "{phase}");
    }
}

#[test]
fn all_strategies_meet_the_same_conversations_and_a_run_can_be_repeated() {
    let [first, again] = [1, 1].map(|accounts| played(Name::Outcrop, accounts, 5));
    let of = |report: &Report| report.over(0..MINUTES).json();
    assert_eq!(of(&first), of(&again));
    let drawn = conversations::drawn(5, seconds(MINUTES), &RUSH);
    assert_eq!(first.begun.len(), drawn.len());
    assert_eq!(played(Name::Retries, 1, 5).begun.len(), drawn.len());
    assert!(drawn.iter().all(|it| (6..13).contains(&it.turns.len())));
}

#[test]
fn a_canary_has_its_share_and_keeps_its_conversations() {
    let report = played(Name::Canary, 2, SEED);
    let begun = report.begun.iter().filter_map(|(_, place)| *place);
    let all = begun.clone().count();
    let canary = begun.filter(|place| place.account == 1).count();
    assert!(
        (80..120).contains(&(1000 * canary / all)),
        "{canary} of {all}"
    );
    let moved = report.over(BEFORE).moved();
    assert!(moved < 0.001, "{moved}");
}
