//! Batch jobs. They go through their states by the emulator's clock, and read and write what `objects` has.

use std::time::Duration;

use serde_json::{Value, json};

use super::batch::{self, Worker};
use super::{Call, pages, tags};
use crate::arn::Arn;
use crate::error::ServiceError;
use crate::http::Answer;
use crate::ids;
use crate::jobs::{Course, Ending, Limits, Timeline, is_final, share};
use crate::objects::below;
use crate::refusals::Evidence;
use crate::resources::{Counts, Job};
use crate::targets::{Lookup, Target};

/// How long a job may take when the caller does not say.
const USUAL_TIMEOUT: u64 = 24;

/// Answers `CreateModelInvocationJob`.
pub fn create(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    if let Some(answer) = tags::answered_before(call)? {
        return Ok(call.answer(200, &answer));
    }
    let name = call.text("jobName").to_owned();
    let target = target(call, call.text("modelId"))?;
    let limits = *crate::lock(&call.service.job_limits);
    let jobs = call.service.resources.jobs.all(&call.region);
    if jobs.iter().any(|job| job.asked["jobName"] == name.as_str()) {
        return Err(ServiceError::new(
            "ConflictException",
            format!("A model invocation job with the name {name} already exists."),
        ));
    }
    refuse_without_slot(call, &target, &jobs, &limits)?;
    let id = ids::new_id(call.notes.entry.request_id.as_bytes());
    let arn = call.owned_arn("model-invocation-job", &id);
    tags::put_initial(call, &arn)?;
    let hours = call.input.get("timeoutDurationInHours");
    let hours = hours.and_then(Value::as_u64).unwrap_or(USUAL_TIMEOUT);
    let expiry = call.now.after(Duration::from_hours(hours));
    let mut job = Job {
        id: id.clone(),
        asked: call.input.clone(),
        created: call.now,
        expiry,
        states: Timeline::new(call.now, expiry, &limits, Ending::Completed),
        course: call.notes.effects.job.take().unwrap_or_default(),
        counts: None,
    };
    let found = batch::records(&call.service.objects, &places(&job).0, call.now);
    if let Some(unfit) = found.and_then(|found| limits.refusal(&arn, found, call.service.evidence))
    {
        job.course = Course {
            status: Ending::Failed,
            message: Some(unfit),
            ..Course::default()
        };
    }
    job.states = Timeline::new(call.now, expiry, &limits, job.course.status);
    let part = match job.course.status {
        Ending::Completed => 1.0,
        Ending::PartiallyCompleted => job.course.done,
        Ending::Failed | Ending::Expired => 0.0,
    };
    let end = job.states.end();
    let total = u64::try_from(found.unwrap_or_default()).unwrap_or(u64::MAX);
    job.counts = run(call, &target, &job, share(total, part), end);
    call.service.resources.jobs.put(&call.region, &id, job);
    let answer = json!({"jobArn": arn});
    tags::keep_answer(call, &answer);
    Ok(call.answer(200, &answer))
}

fn target(call: &Call<'_>, model_id: &str) -> Result<Target, ServiceError> {
    let catalogue = crate::read(&call.service.catalogue);
    let lookup = Lookup {
        catalogue: &catalogue,
        resources: &call.service.resources,
        region: &call.region,
        account: &call.service.account,
    };
    lookup.target(model_id)
}

/// A profile's jobs are its model's.
fn refuse_without_slot(
    call: &Call<'_>,
    wanted: &Target,
    jobs: &[Job],
    limits: &Limits,
) -> Result<(), ServiceError> {
    let same = |job: &&Job| {
        let model_id = job.asked["modelId"].as_str().unwrap_or_default();
        !is_final(job.states.at(call.now).0)
            && target(call, model_id).is_ok_and(|other| other.model.id == wanted.model.id)
    };
    if call.service.evidence > Evidence::Reported || jobs.iter().filter(same).count() < limits.slots
    {
        return Ok(());
    }
    Err(ServiceError::new(
        "ServiceQuotaExceededException",
        format!(
            "Too many batch inference jobs of {} are in progress or submitted: the quota is {}.",
            wanted.model.id, limits.slots
        ),
    ))
}

/// Lets the model answer the first `most` records of a job.
fn run(
    call: &Call<'_>,
    target: &Target,
    job: &Job,
    most: u64,
    since: crate::clock::Instant,
) -> Option<Counts> {
    let worker = Worker {
        model: &target.model,
        manner: *crate::lock(&call.service.manner),
        converses: job.asked["modelInvocationType"] == "Converse",
        now: call.now,
        evidence: call.service.evidence,
        region: &call.region,
        course: &job.course,
    };
    let (input, output) = places(job);
    worker.run(&call.service.objects, &input, &output, most, since)
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
    let (state, _) = job.states.at(call.now);
    if is_final(state) || state == "Stopping" {
        return Err(ServiceError::new(
            "ConflictException",
            format!("The job is in the state {state} and cannot be stopped."),
        ));
    }
    let counts = job.counts.unwrap_or_default();
    let done = share(counts.done, job.states.progress(call.now));
    let end = job.states.stop(call.now);
    // What was to appear at its end does not: what it has done until now does.
    call.service.objects.remove_all(&below(&places(&job).1, ""));
    if let Ok(target) = target(call, job.asked["modelId"].as_str().unwrap_or_default()) {
        job.counts = run(call, &target, &job, done, end);
    }
    let id = job.id.clone();
    call.service.resources.jobs.put(&call.region, &id, job);
    Ok(call.answer(200, &json!({})))
}

/// Where a job reads, and the folder of its own where it writes.
fn places(job: &Job) -> (String, String) {
    let place = |pointer: &str| {
        let uri = job.asked.pointer(pointer).and_then(Value::as_str);
        uri.unwrap_or_default().to_owned()
    };
    let output = place("/outputDataConfig/s3OutputDataConfig/s3Uri");
    (
        place("/inputDataConfig/s3InputDataConfig/s3Uri"),
        below(&output, &job.id),
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

fn shown(call: &Call<'_>, job: &Job) -> Value {
    let (state, begun) = job.states.at(call.now);
    let mut shown = job.asked.clone();
    if let Some(members) = shown.as_object_mut() {
        members.remove("tags");
        members
            .entry("timeoutDurationInHours")
            .or_insert(json!(USUAL_TIMEOUT));
    }
    shown["jobArn"] = json!(call.owned_arn("model-invocation-job", &job.id));
    shown["status"] = json!(state);
    shown["submitTime"] = json!(job.created.iso8601());
    shown["lastModifiedTime"] = json!(begun.iso8601());
    shown["jobExpirationTime"] = json!(job.expiry.iso8601());
    if let Some(counts) = job.counts {
        let part = |count: u64| share(count, job.states.progress(call.now));
        let (done, errors) = (part(counts.done), part(counts.errors));
        shown["totalRecordCount"] = json!(counts.total);
        shown["processedRecordCount"] = json!(done);
        shown["successRecordCount"] = json!(done - errors);
        shown["errorRecordCount"] = json!(errors);
    }
    if is_final(state) {
        shown["endTime"] = json!(begun.iso8601());
        let message = job.course.message.as_ref();
        if let Some(message) = message.filter(|_| matches!(state, "Failed" | "Expired")) {
            shown["message"] = json!(message);
        }
    }
    shown
}
