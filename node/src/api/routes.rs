//! The routes: each turns an HTTP request into one request to the core. The other half, from
//! requests to HTTP, is in the client; a test sends every request through both.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use protocol::api::body::{
    Changes, ImportDocumentsQuery, ImportQuery, NewAppointment, NewCut, NewInvitation, NewOffice,
    NewPeer, NewRestoration, SearchQuery, ThoughtOfCut,
};
use protocol::api::{self, Answer, Draft, ListQuery, Request};
use serde::Deserialize;
use tokio::sync::{Semaphore, watch};
use tui::language::Language;

use super::documentation;
use super::events;
use super::extract::{DocumentInPath, FileBody, JsonBody, MemberInPath, QueryOf};
use super::language;
use super::refusal::Refused;
use crate::core::{Core, Manner};
use crate::refusal::Refusal;

pub mod details;
pub mod devices;
pub mod moderating;
pub mod motions;
pub mod own;
pub mod recording;

/// What every route knows.
#[derive(Clone)]
pub struct Shared {
    core: Core,
    /// The language of those who name none: the one that the settings named last.
    language: Arc<watch::Sender<Language>>,
    listeners: Arc<Semaphore>,
    stopping: watch::Receiver<bool>,
}

/// Whoever asks: in what language, and how the core is reached.
pub struct Asker {
    shared: Shared,
    manner: Manner,
}

/// Whether an answer waits until all that is held is projected.
#[derive(Deserialize)]
struct Settled {
    #[serde(default)]
    settled: bool,
}

impl FromRequestParts<Shared> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Infallible> {
        let settled = Query::<Settled>::try_from_uri(&parts.uri);
        Ok(Self {
            shared: shared.clone(),
            manner: Manner {
                language: shared.language_of(&parts.headers),
                settled: settled.is_ok_and(|query| query.settled),
            },
        })
    }
}

type Answered = Result<Json<Answer>, Refused>;

/// Makes the router; those who name no language are answered in the one given until the settings
/// name another.
pub fn router(core: Core, language: Language, stopping: watch::Receiver<bool>) -> Router {
    let shared = Shared {
        core,
        language: Arc::new(watch::Sender::new(language)),
        listeners: Arc::new(Semaphore::new(events::LISTENERS_MAX)),
        stopping,
    };
    let v1 = Router::new()
        .route("/status", get(status))
        .route("/documents", get(list).post(post_document))
        .route("/documents/{document}", get(show).patch(edit).delete(erase))
        .route(
            "/documents/{document}/details",
            get(details::show).put(details::put).delete(details::erase),
        )
        .route("/documents/{document}/automerge", get(automerge))
        .route("/doors", get(details::doors))
        .route("/door", put(details::put_door).delete(details::erase_door))
        .route("/documents/{document}/hidden", get(moderating::show_hidden))
        .route(
            "/documents/{document}/acknowledgements",
            get(acknowledgements),
        )
        .route("/documents/{document}/history", get(history))
        .route("/documents/{document}/restorations", post(restore))
        .route("/drafts", get(own::drafts))
        .route(
            "/drafts/{id}",
            put(own::put_draft).delete(own::remove_draft),
        )
        .route("/reading-marks", post(own::mark_read))
        .route("/unread-marks", post(own::mark_unread))
        .route("/counts", get(own::counts))
        .route("/today", get(own::today))
        .route("/settings", get(own::settings).put(own::put_settings))
        .route("/search", get(search))
        .route("/roster", get(roster))
        .route("/invitations", post(invite))
        .route("/devices/codes", get(devices::codes).post(devices::add))
        .route("/devices/codes/{code}", delete(devices::cancel))
        .route("/membership", delete(devices::leave))
        .route("/backup", post(devices::back_up))
        .route("/appointments", post(appoint))
        .route("/members/{member}/promotion", put(promote))
        .route("/offices", post(add_office))
        .route("/households", post(recording::record))
        .route("/households/{household}/proxies", post(recording::add))
        .route("/households/{household}/ends", post(recording::end))
        .route("/motions", get(motions::list).post(motions::move_act))
        .route("/motions/{motion}/cosignature", put(motions::co_sign))
        .route("/motions/{motion}/enactment", put(motions::enact))
        .route(
            "/moderations",
            get(moderating::list).post(moderating::moderate),
        )
        .route("/moderations/{document}/appeals", post(moderating::appeal))
        .route(
            "/moderations/{document}/decisions",
            post(moderating::decide),
        )
        .route(
            "/moderations/{document}/restorations",
            post(moderating::lift),
        )
        .route("/agreement", get(moderating::agreement))
        .route("/agreement/signatures", post(moderating::sign))
        .route("/blocks", get(moderating::blocks))
        .route(
            "/blocks/{member}",
            put(moderating::block).delete(moderating::unblock),
        )
        .route("/cuts", post(cut))
        .route("/cuts/losses", post(cut_loss))
        .route("/peers", get(peers).post(dial))
        .route("/imports/requests", post(import_requests))
        .route("/imports/documents", post(import_documents))
        .route("/imports/bundle", post(import_bundle))
        .route("/space", get(space))
        .route("/space/bundle", get(export_bundle))
        .route("/doctor", get(doctor))
        .route("/events", get(listen))
        .route("/openapi.json", get(openapi));
    Router::new()
        .nest("/v1", v1)
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_method)
        .with_state(shared)
}

impl Shared {
    /// The language in which whoever sent these headers is answered.
    pub fn language_of(&self, headers: &HeaderMap) -> Language {
        language::preferred(headers).unwrap_or_else(|| *self.language.borrow())
    }
}

impl Asker {
    async fn ask(&self, request: Request) -> Answered {
        let answer = self.shared.core.call(request, self.manner).await?;
        // A language that was just chosen, or found in a file that somebody edited, counts at once.
        if let Answer::Settings(settings) = &answer {
            self.shared.language.send_replace(settings.language);
        }
        Ok(Json(answer))
    }

    async fn write(&self, request: Request) -> Result<(StatusCode, Json<Answer>), Refused> {
        Ok((StatusCode::CREATED, self.ask(request).await?))
    }
}

async fn unknown_path(asker: Asker) -> Refused {
    Refused::new(&Refusal::NoPath, asker.manner.language)
}

async fn unknown_method(asker: Asker) -> Response {
    let refused = Refused::new(&Refusal::NoMethod, asker.manner.language);
    (StatusCode::METHOD_NOT_ALLOWED, Json(refused.0)).into_response()
}

/// How the node is
#[utoipa::path(get, path = "/v1/status", operation_id = "status",
    params(("settled" = Option<bool>, Query, description = "Waits until all that is held is projected")),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn status(asker: Asker) -> Answered {
    asker.ask(Request::Status).await
}

/// Who has acknowledged a notice, and who has not: names for its issuer, stewards and building leads
#[utoipa::path(get, path = "/v1/documents/{document}/acknowledgements",
    operation_id = "acknowledgements", params(("document" = protocol::id::DocumentId, Path)),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn acknowledgements(asker: Asker, document: DocumentInPath) -> Answered {
    let DocumentInPath(document) = document;
    asker.ask(Request::Acknowledgements { document }).await
}

/// Documents, newest first, a page at a time
#[utoipa::path(get, path = "/v1/documents", operation_id = "documents", params(ListQuery,
        ("settled" = Option<bool>, Query, description = "Waits until all that is held is projected")),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn list(asker: Asker, QueryOf(query): QueryOf<ListQuery>) -> Answered {
    asker.ask(Request::List(query)).await
}

/// Writes a new document
#[utoipa::path(post, path = "/v1/documents", operation_id = "post", request_body = Draft,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn post_document(
    asker: Asker,
    JsonBody(draft): JsonBody<Draft>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    asker.write(Request::Post(draft)).await
}

/// One document with its comments
#[utoipa::path(get, path = "/v1/documents/{document}", operation_id = "document",
    params(("document" = protocol::id::DocumentId, Path)),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn show(asker: Asker, document: DocumentInPath) -> Answered {
    let DocumentInPath(document) = document;
    asker.ask(Request::Show { document }).await
}

/// Changes fields of a document
#[utoipa::path(patch, path = "/v1/documents/{document}", operation_id = "edit",
    params(("document" = protocol::id::DocumentId, Path)), request_body = Changes,
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn edit(
    asker: Asker,
    document: DocumentInPath,
    JsonBody(Changes { fields, base }): JsonBody<Changes>,
) -> Answered {
    let DocumentInPath(document) = document;
    let edit = Request::Edit {
        document,
        fields,
        base,
    };
    asker.ask(edit).await
}

/// Erases a document, here and wherever it is held
#[utoipa::path(delete, path = "/v1/documents/{document}", operation_id = "erase",
    params(("document" = protocol::id::DocumentId, Path)),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn erase(asker: Asker, document: DocumentInPath) -> Answered {
    let DocumentInPath(document) = document;
    asker.ask(Request::Erase { document }).await
}

/// What was changed in a document, by whom, and who wrote what of its text
#[utoipa::path(get, path = "/v1/documents/{document}/history", operation_id = "history",
    params(("document" = protocol::id::DocumentId, Path)),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn history(asker: Asker, document: DocumentInPath) -> Answered {
    let DocumentInPath(document) = document;
    asker.ask(Request::History { document }).await
}

/// Puts back what one entry deleted from collaborative text
#[utoipa::path(post, path = "/v1/documents/{document}/restorations", operation_id = "restore",
    params(("document" = protocol::id::DocumentId, Path)), request_body = NewRestoration,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn restore(
    asker: Asker,
    document: DocumentInPath,
    JsonBody(NewRestoration { entry }): JsonBody<NewRestoration>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    let DocumentInPath(document) = document;
    asker.write(Request::Restore { document, entry }).await
}

/// One document in Automerge's own form
#[utoipa::path(get, path = "/v1/documents/{document}/automerge", operation_id = "automerge",
    params(("document" = protocol::id::DocumentId, Path)),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn automerge(asker: Asker, document: DocumentInPath) -> Answered {
    let DocumentInPath(document) = document;
    asker.ask(Request::ExportAutomerge { document }).await
}

/// Documents whose title or text holds the words
#[utoipa::path(get, path = "/v1/search", operation_id = "search", params(SearchQuery,
        ("settled" = Option<bool>, Query, description = "Waits until all that is held is projected")),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn search(asker: Asker, query: QueryOf<SearchQuery>) -> Answered {
    let QueryOf(SearchQuery { words, limit }) = query;
    asker.ask(Request::Search { words, limit }).await
}

/// Members, offices, relays, what each may do and who granted it, and statements that do not count
#[utoipa::path(get, path = "/v1/roster", operation_id = "roster",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn roster(asker: Asker) -> Answered {
    asker.ask(Request::Roster).await
}

/// Makes an invitation
#[utoipa::path(post, path = "/v1/invitations", operation_id = "invite",
    request_body = NewInvitation,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn invite(
    asker: Asker,
    JsonBody(body): JsonBody<NewInvitation>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    let request = Request::Invite {
        uses: body.uses,
        lifetime_ms: body.lifetime_ms,
        invited_as: body.invited_as,
        addresses: body.addresses,
        successor_of: body.successor_of,
    };
    asker.write(request).await
}

/// Gives a role
#[utoipa::path(post, path = "/v1/appointments", operation_id = "appoint",
    request_body = NewAppointment,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn appoint(
    asker: Asker,
    JsonBody(body): JsonBody<NewAppointment>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    let request = Request::Appoint {
        member: body.member,
        role: body.role,
        office: body.office,
        building: body.building,
    };
    asker.write(request).await
}

/// Makes a guest a household
#[utoipa::path(put, path = "/v1/members/{member}/promotion", operation_id = "promote",
    params(("member" = protocol::id::MemberId, Path)),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn promote(asker: Asker, MemberInPath(member): MemberInPath) -> Answered {
    asker.ask(Request::Promote { member }).await
}

/// Adds an office, with those who speak for it
#[utoipa::path(post, path = "/v1/offices", operation_id = "addOffice", request_body = NewOffice,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn add_office(
    asker: Asker,
    JsonBody(NewOffice { name, spokespeople }): JsonBody<NewOffice>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    asker.write(Request::AddOffice { name, spokespeople }).await
}

/// Takes a right away
#[utoipa::path(post, path = "/v1/cuts", operation_id = "cut", request_body = NewCut,
    responses((status = 201, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn cut(
    asker: Asker,
    JsonBody(body): JsonBody<NewCut>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    let request = Request::Cut {
        target: body.target,
        reason: body.reason,
        from: body.from,
    };
    asker.write(request).await
}

/// What a cut would undo; nothing is changed
#[utoipa::path(post, path = "/v1/cuts/losses", operation_id = "cutLoss",
    request_body = ThoughtOfCut,
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn cut_loss(
    asker: Asker,
    JsonBody(ThoughtOfCut { target, from }): JsonBody<ThoughtOfCut>,
) -> Answered {
    asker.ask(Request::CutLoss { target, from }).await
}

/// Known peers
#[utoipa::path(get, path = "/v1/peers", operation_id = "peers",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn peers(asker: Asker) -> Answered {
    asker.ask(Request::Peers).await
}

/// Dials a peer and remembers its address
#[utoipa::path(post, path = "/v1/peers", operation_id = "dial", request_body = NewPeer,
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn dial(asker: Asker, JsonBody(NewPeer { address }): JsonBody<NewPeer>) -> Answered {
    asker.ask(Request::Dial { address }).await
}

/// Imports help requests from a CSV file, all or none
#[utoipa::path(post, path = "/v1/imports/requests", operation_id = "importRequests",
    params(ImportQuery),
    request_body(content_type = "application/octet-stream",
        description = "The file as it is, at most 20 MiB"),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn import_requests(
    asker: Asker,
    QueryOf(ImportQuery { preview }): QueryOf<ImportQuery>,
    FileBody(file): FileBody,
) -> Answered {
    asker.ask(Request::ImportRequests { file, preview }).await
}

/// Imports documents that were exported, or a page of Markdown, all or none
#[utoipa::path(post, path = "/v1/imports/documents", operation_id = "importDocuments",
    params(ImportDocumentsQuery),
    request_body(content_type = "application/octet-stream",
        description = "The file as it is, at most 20 MiB"),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn import_documents(
    asker: Asker,
    QueryOf(ImportDocumentsQuery { kind, preview }): QueryOf<ImportDocumentsQuery>,
    FileBody(file): FileBody,
) -> Answered {
    asker
        .ask(Request::ImportDocuments {
            file,
            kind,
            preview,
        })
        .await
}

/// Takes the entries of a bundle
#[utoipa::path(post, path = "/v1/imports/bundle", operation_id = "importBundle",
    request_body(content_type = "application/octet-stream",
        description = "The file as it is, at most 20 MiB"),
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn import_bundle(asker: Asker, FileBody(file): FileBody) -> Answered {
    asker.ask(Request::ImportBundle { file }).await
}

/// All entries as a bundle
#[utoipa::path(get, path = "/v1/space/bundle", operation_id = "exportBundle",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn export_bundle(asker: Asker) -> Answered {
    asker.ask(Request::ExportBundle).await
}

/// The whole space
#[utoipa::path(get, path = "/v1/space", operation_id = "space",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn space(asker: Asker) -> Answered {
    asker.ask(Request::ExportSpace).await
}

/// Checks the store
#[utoipa::path(get, path = "/v1/doctor", operation_id = "doctor",
    responses((status = 200, body = Answer), (status = "default", body = api::Refusal)))]
pub async fn doctor(asker: Asker) -> Answered {
    asker.ask(Request::Doctor).await
}

/// What happens, as server-sent events; each event's data is one JSON object
#[utoipa::path(get, path = "/v1/events", operation_id = "events",
    responses((status = 200, body = protocol::api::Event, content_type = "text/event-stream"),
        (status = "default", body = api::Refusal)))]
pub async fn listen(asker: Asker) -> Result<impl IntoResponse, Refused> {
    let shared = asker.shared;
    events::stream(shared.core.events(), shared.listeners, shared.stopping)
        .map_err(|refusal| Refused::new(&refusal, asker.manner.language))
}

/// This document
#[utoipa::path(get, path = "/v1/openapi.json", operation_id = "openapi",
    responses((status = 200, content_type = "application/json")))]
pub async fn openapi() -> impl IntoResponse {
    let json = [("content-type", "application/json")];
    (json, documentation::COMMITTED)
}
