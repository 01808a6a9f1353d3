use super::*;

fn second(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

fn lease(tokens: Option<f64>, requests: Option<f64>) -> (Lease, Instant) {
    let mut lease = Lease::default();
    lease.set_quotas([tokens, requests]);
    (lease, Instant::now())
}

fn lent(tokens: f64, requests: f64) -> Lent {
    Lent {
        amounts: [tokens, requests],
        wait: None,
        scarce: false,
        holders: 2,
    }
}

const GO: Tried = Tried {
    after: None,
    ask: false,
};

#[test]
fn a_call_that_finds_nothing_asks_once_and_goes_with_what_is_lent() {
    let (mut lease, now) = lease(Some(6000.0), Some(60.0));
    let first = lease.take(500.0, now);
    assert_eq!(
        first,
        Tried {
            after: Some(LOOK),
            ask: true
        }
    );
    assert!(!lease.take(500.0, now).ask);
    let asked = lease.collect(now);
    let [tokens, requests] = asked.asks.map(|ask| ask.expect("it is limited"));
    assert_eq!(
        (tokens.need, tokens.want, tokens.back),
        (500.0, 2000.0, 0.0)
    );
    assert_eq!((requests.need, requests.want), (1.0, 4.0));
    lease.deposit(&lent(1000.0, 2.0), now);
    assert_eq!([lease.take(500.0, now), lease.take(500.0, now)], [GO, GO]);
    assert!(lease.take(500.0, now).after.is_some());
    assert_eq!(lease.told(), (2, None));
}

#[test]
fn answers_teach_what_calls_take_of_what_they_reserve() {
    let (mut lease, now) = lease(Some(6000.0), None);
    lease.take(1000.0, now);
    lease.collect(now);
    lease.deposit(&lent(1000.0, 0.0), now);
    assert_eq!(lease.take(1000.0, now), GO);
    lease.release(1000.0, Some(100.0), false);
    // 900 are left, and a call needs a tenth of what it reserves: nine more go.
    for _ in 0..9 {
        assert_eq!(lease.take(1000.0, now).after, None);
    }
    assert!(lease.take(1000.0, now).after.is_some());
    let asked = lease.collect(now);
    assert_eq!(Some(asked.held), Some(8100.0));
    // One that takes more than it reserved leaves a debt.
    lease.release(1000.0, Some(5000.0), false);
    assert!(lease.load()[0].expect("it is limited").0 < -4000.0);
    let debt = lease.collect(now).asks[0].expect("it is limited").back;
    assert!(debt < -4000.0, "{debt}");
}

#[test]
fn what_is_not_spent_in_time_is_given_back_and_not_spent_later() {
    let (mut lease, now) = lease(None, Some(600.0));
    lease.take(0.0, now);
    lease.collect(now);
    lease.deposit(&lent(0.0, 10.0), now);
    assert_eq!(lease.take(0.0, now), GO);
    assert!(lease.is_active());
    let later = now + second(1.0);
    assert_eq!(
        lease.take(0.0, later),
        Tried {
            after: Some(LOOK),
            ask: true
        }
    );
    let asked = lease.collect(later);
    assert_eq!(asked.asks[1].map(|ask| ask.back), Some(9.0));
    lease.deposit(&lent(0.0, 4.0), later);
    assert_eq!(lease.take(0.0, later), GO);
    // Whoever stops calling has nothing in the end, and is no holder.
    assert!(!lease.collect(later).leaves);
    let asked = lease.collect(later + second(1.0));
    assert!(asked.leaves);
    assert_eq!(
        asked.asks[1].map(|ask| (ask.back, ask.want)),
        Some((3.0, 0.0))
    );
    assert!(!lease.is_active());
}

#[test]
fn many_calls_ask_before_they_have_spent_all() {
    let (mut lease, now) = lease(None, Some(60_000.0));
    lease.take(0.0, now);
    lease.collect(now);
    lease.deposit(&lent(0.0, 100.0), now);
    let later = now + second(0.1);
    let asked: Vec<bool> = (0..100).map(|_| lease.take(0.0, later).ask).collect();
    assert_eq!(asked.iter().filter(|ask| **ask).count(), 1);
    let before = asked.iter().position(|ask| *ask).expect("one asks");
    assert!((50..99).contains(&before), "{before}");
}

#[test]
fn who_is_told_to_wait_does_not_ask_before() {
    let (mut lease, now) = lease(None, Some(6.0));
    lease.take(0.0, now);
    lease.collect(now);
    lease.deposit(
        &Lent {
            wait: Some(9.0),
            ..lent(0.0, 0.0)
        },
        now,
    );
    let half = lease.take(0.0, now + second(4.5));
    assert_eq!(
        half,
        Tried {
            after: Some(second(4.5)),
            ask: false
        }
    );
    assert!(lease.take(0.0, now + second(9.0)).ask);
}

#[test]
fn where_nobody_lends_a_process_goes_by_its_part_and_asks_again_later() {
    let (mut lease, now) = lease(None, Some(1200.0));
    lease.take(0.0, now);
    lease.collect(now);
    lease.deposit(&lent(0.0, 0.0), now);
    let mut now = now + second(1.0);
    assert!(lease.take(0.0, now).ask);
    let asked = lease.collect(now);
    lease.miss(&asked, "the disk is full", now);
    assert_eq!(lease.told(), (2, Some("the disk is full")));
    let (begun, mut calls, mut asks) = (now, 0, 0);
    while now < begun + second(12.0) {
        let tried = lease.take(0.0, now);
        match tried.after {
            None => calls += 1,
            Some(after) => now += after.max(second(0.001)),
        }
        if tried.ask {
            asks += 1;
            let asked = lease.collect(now);
            lease.miss(&asked, "the disk is full", now);
        }
    }
    // Half of 20 a second, and a second's worth at once.
    assert!((100..=130).contains(&calls), "{calls}");
    assert_eq!(asks, 2);
    lease.deposit(&lent(0.0, 5.0), now);
    assert_eq!(lease.told(), (2, None));
}

#[test]
fn whoever_does_not_answer_in_time_is_not_waited_for() {
    let (mut lease, now) = lease(None, Some(600.0));
    assert!(lease.take(0.0, now).ask);
    assert!(lease.take(0.0, now + second(0.9)).after.is_some());
    let late = lease.take(0.0, now + second(1.1));
    assert_eq!(late, GO);
    assert_eq!(lease.told().1, Some("it did not answer in time"));
}
