//! Reading what a client sends: bodies within their size and time, queries and names, each with a
//! refusal that says what to do.

use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::Uri;
use axum::http::request::Parts;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use protocol::id::{DocumentId, EntryId, InvitationId, MemberId};
use serde::de::DeserializeOwned;

use super::refusal::Refused;
use super::routes::Shared;
use crate::import::FILE_BYTES_MAX;
use crate::refusal::Refusal;

/// Bytes of a JSON body: an entry is at most 16 KiB, and JSON escapes it at most sixfold.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Time in which a whole body must arrive; the client is on this machine.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// A JSON body.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for JsonBody<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, shared: &Shared) -> Result<Self, Refused> {
        let language = shared.language_of(request.headers());
        let read = read(request, BODY_BYTES_MAX).await.and_then(|bytes| {
            serde_json::from_slice(&bytes).map_err(|error| Refusal::Json {
                detail: error.to_string(),
            })
        });
        match read {
            Ok(body) => Ok(Self(body)),
            Err(refusal) => Err(Refused::new(&refusal, language)),
        }
    }
}

/// A file as it is.
pub struct FileBody(pub Vec<u8>);

impl FromRequest<Shared> for FileBody {
    type Rejection = Refused;

    async fn from_request(request: Request, shared: &Shared) -> Result<Self, Refused> {
        let language = shared.language_of(request.headers());
        match read(request, FILE_BYTES_MAX).await {
            Ok(bytes) => Ok(Self(bytes.into())),
            Err(refusal) => Err(Refused::new(&refusal, language)),
        }
    }
}

/// A query.
pub struct QueryOf<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Shared> for QueryOf<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Refused> {
        match Query::try_from_uri(&without_manner(&parts.uri)) {
            Ok(Query(query)) => Ok(Self(query)),
            Err(rejection) => {
                let detail = rejection.body_text();
                let language = shared.language_of(&parts.headers);
                Err(Refused::new(&Refusal::Query { detail }, language))
            }
        }
    }
}

/// Takes out of a query how it is to be answered, which is no part of what is asked.
fn without_manner(uri: &Uri) -> Uri {
    let query = uri.query().unwrap_or_default();
    let asked: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.starts_with("settled="))
        .collect();
    let text = format!("/?{}", asked.join("&"));
    text.parse().expect("a part of a query is a query")
}

/// The document named in the path.
pub struct DocumentInPath(pub DocumentId);

impl FromRequestParts<Shared> for DocumentInPath {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Refused> {
        id_in_path(parts, shared, |detail| Refusal::DocumentName { detail })
            .await
            .map(Self)
    }
}

/// The statement named in the path.
pub struct EntryInPath(pub EntryId);

impl FromRequestParts<Shared> for EntryInPath {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Refused> {
        id_in_path(parts, shared, |detail| Refusal::EntryName { detail })
            .await
            .map(Self)
    }
}

/// The member named in the path.
pub struct MemberInPath(pub MemberId);

impl FromRequestParts<Shared> for MemberInPath {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Refused> {
        id_in_path(parts, shared, |detail| Refusal::MemberName { detail })
            .await
            .map(Self)
    }
}

/// The code for a further device named in the path.
pub struct CodeInPath(pub InvitationId);

impl FromRequestParts<Shared> for CodeInPath {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Refused> {
        id_in_path(parts, shared, |detail| Refusal::CodeName { detail })
            .await
            .map(Self)
    }
}

/// Reads a name of 32 bytes from the path.
async fn id_in_path<T: FromStr<Err: Display>>(
    parts: &mut Parts,
    shared: &Shared,
    refusal: impl Fn(String) -> Refusal,
) -> Result<T, Refused> {
    let language = shared.language_of(&parts.headers);
    let wrong = |what: &dyn Display| Refused::new(&refusal(what.to_string()), language);
    let Path(name) = Path::<String>::from_request_parts(parts, shared)
        .await
        .map_err(|rejection| wrong(&rejection))?;
    name.parse().map_err(|error| wrong(&error))
}

/// A name that a front end chose, in the path.
pub struct NameInPath(pub String);

impl FromRequestParts<Shared> for NameInPath {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Refused> {
        match Path::<String>::from_request_parts(parts, shared).await {
            Ok(Path(name)) => Ok(Self(name)),
            Err(_) => {
                let language = shared.language_of(&parts.headers);
                Err(Refused::new(&Refusal::DraftName, language))
            }
        }
    }
}

async fn read(request: Request, bytes_max: usize) -> Result<Bytes, Refusal> {
    let announced = request
        .headers()
        .get("content-length")
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > bytes_max as u64) {
        return Err(Refusal::TooLarge { bytes_max });
    }
    let whole = Limited::new(request.into_body(), bytes_max).collect();
    match tokio::time::timeout(BODY_TIMEOUT, whole).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge { bytes_max }),
        Ok(Err(_)) => Err(Refusal::BrokenOff),
        Err(_) => Err(Refusal::TooSlow),
    }
}
