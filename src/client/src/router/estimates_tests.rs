use aws_smithy_types::base64;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::model::Service;

fn operation(name: &str) -> &'static Operation {
    Service::BedrockRuntime
        .operation(name)
        .expect("it is in the table")
}

fn asking(text: &str, most: u32) -> Value {
    json!({
        "messages": [{"role": "user", "content": [{"text": text}]}],
        "system": [{"text": "be brief"}],
        "inferenceConfig": {"maxTokens": most},
    })
}

fn of(estimates: &Estimates, name: &str, body: &Value) -> f64 {
    estimates
        .of(operation(name), body.to_string().as_bytes())
        .tokens()
}

fn counted(estimates: &Estimates, request: &Value, answer: &Value) {
    estimates.counted(
        request.to_string().as_bytes(),
        answer.to_string().as_bytes(),
    );
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-6
}

#[test]
fn what_was_counted_is_known_whatever_is_asked_for_beside_it() {
    let estimates = Estimates::default();
    let (mine, other) = (asking("こんにちは", 100), asking("hello", 100));
    let before = of(&estimates, "Converse", &other);
    let input = json!({"messages": mine["messages"], "system": mine["system"]});
    counted(
        &estimates,
        &json!({"input": {"converse": input}}),
        &json!({"inputTokens": 1234}),
    );
    for name in ["Converse", "ConverseStream"] {
        assert!(close(of(&estimates, name, &mine), 1334.0));
        assert!(close(
            of(&estimates, name, &asking("こんにちは", 7)),
            1241.0
        ));
        assert!(close(of(&estimates, name, &other), before));
    }
}

#[test]
fn a_body_of_a_models_own_is_known_when_it_was_counted() {
    let estimates = Estimates::default();
    let body = json!({"max_tokens": 10, "messages": [{"role": "user", "content": "hi"}]});
    let asked = json!({"input": {"invokeModel": {"body": base64::encode(body.to_string())}}});
    counted(&estimates, &asked, &json!({"inputTokens": 55}));
    for name in ["InvokeModel", "InvokeModelWithResponseStream"] {
        assert!(close(of(&estimates, name, &body), 65.0));
    }
    // Another operation's count is none of it.
    assert!(!close(of(&estimates, "Converse", &body), 65.0));
}

#[test]
fn a_count_that_is_none_is_not_believed() {
    let estimates = Estimates::default();
    let body = asking("hello", 0);
    let before = of(&estimates, "Converse", &body);
    let asked = json!({"input": {"converse": body}});
    for answer in [
        json!({}),
        json!(null),
        json!({"inputTokens": -1}),
        json!({"inputTokens": 1e300}),
        json!({"inputTokens": "5"}),
    ] {
        counted(&estimates, &asked, &answer);
    }
    for asked in [
        json!({}),
        json!({"input": {}}),
        json!({"input": {"invokeModel": {"body": "?"}}}),
    ] {
        counted(&estimates, &asked, &json!({"inputTokens": 5}));
    }
    assert!(close(of(&estimates, "Converse", &body), before));
}

#[test]
fn counts_are_remembered_up_to_a_bound() {
    let estimates = Estimates::default();
    for number in 0..2 * COUNTS.get() {
        let asked = json!({"input": {"converse": asking(&number.to_string(), 0)}});
        counted(&estimates, &asked, &json!({"inputTokens": 5}));
    }
    assert_eq!(estimates.learnt().counts.len(), COUNTS.get());
}

proptest! {
    /// After some answers a guess is what such inputs take, within the bounds of what any model's tokens may be.
    #[test]
    fn guesses_come_to_what_answers_said(ratio in 0.01_f64..20.0, lengths in prop::collection::vec(100_usize..20_000, 60..120)) {
        let estimates = Estimates::default();
        for length in lengths {
            let body = asking(&"a b ".repeat(length), 0).to_string();
            let guess = estimates.of(operation("Converse"), body.as_bytes());
            estimates.answered(&guess, guess.input * ratio);
        }
        let body = asking(&"a b ".repeat(1000), 0).to_string();
        let guess = estimates.of(operation("Converse"), body.as_bytes());
        let expected = guess.input * ratio.clamp(LEAST, MOST);
        prop_assert!((guess.tokens() / expected - 1.0).abs() < 0.1, "{} for {expected}", guess.tokens());
    }

    /// Nothing that a server says makes a guess absurd.
    #[test]
    fn no_answer_makes_it_absurd(told in prop::collection::vec(any::<f64>(), 0..50)) {
        let estimates = Estimates::default();
        let body = asking(&"a b ".repeat(1000), 0);
        let first = of(&estimates, "Converse", &body);
        for told in told {
            let guess = estimates.of(operation("Converse"), body.to_string().as_bytes());
            estimates.answered(&guess, told);
        }
        let last = of(&estimates, "Converse", &body);
        prop_assert!((first * LEAST..=first * MOST).contains(&last));
    }
}
