//! Batch jobs. They go through their states by the emulator's clock, and read and write what `objects` has.

use std::time::Duration;

use serde_json::{Value, json};

use super::batch::{LEAST_RECORDS, Worker};
use super::{Call, pages, tags};
use crate::arn::Arn;
use crate::clock::Instant;
use crate::error::ServiceError;
use crate::http::Answer;
use crate::ids;
use crate::objects::below;
use crate::resources::Job;
use crate::targets::Lookup;

/// Each state and when it begins, in seconds after the job was made.
const STATES: &[(u64, &str)] = &[
    (0, "Submitted"),
    (5, "Validating"),
    (VALIDATED.as_secs(), "Scheduled"),
    (15, "InProgress"),
    (COMPLETED.as_secs(), "Completed"),
];
/// How long it takes to look at what a job is to read.
const VALIDATED: Duration = Duration::from_secs(10);
/// How long a job takes.
const COMPLETED: Duration = Duration::from_mins(1);
/// How long a job takes to stop.
const STOPPING: Duration = Duration::from_secs(5);
/// How long a job may take when the caller does not say.
const USUAL_TIMEOUT: u64 = 24;

/// Answers `CreateModelInvocationJob`.
pub fn create(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    if let Some(answer) = tags::answered_before(call)? {
        return Ok(call.answer(200, &answer));
    }
    let name = call.text("jobName").to_owned();
    let catalogue = crate::read(&call.service.catalogue);
    let lookup = Lookup {
        catalogue: &catalogue,
        resources: &call.service.resources,
        region: &call.region,
        account: &call.service.account,
    };
    let target = lookup.target(call.text("modelId"))?;
    drop(catalogue);
    let jobs = call.service.resources.jobs.all(&call.region);
    if jobs.iter().any(|job| job.asked["jobName"] == name.as_str()) {
        return Err(ServiceError::new(
            "ConflictException",
            format!("A model invocation job with the name {name} already exists."),
        ));
    }
    let id = ids::new_id(call.notes.entry.request_id.as_bytes());
    let arn = call.owned_arn("model-invocation-job", &id);
    tags::put_initial(call, &arn)?;
    let worker = Worker {
        model: &target.model,
        manner: *crate::lock(&call.service.manner),
        converses: call.text("modelInvocationType") == "Converse",
        now: call.now,
        evidence: call.service.evidence,
    };
    let (input, output) = places(&call.input, &id);
    let unfit = worker.too_few(&call.service.objects, &input).map(|found| {
        format!("Batch job {arn} contains less records ({found}) than the required minimum of: {LEAST_RECORDS}")
    });
    let counts = match unfit {
        Some(_) => None,
        None => worker.run(&call.service.objects, &input, &output, COMPLETED),
    };
    let job = Job {
        id: id.clone(),
        asked: call.input.clone(),
        created: call.now,
        stopped: None,
        unfit,
        counts,
    };
    call.service.resources.jobs.put(&call.region, &id, job);
    let answer = json!({"jobArn": arn});
    tags::keep_answer(call, &answer);
    Ok(call.answer(200, &answer))
}

/// Answers `GetModelInvocationJob`.
pub fn get(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let job = named(call)?;
    Ok(call.answer(200, &shown(call, &job)))
}

/// Answers `ListModelInvocationJobs`.
pub fn list(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let mut jobs = call.service.resources.jobs.all(&call.region);
    jobs.sort_by_key(|job| job.created);
    let part = call.optional("nameContains");
    let shown = jobs
        .iter()
        .map(|job| shown(call, job))
        .filter(|job| {
            part.as_deref().is_none_or(|part| {
                job["jobName"]
                    .as_str()
                    .is_some_and(|name| name.contains(part))
            })
        })
        .collect();
    let all = pages::chosen(call, shown);
    let page = pages::answer(call, "invocationJobSummaries", all)?;
    Ok(call.answer(200, &page))
}

/// Answers `StopModelInvocationJob`.
pub fn stop(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let mut job = named(call)?;
    let (state, _) = state(&job, call.now);
    if matches!(state, "Completed" | "Failed" | "Stopping" | "Stopped") {
        return Err(ServiceError::new(
            "ConflictException",
            format!("The job is in the state {state} and cannot be stopped."),
        ));
    }
    // Nothing has been written yet: all of it appears when a job completes.
    call.service
        .objects
        .remove_all(&below(&places(&job.asked, &job.id).1, ""));
    job.stopped = Some(call.now);
    let id = job.id.clone();
    call.service.resources.jobs.put(&call.region, &id, job);
    Ok(call.answer(200, &json!({})))
}

/// Where a job reads, and the folder of its own where it writes.
fn places(asked: &Value, id: &str) -> (String, String) {
    let place = |pointer: &str| {
        let uri = asked.pointer(pointer).and_then(Value::as_str);
        uri.unwrap_or_default().to_owned()
    };
    let output = place("/outputDataConfig/s3OutputDataConfig/s3Uri");
    (
        place("/inputDataConfig/s3InputDataConfig/s3Uri"),
        below(&output, id),
    )
}

fn named(call: &Call<'_>) -> Result<Job, ServiceError> {
    let name = call.text("jobIdentifier");
    let id = Arn::parse(name).map_or(name, |arn| arn.id);
    call.service
        .resources
        .jobs
        .get(&call.region, id)
        .ok_or_else(|| {
            ServiceError::not_found(format!("The model invocation job {name} was not found."))
        })
}

/// The state of a job and when it began.
fn state(job: &Job, now: Instant) -> (&'static str, Instant) {
    if let Some(stopped) = job.stopped {
        let end = stopped.after(STOPPING);
        return if now >= end {
            ("Stopped", end)
        } else {
            ("Stopping", stopped)
        };
    }
    let failed = job.created.after(VALIDATED);
    if job.unfit.is_some() && now >= failed {
        return ("Failed", failed);
    }
    let begun = STATES.iter().rev().find_map(|(seconds, state)| {
        let begins = job.created.after(Duration::from_secs(*seconds));
        (now >= begins).then_some((*state, begins))
    });
    begun.unwrap_or(("Submitted", job.created))
}

fn shown(call: &Call<'_>, job: &Job) -> Value {
    let (state, begun) = state(job, call.now);
    let mut shown = job.asked.clone();
    let hours = shown
        .get("timeoutDurationInHours")
        .and_then(Value::as_u64)
        .unwrap_or(USUAL_TIMEOUT);
    let expiry = job.created.after(Duration::from_hours(hours));
    if let Some(members) = shown.as_object_mut() {
        members.remove("tags");
    }
    shown["jobArn"] = json!(call.owned_arn("model-invocation-job", &job.id));
    shown["status"] = json!(state);
    shown["submitTime"] = json!(job.created.iso8601());
    shown["lastModifiedTime"] = json!(begun.iso8601());
    shown["jobExpirationTime"] = json!(expiry.iso8601());
    shown["timeoutDurationInHours"] = json!(hours);
    if let Some(counts) = job.counts {
        let done = state == "Completed";
        let part = |count: u64| json!(if done { count } else { 0 });
        shown["totalRecordCount"] = json!(counts.total);
        shown["processedRecordCount"] = part(counts.total);
        shown["successRecordCount"] = part(counts.total - counts.errors);
        shown["errorRecordCount"] = part(counts.errors);
    }
    if let Some(unfit) = job.unfit.as_ref().filter(|_| state == "Failed") {
        shown["message"] = json!(unfit);
    }
    if matches!(state, "Completed" | "Failed" | "Stopped") {
        shown["endTime"] = json!(begun.iso8601());
    }
    shown
}
