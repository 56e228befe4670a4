//! Refusals as HTTP: which stable code has which status. The command line has the table of exit
//! codes; a test there compares the two.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use protocol::api;
use tui::language::Language;

use crate::refusal::Refusal;

/// Every code of a refusal, with its HTTP status.
pub const CODES: &[(&str, StatusCode)] = &[
    // The request itself.
    ("invalid", StatusCode::UNPROCESSABLE_ENTITY),
    ("too-large", StatusCode::PAYLOAD_TOO_LARGE),
    ("too-slow", StatusCode::REQUEST_TIMEOUT),
    ("not-found", StatusCode::NOT_FOUND),
    ("not-allowed", StatusCode::FORBIDDEN),
    ("read-only", StatusCode::FORBIDDEN),
    // Joining.
    ("pending", StatusCode::CONFLICT),
    ("expired", StatusCode::GONE),
    ("used-up", StatusCode::GONE),
    ("unknown-invitation", StatusCode::GONE),
    // The machine.
    ("storage", StatusCode::INTERNAL_SERVER_ERROR),
    ("disk-full", StatusCode::INSUFFICIENT_STORAGE),
    ("unreachable", StatusCode::BAD_GATEWAY),
    ("busy", StatusCode::SERVICE_UNAVAILABLE),
    ("stopping", StatusCode::SERVICE_UNAVAILABLE),
    ("internal", StatusCode::INTERNAL_SERVER_ERROR),
];

/// Returns the HTTP status of a code; an unlisted one is an internal failure.
pub fn status_of(code: &str) -> StatusCode {
    CODES
        .iter()
        .find(|(known, _)| *known == code)
        .map_or(StatusCode::INTERNAL_SERVER_ERROR, |(_, status)| *status)
}

/// A refusal on its way out.
#[derive(Debug)]
pub struct Refused(pub api::Refusal);

impl Refused {
    /// Puts a refusal into words.
    pub fn new(refusal: &Refusal, language: Language) -> Self {
        Self(refusal.told(language))
    }
}

impl From<api::Refusal> for Refused {
    fn from(refusal: api::Refusal) -> Self {
        Self(refusal)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (status_of(&self.0.code), Json(self.0)).into_response()
    }
}
