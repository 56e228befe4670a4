//! Routes of dangerous acts: moved, co-signed, put in force.

use axum::Json;
use axum::http::StatusCode;
use protocol::api::{self, Answer, NewMotion, Request};

use super::{Answered, Asker};
use crate::api::extract::{EntryInPath, JsonBody};
use crate::api::refusal::Refused;

/// Motions, those that are open first
#[utoipa::path(get, path = "/v1/motions", operation_id = "motions",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn list(asker: Asker) -> Answered {
    asker.ask(Request::Motions).await
}

/// Does a dangerous act: at once while the founder decides alone, or else by a motion
#[utoipa::path(post, path = "/v1/motions", operation_id = "move", request_body = NewMotion,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn move_act(
    asker: Asker,
    JsonBody(motion): JsonBody<NewMotion>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    asker.write(Request::Move(motion)).await
}

/// Co-signs a motion, and puts it in force when enough offices have signed
#[utoipa::path(put, path = "/v1/motions/{motion}/cosignature", operation_id = "coSign",
    params(("motion" = protocol::id::EntryId, Path)),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn co_sign(asker: Asker, EntryInPath(motion): EntryInPath) -> Answered {
    asker.ask(Request::CoSign { motion }).await
}

/// Puts a motion in force for which enough offices have signed
#[utoipa::path(put, path = "/v1/motions/{motion}/enactment", operation_id = "enact",
    params(("motion" = protocol::id::EntryId, Path)),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn enact(asker: Asker, EntryInPath(motion): EntryInPath) -> Answered {
    asker.ask(Request::Enact { motion }).await
}
