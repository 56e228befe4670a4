//! Routes to what is told about a document in confidence.

use protocol::api::body::NewDetails;
use protocol::api::{self, Answer, Request};

use super::{Answered, Asker};
use crate::api::extract::{DocumentInPath, JsonBody};

/// What was told about a document in confidence
#[utoipa::path(get, path = "/v1/documents/{document}/details", operation_id = "details",
    params(("document" = protocol::id::DocumentId, Path)),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn show(asker: Asker, document: DocumentInPath) -> Answered {
    let DocumentInPath(document) = document;
    asker.ask(Request::Details { document }).await
}

/// Tells something about a document in confidence, in place of what was told before
#[utoipa::path(put, path = "/v1/documents/{document}/details", operation_id = "putDetails",
    params(("document" = protocol::id::DocumentId, Path)), request_body = NewDetails,
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn put(
    asker: Asker,
    document: DocumentInPath,
    JsonBody(NewDetails { text }): JsonBody<NewDetails>,
) -> Answered {
    let DocumentInPath(document) = document;
    asker.ask(Request::PutDetails { document, text }).await
}

/// Erases what the own household told about a document in confidence
#[utoipa::path(delete, path = "/v1/documents/{document}/details", operation_id = "eraseDetails",
    params(("document" = protocol::id::DocumentId, Path)),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn erase(asker: Asker, document: DocumentInPath) -> Answered {
    let DocumentInPath(document) = document;
    asker.ask(Request::EraseDetails { document }).await
}
