//! Projects: workloads of the account, each with a data retention mode of its own, kept apart by Region.

use serde_json::{Value, json};

use super::{Call, pages, tags};
use crate::arn::Arn;
use crate::clock::Instant;
use crate::error::ServiceError;
use crate::http::Answer;
use crate::ids;
use crate::resources::Project;

/// The project that every account has in every Region.
const DEFAULT: &str = "default";
/// The mode that says nothing, so that the account's holds.
const INHERIT: &str = "inherit";
/// When the default one was made; nobody can see it.
const MADE: &str = "2026-01-01T00:00:00Z";
/// How many a page has when the caller does not say.
const PAGE: usize = 20;

/// Answers `CreateProject`.
pub fn create(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let seed = ids::hash(call.notes.entry.request_id.as_bytes());
    let project = Project {
        id: format!("proj_{}", ids::base32(seed, 20)),
        name: call.text("name").to_owned(),
        created: Some(call.now),
        archived: None,
        mode: asked_mode(call).unwrap_or(INHERIT).to_owned(),
    };
    tags::put_initial(call, &call.owned_arn("project", &project.id))?;
    keep(call, &project);
    Ok(call.answer(200, &shown(call, &project)))
}

/// Answers `GetProject`.
pub fn get(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let project = found(call)?;
    Ok(call.answer(200, &shown(call, &project)))
}

/// Answers `ListProjects`: the newest last.
pub fn list(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let mut all = call.service.resources.projects.all(&call.region);
    all.sort_by_key(|project| project.created);
    all.insert(0, default_project());
    let wanted = call.input.get("statusFilter").cloned();
    let mut rows: Vec<Value> = all.iter().map(|project| shown(call, project)).collect();
    rows.retain(|row| {
        wanted
            .as_ref()
            .is_none_or(|wanted| row["status"] == *wanted)
    });
    let page = pages::of(call, "projectSummaries", rows, PAGE)?;
    Ok(call.answer(200, &page))
}

/// Answers `UpdateProject`.
pub fn update(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let mut project = found(call)?;
    if project.id == DEFAULT {
        return Err(ServiceError::validation(
            "The default project cannot be updated.",
        ));
    }
    if project.archived.is_some() {
        return Err(ServiceError::validation(
            "An archived project cannot be updated.",
        ));
    }
    match (call.optional("name"), asked_mode(call)) {
        (Some(name), None) => project.name = name,
        (None, Some(mode)) => mode.clone_into(&mut project.mode),
        _ => {
            return Err(ServiceError::validation(
                "Exactly one of name or dataRetention must be set.",
            ));
        }
    }
    keep(call, &project);
    Ok(call.answer(200, &shown(call, &project)))
}

/// Answers `ArchiveProject`, which cannot be taken back, and does nothing the second time.
pub fn archive(call: &mut Call<'_>) -> Result<Answer, ServiceError> {
    let mut project = found(call)?;
    if project.id == DEFAULT {
        return Err(ServiceError::validation(
            "The default project cannot be archived.",
        ));
    }
    if project.archived.is_none() {
        project.archived = Some(call.now);
        keep(call, &project);
    }
    Ok(call.answer(200, &shown(call, &project)))
}

/// Whether a call names a project other than the default one, which must be active and of this Region.
pub(super) fn is_named(call: &Call<'_>) -> Result<bool, ServiceError> {
    let Some(identifier) = call.optional("projectIdentifier") else {
        return Ok(false);
    };
    match lookup(call, &identifier) {
        Some(project) if project.archived.is_none() => Ok(project.id != DEFAULT),
        _ => Err(ServiceError::validation(format!(
            "The project {identifier} does not exist or is not active in this account and Region."
        ))),
    }
}

/// The refusal of an application profile in a project other than the default one.
pub(super) fn no_application_profiles() -> ServiceError {
    ServiceError::validation(
        "Application inference profiles don't support non-default projects. Specify a foundation model or a \
         system-defined inference profile, or omit projectIdentifier.",
    )
}

fn asked_mode<'a>(call: &'a Call<'_>) -> Option<&'a str> {
    call.input.pointer("/dataRetention/mode")?.as_str()
}

fn keep(call: &Call<'_>, project: &Project) {
    let projects = &call.service.resources.projects;
    projects.put(&call.region, &project.id, project.clone());
}

fn found(call: &Call<'_>) -> Result<Project, ServiceError> {
    let identifier = call.text("projectIdentifier");
    lookup(call, identifier)
        .ok_or_else(|| ServiceError::not_found(format!("The project {identifier} was not found.")))
}

fn lookup(call: &Call<'_>, identifier: &str) -> Option<Project> {
    let id = match Arn::parse(identifier) {
        None => identifier,
        Some(arn) => {
            let own = arn.region == call.region && arn.account == call.service.account;
            Some(arn.id).filter(|_| own && arn.kind == "project")?
        }
    };
    if id == DEFAULT {
        return Some(default_project());
    }
    call.service.resources.projects.get(&call.region, id)
}

fn default_project() -> Project {
    Project {
        id: DEFAULT.to_owned(),
        name: DEFAULT.to_owned(),
        created: None,
        archived: None,
        mode: INHERIT.to_owned(),
    }
}

fn shown(call: &Call<'_>, project: &Project) -> Value {
    let mut row = json!({
        "id": project.id,
        "arn": call.owned_arn("project", &project.id),
        "name": project.name,
        "status": if project.archived.is_some() { "archived" } else { "active" },
        "createdAt": project.created.map_or_else(|| MADE.to_owned(), Instant::iso8601),
        "dataRetention": {"mode": project.mode},
    });
    if let Some(archived) = project.archived {
        row["archivedAt"] = json!(archived.iso8601());
    }
    row
}
