//! Routes of households without a device, and of those who act for them.

use axum::Json;
use axum::http::StatusCode;
use protocol::api::body::{NewProxies, NewRecord, RecordEnd};
use protocol::api::{self, Answer, Request};

use super::Asker;
use crate::api::extract::{EntryInPath, JsonBody};
use crate::api::refusal::Refused;

/// Records a household that has no device, and who acts for it with its consent
#[utoipa::path(post, path = "/v1/households", operation_id = "recordHousehold",
    request_body = NewRecord,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn record(
    asker: Asker,
    JsonBody(body): JsonBody<NewRecord>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    let request = Request::RecordHousehold {
        name: body.name,
        building: body.building,
        proxies: body.proxies,
        consent: body.consent,
    };
    asker.write(request).await
}

/// Names further members that act for a household without a device
#[utoipa::path(post, path = "/v1/households/{household}/proxies", operation_id = "addProxies",
    params(("household" = protocol::id::EntryId, Path)), request_body = NewProxies,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn add(
    asker: Asker,
    EntryInPath(record): EntryInPath,
    JsonBody(NewProxies { proxies, consent }): JsonBody<NewProxies>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    let request = Request::AddProxies {
        record,
        proxies,
        consent,
    };
    asker.write(request).await
}

/// Ends the record of a household without a device, or what one member does for it
#[utoipa::path(post, path = "/v1/households/{household}/ends", operation_id = "endRecord",
    params(("household" = protocol::id::EntryId, Path)), request_body = RecordEnd,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn end(
    asker: Asker,
    EntryInPath(record): EntryInPath,
    JsonBody(RecordEnd { proxy, reason }): JsonBody<RecordEnd>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    let request = Request::EndRecord {
        record,
        proxy,
        reason,
    };
    asker.write(request).await
}
