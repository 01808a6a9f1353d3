//! What a batch job does: it reads records out of JSON lines and writes the model's answers beside them.

use serde_json::{Map, Value, json};

use super::reading::Reading;
use crate::bodies::{self, Context, Family, embeddings};
use crate::catalogue::Model;
use crate::clock::Instant;
use crate::error::{self, ServiceError};
use crate::ids;
use crate::jobs::{Course, share};
use crate::model::{self, Manner, Usage};
use crate::objects::{Objects, below};
use crate::refusals::Evidence;
use crate::resources::Counts;

/// The job's model, how it answers, and what is to become of its records.
pub struct Worker<'a> {
    pub model: &'a Model,
    pub manner: Manner,
    pub converses: bool,
    pub now: Instant,
    pub evidence: Evidence,
    pub region: &'a str,
    pub course: &'a Course,
}

/// How many records are below `input`; nothing when there is no file.
pub fn records(objects: &Objects, input: &str, now: Instant) -> Option<usize> {
    let files = inputs(objects, input, now);
    let count = |file: &String| {
        let bytes = objects.get(file, now).unwrap_or_default();
        let lines = bytes.split(|byte| *byte == b'\n');
        lines.filter(|line| !line.trim_ascii().is_empty()).count()
    };
    (!files.is_empty()).then(|| files.iter().map(count).sum())
}

impl Worker<'_> {
    /// Answers the first `most` records below `input` into `output`, where the answers are to be found from `since` on.
    /// Nothing is written when there is nothing to read, or nothing is to be done.
    pub fn run(
        &self,
        objects: &Objects,
        input: &str,
        output: &str,
        most: u64,
        since: Instant,
    ) -> Option<Counts> {
        let total = u64::try_from(records(objects, input, self.now)?).unwrap_or(u64::MAX);
        let (mut counts, mut usage) = (
            Counts {
                total,
                ..Counts::default()
            },
            Usage::default(),
        );
        if most == 0 {
            return Some(counts);
        }
        for file in inputs(objects, input, self.now) {
            let bytes = objects.get(&file, self.now).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            let mut written: Vec<String> = Vec::new();
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                if counts.done == most {
                    break;
                }
                counts.done += 1;
                let record = self.record(line, counts.done, &mut usage);
                if record.contains_key("error") {
                    counts.errors += 1;
                }
                written.push(Value::Object(record).to_string());
            }
            if self.course.shuffled {
                written.sort_by_key(|line| ids::hash(line.as_bytes()));
            }
            let name = file.rsplit('/').next().unwrap_or_default();
            let mut lines = written.join("\n");
            if !lines.is_empty() {
                lines.push('\n');
            }
            objects.put(&below(output, &format!("{name}.out")), lines, since);
        }
        let manifest = json!({
            "totalRecordCount": counts.total,
            "processedRecordCount": counts.done,
            "successRecordCount": counts.done - counts.errors,
            "errorRecordCount": counts.errors,
            "inputTokenCount": usage.input,
            "outputTokenCount": usage.output,
        });
        let place = below(output, "manifest.json.out");
        objects.put(&place, manifest.to_string(), since);
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
            Some(_) if self.fails(&record["recordId"]) => {
                let message = error::usual_message("InternalServerException");
                Err(ServiceError::new("InternalServerException", message))
            }
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

    /// Whether it is one of the records that are to fail here.
    fn fails(&self, id: &Value) -> bool {
        let place = ids::hash(format!("{} {id}", self.region).as_bytes()) % 10_000;
        self.course.failing > 0.0 && place < share(10_000, self.course.failing)
    }

    /// What Converse takes and a batch job does not: its model is the job's, and tools need `InvokeModel` (AWS's guide of
    /// batch inference; people who were refused).
    fn unfit(&self, input: &Value) -> Option<ServiceError> {
        let refused = |member: &str, evidence| {
            self.converses && input.get(member).is_some() && self.evidence <= evidence
        };
        if refused("modelId", Evidence::Reported) {
            let message = "modelId is not supported in the model input of a batch inference job.";
            return Some(ServiceError::validation(message));
        }
        refused("toolConfig", Evidence::Documented).then(|| {
            let message = "Tool use is not supported in batch inference with the Converse format.";
            ServiceError::validation(message)
        })
    }

    fn answer(&self, input: &Value, usage: &mut Usage) -> Result<Value, ServiceError> {
        if let Some(error) = self.unfit(input) {
            return Err(error);
        }
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
