//! What a batch job does: it reads records out of JSON lines and writes the model's answers beside them.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::reading::Reading;
use crate::bodies::{self, Context, Family, embeddings};
use crate::catalogue::Model;
use crate::clock::Instant;
use crate::error::ServiceError;
use crate::model::{self, Manner, Usage};
use crate::objects::{Objects, below};
use crate::refusals::Evidence;
use crate::resources::Counts;

/// Records that a job must have ("Minimum number of records per batch inference job", service quotas, 2025).
pub const LEAST_RECORDS: usize = 100;

/// The model, how it answers, and whether it is asked in Converse's form.
pub struct Worker<'a> {
    pub model: &'a Model,
    pub manner: Manner,
    pub converses: bool,
    pub now: Instant,
    pub evidence: Evidence,
}

impl Worker<'_> {
    /// How many records are below `input`, if that is less than a job must have.
    pub fn too_few(&self, objects: &Objects, input: &str) -> Option<usize> {
        let files = inputs(objects, input, self.now);
        if files.is_empty() || self.evidence > Evidence::Documented {
            return None;
        }
        let records = |file: &String| {
            let bytes = objects.get(file, self.now).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            text.lines().filter(|line| !line.trim().is_empty()).count()
        };
        let found = files.iter().map(records).sum();
        (found < LEAST_RECORDS).then_some(found)
    }

    /// Answers every record below `input` into `output`, where the answers are to be found after `duration`. Nothing is
    /// written when there is nothing to read.
    pub fn run(
        &self,
        objects: &Objects,
        input: &str,
        output: &str,
        duration: Duration,
    ) -> Option<Counts> {
        let files = inputs(objects, input, self.now);
        if files.is_empty() {
            return None;
        }
        let done = self.now.after(duration);
        let (mut counts, mut usage) = (Counts::default(), Usage::default());
        for file in &files {
            let bytes = objects.get(file, self.now).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            let mut written = String::new();
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                counts.total += 1;
                let record = self.record(line, counts.total, &mut usage);
                if record.contains_key("error") {
                    counts.errors += 1;
                }
                written.push_str(&Value::Object(record).to_string());
                written.push('\n');
            }
            let name = file.rsplit('/').next().unwrap_or_default();
            objects.put(&below(output, &format!("{name}.out")), written, done);
        }
        let manifest = json!({
            "totalRecordCount": counts.total,
            "processedRecordCount": counts.total,
            "successRecordCount": counts.total - counts.errors,
            "errorRecordCount": counts.errors,
            "inputTokenCount": usage.input,
            "outputTokenCount": usage.output,
        });
        let place = below(output, "manifest.json.out");
        objects.put(&place, manifest.to_string(), done);
        Some(counts)
    }

    /// One line of the output.
    fn record(&self, line: &str, number: u64, usage: &mut Usage) -> Map<String, Value> {
        let mut record = match serde_json::from_str(line) {
            Ok(Value::Object(record)) => record,
            _ => Map::new(),
        };
        record
            .entry("recordId")
            .or_insert_with(|| json!(format!("CALL{number:07}")));
        let answer = match record.get("modelInput") {
            Some(input) => self.answer(input, usage),
            None => Err(ServiceError::validation("The record has no modelInput.")),
        };
        match answer {
            Ok(answer) => record.insert("modelOutput".to_owned(), answer),
            Err(error) => record.insert(
                "error".to_owned(),
                json!({"errorCode": error.status, "errorMessage": error.message}),
            ),
        };
        record
    }

    fn answer(&self, input: &Value, usage: &mut Usage) -> Result<Value, ServiceError> {
        let family = Family::of(self.model, input);
        let reading = Reading {
            model: self.model,
            evidence: self.evidence,
            streams: false,
            counts: false,
        };
        let prompt = if self.model.embeds() {
            let wanted = embeddings::read(input, self.model)?;
            let prompt = wanted.prompt();
            usage.input += prompt.input_tokens();
            return Ok(wanted.answer(&self.model.id, prompt.seed(&self.model.id)));
        } else if self.converses {
            reading.conversation(input)?
        } else {
            reading.body(family, input)?
        };
        let reply = model::answer(&prompt, self.model, self.manner);
        usage.input += reply.usage.input;
        usage.output += reply.usage.output;
        if self.converses {
            return Ok(bodies::converse::answer(&reply, self.model));
        }
        let context = Context {
            model: self.model.id.clone(),
            seed: prompt.seed(&self.model.id),
            now: self.now,
        };
        Ok(family.answer(&reply, &context))
    }
}

/// The files of a job: the one that is named, or those with JSON lines in the folder that is.
fn inputs(objects: &Objects, input: &str, now: Instant) -> Vec<String> {
    if objects.get(input, now).is_some() {
        return vec![input.to_owned()];
    }
    let mut files = objects.list(&below(input, ""), now);
    files.retain(|file| file.to_ascii_lowercase().ends_with(".jsonl"));
    files
}
