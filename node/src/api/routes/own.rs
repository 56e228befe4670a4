//! Routes of what belongs to this household alone: drafts, reading marks, today, settings.

use protocol::api::body::{Reading, UnreadAgain};
use protocol::api::{self, Answer, BegunDraft, Request, Settings};

use super::{Answered, Asker};
use crate::api::extract::{JsonBody, NameInPath};

/// Everything begun and not published
#[utoipa::path(get, path = "/v1/drafts", operation_id = "drafts",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn drafts(asker: Asker) -> Answered {
    asker.ask(Request::Drafts).await
}

/// Saves something begun under a name of one's own
#[utoipa::path(put, path = "/v1/drafts/{id}", operation_id = "putDraft",
    params(("id" = String, Path, description = "1 to 96 letters, digits, - and _")),
    request_body = BegunDraft,
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn put_draft(
    asker: Asker,
    NameInPath(id): NameInPath,
    JsonBody(draft): JsonBody<BegunDraft>,
) -> Answered {
    asker.ask(Request::PutDraft { id, draft }).await
}

/// Throws something begun away
#[utoipa::path(delete, path = "/v1/drafts/{id}", operation_id = "removeDraft",
    params(("id" = String, Path)),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn remove_draft(asker: Asker, NameInPath(id): NameInPath) -> Answered {
    asker.ask(Request::RemoveDraft { id }).await
}

/// Notes what was read, with the comments about it
#[utoipa::path(post, path = "/v1/reading-marks", operation_id = "markRead",
    request_body = Reading,
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn mark_read(asker: Asker, JsonBody(reading): JsonBody<Reading>) -> Answered {
    let request = Request::MarkRead {
        documents: reading.documents,
        everything: reading.everything,
    };
    asker.ask(request).await
}

/// Notes what is unread again: what came last in or about it
#[utoipa::path(post, path = "/v1/unread-marks", operation_id = "markUnread",
    request_body = UnreadAgain,
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn mark_unread(asker: Asker, JsonBody(again): JsonBody<UnreadAgain>) -> Answered {
    let documents = again.documents;
    asker.ask(Request::MarkUnread { documents }).await
}

/// How many documents there are, by kind
#[utoipa::path(get, path = "/v1/counts", operation_id = "counts",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn counts(asker: Asker) -> Answered {
    asker.ask(Request::Counts).await
}

/// What is new and what waits for the own household
#[utoipa::path(get, path = "/v1/today", operation_id = "today",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn today(asker: Asker) -> Answered {
    asker.ask(Request::Today).await
}

/// The settings of the front end
#[utoipa::path(get, path = "/v1/settings", operation_id = "settings",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn settings(asker: Asker) -> Answered {
    asker.ask(Request::Settings).await
}

/// Changes the settings of the front end
#[utoipa::path(put, path = "/v1/settings", operation_id = "putSettings", request_body = Settings,
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn put_settings(asker: Asker, JsonBody(settings): JsonBody<Settings>) -> Answered {
    asker.ask(Request::PutSettings(settings)).await
}
