use std::fmt::Write;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::model::Service;

fn operation(name: &str) -> &'static Operation {
    Service::BedrockRuntime
        .operation(name)
        .expect("it is in the table")
}

fn of(body: &Value) -> f64 {
    guess(operation("Converse"), body).tokens()
}

/// The head of a PNG of this size, and bytes that are no image.
fn png(width: u32, height: u32, length: usize) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.resize(length.max(bytes.len()), 7);
    bytes
}

fn mp4(seconds: u32, length: usize) -> Vec<u8> {
    let mut bytes = b"\0\0\0\x18ftypmp42\0\0\0\0".to_vec();
    bytes.extend([7; 100]);
    bytes.extend(b"mvhd");
    bytes.extend([0; 12]);
    bytes.extend(1000_u32.to_be_bytes());
    bytes.extend((seconds * 1000).to_be_bytes());
    bytes.resize(length, 7);
    bytes
}

fn asking(content: &Value) -> Value {
    json!({"messages": [{"role": "user", "content": [content]}], "inferenceConfig": {"maxTokens": 0}})
}

fn image(bytes: &[u8]) -> Value {
    json!({"image": {"format": "png", "source": {"bytes": base64::encode(bytes)}}})
}

#[test]
fn an_image_costs_what_its_pixels_cost_in_every_format_of_a_body() {
    let photo = base64::encode(png(1000, 750, 600_000));
    let anthropic = json!({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": photo}});
    let url = format!("data:image/png;base64,{photo}");
    let openai = json!({"type": "image_url", "image_url": {"url": url}});
    let result =
        json!({"toolResult": {"toolUseId": "t", "content": [image(&png(1000, 750, 600_000))]}});
    for content in [image(&png(1000, 750, 600_000)), anthropic, openai, result] {
        let estimate = of(&asking(&content));
        assert!((1000.0..1060.0).contains(&estimate), "{estimate}");
    }
    let large = of(&asking(&image(&png(8000, 8000, 1000))));
    assert!((4784.0..4840.0).contains(&large), "{large}");
}

#[test]
fn documents_and_videos_cost_by_their_pages_and_seconds() {
    let document = |bytes: &[u8]| {
        let source = json!({"bytes": base64::encode(bytes)});
        of(&asking(
            &json!({"document": {"format": "pdf", "name": "d", "source": source}}),
        ))
    };
    let mut pdf = String::from("%PDF-1.4 /Type /Pages ");
    for _ in 0..4 {
        write!(pdf, "<< /Type /Page >> << /Type/Page/Parent 1 >>").expect("a string grows");
    }
    pdf.push_str(&"7".repeat(1_000_000));
    assert!((24_000.0..24_100.0).contains(&document(pdf.as_bytes())));
    // Compressed: by its size.
    let compressed = document(&[b"%PDF-1.7 ".as_slice(), &vec![7; 120_000]].concat());
    assert!((9000.0..9100.0).contains(&compressed));
    // Text in base64 is text.
    let table = document("a,b,c\n".repeat(1000).as_bytes());
    assert!((1500.0..1560.0).contains(&table), "{table}");
    let video = |bytes: &[u8]| {
        let source = json!({"bytes": base64::encode(bytes)});
        of(&asking(
            &json!({"video": {"format": "mp4", "source": source}}),
        ))
    };
    assert!((2880.0..2940.0).contains(&video(&mp4(10, 3_000_000))));
    let longest = video(&mp4(100_000, 3_000_000));
    assert!((276_480.0..276_540.0).contains(&longest));
}

#[test]
fn what_may_be_written_is_read_in_the_words_of_each_family() {
    for path in OUTPUTS {
        let mut body = json!(500);
        for name in path
            .split('/')
            .skip(1)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
        {
            body = json!({ name: body });
        }
        let estimate = of(&body);
        assert!((500.0..520.0).contains(&estimate), "{path}: {estimate}");
    }
    assert!(of(&json!({})) >= USUAL_OUTPUT);
    // A model of embeddings writes nothing, and counting runs no model.
    assert!(of(&json!({"inputText": "hello"})) < 10.0);
    let counted = json!({"input": {"converse": {"messages": []}}});
    assert!(guess(operation("CountTokens"), &counted).tokens() < 1.0);
}

proptest! {
    /// However many its bytes are: no image costs more than the largest, and text costs by its length.
    #[test]
    fn bytes_do_not_cost_by_their_number(width in 1_u32..20_000, height in 1_u32..20_000, length in 64_usize..200_000) {
        let estimate = of(&asking(&image(&png(width, height, length))));
        prop_assert!(estimate <= LARGEST_IMAGE + 60.0, "{estimate}");
    }

    #[test]
    fn text_costs_by_its_length(text in "\\PC{0,400}") {
        let words = format!("{text}. {text}");
        let estimate = of(&asking(&json!({"text": words})));
        let expected = tokens(words.len());
        prop_assert!((estimate - expected).abs() <= 60.0, "{estimate} for {expected}");
    }

    /// No bytes make it fail.
    #[test]
    fn whatever_is_in_a_body_has_an_estimate(bytes in prop::collection::vec(any::<u8>(), 0..300), head in 0_usize..5) {
        let heads: [&[u8]; 5] = [b"", b"\x89PNG\r\n\x1a\n", b"%PDF", b"\0\0\0\x18ftypmvhd", b"\xff\xd8\xff"];
        let estimate = of(&asking(&image(&[heads[head], &bytes].concat())));
        prop_assert!(estimate.is_finite() && estimate >= 0.0);
        let raw = serde_json::from_slice(&bytes).unwrap_or_default();
        let raw = guess(operation("InvokeModel"), &raw).tokens();
        prop_assert!(raw.is_finite() && raw >= 0.0);
    }
}
