//! Routes of the own household's devices: codes for further ones, moving out, and the backup.

use axum::Json;
use axum::http::StatusCode;
use protocol::api::body::{NewBackup, NewCode};
use protocol::api::{self, Answer, Request};

use super::{Answered, Asker};
use crate::api::extract::{CodeInPath, JsonBody};
use crate::api::refusal::Refused;

/// Codes for further devices that can still be used
#[utoipa::path(get, path = "/v1/devices/codes", operation_id = "enrolmentCodes",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn codes(asker: Asker) -> Answered {
    asker.ask(Request::EnrolmentCodes).await
}

/// Makes a code for one further device of the own household
#[utoipa::path(post, path = "/v1/devices/codes", operation_id = "addDevice", request_body = NewCode,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn add(
    asker: Asker,
    JsonBody(body): JsonBody<NewCode>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    let request = Request::AddDevice {
        lifetime_ms: body.lifetime_ms,
        addresses: body.addresses,
    };
    asker.write(request).await
}

/// Takes a code back
#[utoipa::path(delete, path = "/v1/devices/codes/{code}", operation_id = "cancelCode",
    params(("code" = protocol::id::InvitationId, Path)),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn cancel(asker: Asker, CodeInPath(code): CodeInPath) -> Answered {
    asker.ask(Request::CancelCode { code }).await
}

/// Ends all devices of the own household, which moves out; what the node holds stays
#[utoipa::path(delete, path = "/v1/membership", operation_id = "leave",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn leave(asker: Asker) -> Answered {
    asker.ask(Request::Leave).await
}

/// Makes a backup: the household's key, all entries, drafts and settings in one encrypted file
#[utoipa::path(post, path = "/v1/backup", operation_id = "backUp", request_body = NewBackup,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn back_up(
    asker: Asker,
    JsonBody(NewBackup { lock }): JsonBody<NewBackup>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    asker.write(Request::Backup { lock }).await
}
