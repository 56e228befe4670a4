//! Routes to what is told in confidence: about a document, and to the leads of a building.

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

/// Doors that the own household may read: its own, and those of the buildings that it leads
#[utoipa::path(get, path = "/v1/doors", operation_id = "doors",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn doors(asker: Asker) -> Answered {
    asker.ask(Request::Doors).await
}

/// Tells the leads of the own building where to knock, in place of what was told before
#[utoipa::path(put, path = "/v1/door", operation_id = "putDoor", request_body = NewDetails,
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn put_door(
    asker: Asker,
    JsonBody(NewDetails { text }): JsonBody<NewDetails>,
) -> Answered {
    asker.ask(Request::PutDoor { text }).await
}

/// Erases what the own household told the leads of its building
#[utoipa::path(delete, path = "/v1/door", operation_id = "eraseDoor",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn erase_door(asker: Asker) -> Answered {
    asker.ask(Request::EraseDoor).await
}
