//! Routes of moderation, of the agreement and of whom this household blocks.

use axum::Json;
use axum::http::StatusCode;
use protocol::api::body::{NewAppeal, NewDecision, NewLifting, NewSignature};
use protocol::api::{self, Answer, NewModeration, Request};

use super::{Answered, Asker};
use crate::api::extract::{DocumentInPath, JsonBody, MemberInPath};
use crate::api::refusal::Refused;

/// One document with its comments, and of it what moderation has taken out of view
#[utoipa::path(get, path = "/v1/documents/{document}/hidden", operation_id = "hiddenDocument",
    params(("document" = protocol::id::DocumentId, Path)),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn show_hidden(asker: Asker, document: DocumentInPath) -> Answered {
    let DocumentInPath(document) = document;
    asker.ask(Request::ShowHidden { document }).await
}

/// Acts of moderation, newest first
#[utoipa::path(get, path = "/v1/moderations", operation_id = "moderations",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn list(asker: Asker) -> Answered {
    asker.ask(Request::Moderations).await
}

/// Takes a document, or what a member writes from now on, out of view
#[utoipa::path(post, path = "/v1/moderations", operation_id = "moderate",
    request_body = NewModeration,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn moderate(
    asker: Asker,
    JsonBody(act): JsonBody<NewModeration>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    asker.write(Request::Moderate(act)).await
}

/// Appeals against an act about what the own household wrote, or about itself
#[utoipa::path(post, path = "/v1/moderations/{document}/appeals", operation_id = "appeal",
    params(("document" = protocol::id::DocumentId, Path)), request_body = NewAppeal,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn appeal(
    asker: Asker,
    document: DocumentInPath,
    JsonBody(NewAppeal { body }): JsonBody<NewAppeal>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    let DocumentInPath(moderation) = document;
    asker.write(Request::Appeal { moderation, body }).await
}

/// Decides an appeal
#[utoipa::path(post, path = "/v1/moderations/{document}/decisions", operation_id = "decide",
    params(("document" = protocol::id::DocumentId, Path)), request_body = NewDecision,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn decide(
    asker: Asker,
    document: DocumentInPath,
    JsonBody(NewDecision { outcome, reason }): JsonBody<NewDecision>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    let DocumentInPath(moderation) = document;
    let request = Request::Decide {
        moderation,
        outcome,
        reason,
    };
    asker.write(request).await
}

/// Takes an act of moderation back
#[utoipa::path(post, path = "/v1/moderations/{document}/restorations",
    operation_id = "liftModeration",
    params(("document" = protocol::id::DocumentId, Path)), request_body = NewLifting,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn lift(
    asker: Asker,
    document: DocumentInPath,
    JsonBody(NewLifting { reason }): JsonBody<NewLifting>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    let DocumentInPath(moderation) = document;
    asker
        .write(Request::LiftModeration { moderation, reason })
        .await
}

/// The agreement in force
#[utoipa::path(get, path = "/v1/agreement", operation_id = "agreement",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn agreement(asker: Asker) -> Answered {
    asker.ask(Request::Agreement).await
}

/// Signs the agreement in force
#[utoipa::path(post, path = "/v1/agreement/signatures", operation_id = "signAgreement",
    request_body = NewSignature,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn sign(
    asker: Asker,
    JsonBody(NewSignature { agreement }): JsonBody<NewSignature>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    asker.write(Request::SignAgreement { agreement }).await
}

/// Whom this household blocks; nobody else learns of it
#[utoipa::path(get, path = "/v1/blocks", operation_id = "blocks",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn blocks(asker: Asker) -> Answered {
    asker.ask(Request::Blocks).await
}

/// Blocks a member on this node
#[utoipa::path(put, path = "/v1/blocks/{member}", operation_id = "block",
    params(("member" = protocol::id::MemberId, Path)),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn block(asker: Asker, MemberInPath(member): MemberInPath) -> Answered {
    asker.ask(Request::Block { member }).await
}

/// No longer blocks a member
#[utoipa::path(delete, path = "/v1/blocks/{member}", operation_id = "unblock",
    params(("member" = protocol::id::MemberId, Path)),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn unblock(asker: Asker, MemberInPath(member): MemberInPath) -> Answered {
    asker.ask(Request::Unblock { member }).await
}
