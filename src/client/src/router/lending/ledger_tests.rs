use proptest::prelude::*;

use super::*;

const NOBODY: Among = Among {
    holders: 1,
    held: 0.0,
    passed: HOLD,
};

fn at(seconds: f64) -> Moment {
    Moment {
        monotonic: seconds,
        wall: 1000.0 + seconds,
    }
}

fn asks(quota: f64, want: f64, need: f64) -> Ask {
    Ask {
        quota,
        back: 0.0,
        want,
        need,
    }
}

#[test]
fn a_second_is_lent_at_once_and_the_rest_with_time() {
    let mut row = Row::full(Kind::Tokens, 6000.0, at(0.0));
    let all = asks(6000.0, 1e9, 100.0);
    assert_eq!(row.lend(Kind::Tokens, &all, NOBODY, at(0.0)), Ok(100.0));
    let wait = row
        .lend(Kind::Tokens, &all, NOBODY, at(0.0))
        .expect_err("nothing is left");
    assert!((wait - 25.0 / 95.0).abs() < 1e-9, "{wait}");
    // A quarter of it is enough for a call that needs all: it leaves a debt.
    assert_eq!(
        row.lend(Kind::Tokens, &all, NOBODY, at(wait + 1e-9)),
        Ok(100.0)
    );
    assert!(row.level < 0.0);
}

#[test]
fn one_of_several_gets_its_part_and_more_while_others_leave_theirs() {
    let among = Among {
        holders: 4,
        ..NOBODY
    };
    let mut row = Row::full(Kind::Requests, 60_000.0, at(0.0));
    let many = asks(60_000.0, 1e9, 1.0);
    let first = row
        .lend(Kind::Requests, &many, among, at(0.0))
        .expect("full");
    assert_eq!(Some(first), Some((950.0_f64 / 4.0 * 2.0).floor()));
    let second = row
        .lend(Kind::Requests, &many, among, at(0.0))
        .expect("half");
    assert!(second < first && second > 950.0 / 4.0 * 0.5, "{second}");
}

#[test]
fn what_is_given_back_is_there_for_others_but_no_more_than_fits() {
    let mut row = Row::full(Kind::Tokens, 6000.0, at(0.0));
    let back = |back| Ask {
        back,
        ..asks(6000.0, 0.0, 0.0)
    };
    assert_eq!(
        row.lend(Kind::Tokens, &back(-300.0), NOBODY, at(0.0)),
        Ok(0.0)
    );
    assert_eq!(Some(row.level), Some(-200.0));
    assert_eq!(
        row.lend(Kind::Tokens, &back(250.0), NOBODY, at(0.0)),
        Ok(0.0)
    );
    assert_eq!(Some(row.level), Some(50.0));
    assert_eq!(
        row.lend(Kind::Tokens, &back(250.0), NOBODY, at(0.0)),
        Ok(0.0)
    );
    assert_eq!(Some(row.level), Some(100.0));
}

#[test]
fn what_calls_under_way_have_reserved_is_left_free() {
    let risen = |held| {
        let mut row = Row {
            level: 0.0,
            at: at(0.0),
        };
        let among = Among { held, ..NOBODY };
        let lent = row.lend(Kind::Tokens, &asks(6000.0, 0.0, 0.0), among, at(1.0));
        assert_eq!(lent, Ok(0.0));
        row.level
    };
    assert_eq!(Some(risen(0.0)), Some(95.0));
    assert_eq!(Some(risen(3000.0)), Some(47.5));
    // Not all of it: else nobody would find out that those calls have ended.
    assert_eq!(Some(risen(9000.0)), Some(9.5));
}

#[test]
fn clocks_that_jump_make_no_quota_and_hold_nobody_up() {
    let mut row = Row {
        level: 0.0,
        at: at(1000.0),
    };
    let none = asks(6000.0, 0.0, 0.0);
    let mut level = |monotonic, wall| {
        let now = Moment { monotonic, wall };
        row.lend(Kind::Tokens, &none, NOBODY, now)
            .expect("nothing is needed");
        // However numbers are rounded.
        (row.level * 1e3).round() / 1e3
    };
    // The wall's clock is set forward, then back; the machine is started anew; a container has clocks of its own.
    assert_eq!(Some(level(1000.0, 2e9)), Some(0.0));
    assert_eq!(Some(level(1000.5, 5.0)), Some(0.0));
    assert_eq!(Some(level(1001.0, 5.5)), Some(47.5));
    assert_eq!(Some(level(3.0, 60.0)), Some(47.5));
    assert_eq!(Some(level(1e9, 60.1)), Some(57.0));
}

#[derive(Clone, Debug)]
struct Step {
    pause: f64,
    kind: Kind,
    ask: Ask,
    holders: u32,
    held: f64,
    jump: f64,
    of_wall: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let pause = prop_oneof![Just(0.0), 0.0..0.1, 0.0..5.0, 0.0..200.0];
    let back = prop_oneof![Just(0.0), -500.0..500.0];
    let jump = prop_oneof![3 => Just(0.0), 1 => -1e6..1e6];
    let ask = (0.0..5000.0, prop_oneof![Just(0.0), 0.0..2000.0], back);
    (pause, ask, 1_u32..100, 0.0..20_000.0, jump, any::<bool>()).prop_map(
        |(pause, (want, need, back), holders, held, jump, of_wall)| Step {
            pause,
            kind: Kind::Tokens,
            ask: Ask {
                quota: 6000.0,
                back,
                want,
                need,
            },
            holders,
            held,
            jump,
            of_wall,
        },
    )
}

proptest! {
    /// Whoever asks, gives back or dies, and whatever clock jumps: no more is lent than a quota's worth of the time that has
    /// passed, what may be lent at once, and one call. And whoever is told to wait finds enough then.
    #[test]
    fn no_more_is_lent_than_there_is(steps in prop::collection::vec(step(), 1..60)) {
        let (mut passed, mut moment) = (0.0, at(0.0));
        let mut row = Row::full(Kind::Tokens, 6000.0, moment);
        let (mut lent, mut largest) = (0.0_f64, 0.0_f64);
        for Step { pause, kind, ask, holders, held, jump, of_wall } in steps {
            passed += pause;
            moment.monotonic += pause + if of_wall { 0.0 } else { jump };
            moment.wall += pause + if of_wall { jump } else { 0.0 };
            let among = Among { holders, held, passed: pause };
            largest = largest.max(ask.need);
            // Who took more than was lent has taken it already: that is not lent.
            lent -= ask.back.max(0.0);
            match row.lend(kind, &ask, among, moment) {
                Ok(amount) => {
                    prop_assert!(amount >= ask.need);
                    lent += amount;
                }
                Err(wait) => {
                    prop_assert!(wait > 0.0 && wait.is_finite());
                    let mut later = row;
                    let then = Moment { monotonic: moment.monotonic + wait + 1e-6, wall: moment.wall + wait + 1e-6 };
                    let again = later.lend(kind, &Ask { back: 0.0, ..ask }, among, then);
                    prop_assert!(again.is_ok(), "{again:?}");
                }
            }
            let most = 100.0 + passed * 95.0 + largest;
            prop_assert!(lent <= most + 1e-6, "{lent} of {most}");
            prop_assert!(row.level <= 100.0 && row.level.is_finite());
        }
    }
}
