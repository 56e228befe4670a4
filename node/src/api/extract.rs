//! Reading what a client sends: bodies within their size and time, queries and names, each with a
//! refusal that says what to do.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use protocol::id::DocumentId;
use serde::de::DeserializeOwned;

use super::refusal::Refused;

/// Bytes of a JSON body: an entry is at most 16 KiB, and JSON escapes it at most sixfold.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Bytes of a file to import: 100,000 rows of 200 bytes.
pub const IMPORT_BYTES_MAX: usize = 20 * 1024 * 1024;

/// Time in which a whole body must arrive; the client is on this machine.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// A JSON body.
pub struct JsonBody<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        let bytes = read(request, BODY_BYTES_MAX).await?;
        let body = serde_json::from_slice(&bytes);
        body.map(Self).map_err(|error| {
            Refused::new(
                "invalid",
                format!("The body is not the JSON that this path expects: {error}."),
            )
        })
    }
}

/// A file as it is.
pub struct FileBody(pub Vec<u8>);

impl<S: Sync> FromRequest<S> for FileBody {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        let bytes = read(request, IMPORT_BYTES_MAX).await?;
        Ok(Self(bytes.into()))
    }
}

/// A query.
pub struct QueryOf<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for QueryOf<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(Refused::new(
                "invalid",
                format!("The query is not understood: {}.", rejection.body_text()),
            )),
        }
    }
}

/// The document named in the path.
pub struct DocumentInPath(pub DocumentId);

impl<S: Send + Sync> FromRequestParts<S> for DocumentInPath {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let wrong = |what: &dyn std::fmt::Display| {
            Refused::field("document", format!("The document's name is wrong: {what}."))
        };
        let Path(name) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|rejection| wrong(&rejection))?;
        name.parse().map(Self).map_err(|error| wrong(&error))
    }
}

/// A name that a front end chose, in the path.
pub struct NameInPath(pub String);

impl<S: Send + Sync> FromRequestParts<S> for NameInPath {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let Path(name) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|rejection| {
                Refused::field(
                    "id",
                    format!("The name is wrong: {}.", rejection.body_text()),
                )
            })?;
        Ok(Self(name))
    }
}

async fn read(request: Request, bytes_max: usize) -> Result<Bytes, Refused> {
    let too_large = || {
        Refused::new(
            "too-large",
            format!("The body has more than {bytes_max} bytes. Nothing was changed; send less."),
        )
    };
    let announced = request
        .headers()
        .get("content-length")
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > bytes_max as u64) {
        return Err(too_large());
    }
    let whole = Limited::new(request.into_body(), bytes_max).collect();
    match tokio::time::timeout(BODY_TIMEOUT, whole).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(Refused::new(
            "invalid",
            "The body broke off. Nothing was changed; send it again.",
        )),
        Err(_) => Err(Refused::new(
            "too-slow",
            "The body did not arrive in time. Nothing was changed; send it again.",
        )),
    }
}
