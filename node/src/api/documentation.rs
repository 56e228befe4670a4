//! The OpenAPI document of the local interface, made from the routes and the protocol's types.
//! `docs/openapi.json` is this document; a test compares them. A node serves the file as it was
//! when the program was built.

use utoipa::openapi::{Content, OpenApi as Document, Ref, RefOr, Schema};
use utoipa::{Modify, OpenApi};

use super::routes;

/// The answer that each operation gives, by its tag.
const ANSWERS: &[(&str, &str)] = &[
    ("status", "status"),
    ("documents", "documents"),
    ("post", "written"),
    ("document", "document"),
    ("edit", "written"),
    ("erase", "written"),
    ("details", "details"),
    ("putDetails", "written"),
    ("eraseDetails", "written"),
    ("doors", "doors"),
    ("putDoor", "written"),
    ("eraseDoor", "written"),
    ("automerge", "automerge"),
    ("history", "history"),
    ("restore", "written"),
    ("drafts", "drafts"),
    ("putDraft", "drafts"),
    ("removeDraft", "drafts"),
    ("markRead", "counts"),
    ("markUnread", "counts"),
    ("counts", "counts"),
    ("today", "today"),
    ("settings", "settings"),
    ("putSettings", "settings"),
    ("search", "documents"),
    ("roster", "roster"),
    ("invite", "invitation"),
    ("enrolmentCodes", "enrolment-codes"),
    ("addDevice", "enrolment-code"),
    ("cancelCode", "enrolment-codes"),
    ("leave", "written"),
    ("backUp", "backup"),
    ("appoint", "written"),
    ("promote", "written"),
    ("addOffice", "written"),
    ("recordHousehold", "written"),
    ("addProxies", "written"),
    ("endRecord", "written"),
    ("motions", "motions"),
    ("move", "motion"),
    ("coSign", "motion"),
    ("enact", "motion"),
    ("hiddenDocument", "document"),
    ("acknowledgements", "acknowledgements"),
    ("moderations", "moderations"),
    ("moderate", "written"),
    ("appeal", "written"),
    ("decide", "written"),
    ("liftModeration", "written"),
    ("agreement", "agreement"),
    ("signAgreement", "written"),
    ("blocks", "blocks"),
    ("block", "blocks"),
    ("unblock", "blocks"),
    ("cut", "written"),
    ("cutLoss", "cut-loss"),
    ("peers", "peers"),
    ("dial", "peers"),
    ("importDocuments", "import"),
    ("importRequests", "import"),
    ("importBundle", "taken"),
    ("exportBundle", "bundle"),
    ("space", "space"),
    ("doctor", "doctor"),
];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Linli's local interface",
        description = "HTTP/JSON on the node's Unix socket, run/api.sock in its home. Only the \
            user whose node it is, and root, may connect.",
    ),
    servers((url = "http://linli")),
    paths(
        routes::status, routes::list, routes::post_document, routes::show, routes::edit, routes::erase,
        routes::details::show, routes::details::put, routes::details::erase,
        routes::details::doors, routes::details::put_door, routes::details::erase_door,
        routes::automerge, routes::history, routes::restore, routes::own::drafts,
        routes::own::put_draft, routes::own::remove_draft, routes::own::mark_read,
        routes::own::mark_unread,
        routes::own::counts, routes::own::today, routes::own::settings,
        routes::own::put_settings, routes::search, routes::roster, routes::invite,
        routes::devices::codes, routes::devices::add, routes::devices::cancel,
        routes::devices::leave, routes::devices::back_up, routes::appoint, routes::promote,
        routes::add_office, routes::recording::record, routes::recording::add,
        routes::recording::end, routes::motions::list, routes::motions::move_act,
        routes::motions::co_sign, routes::motions::enact,
        routes::acknowledgements, routes::moderating::show_hidden, routes::moderating::list, routes::moderating::moderate,
        routes::moderating::appeal, routes::moderating::decide, routes::moderating::lift,
        routes::moderating::agreement, routes::moderating::sign, routes::moderating::blocks,
        routes::moderating::block, routes::moderating::unblock, routes::cut, routes::cut_loss,
        routes::peers, routes::dial, routes::import_requests,
        routes::import_documents, routes::import_bundle, routes::export_bundle, routes::space, routes::doctor, routes::listen, routes::openapi,
    ),
    components(schemas(protocol::api::ListOrder)),
    modifiers(&OneAnswerEach),
)]
struct Interface;

/// The document as a node serves it: making it takes hundreds of megabytes, which a process that
/// has taken them once keeps.
pub const COMMITTED: &str = include_str!("../../../docs/openapi.json");

/// Makes the document from the routes, as JSON with a line end.
pub fn document() -> String {
    let mut text = Interface::openapi()
        .to_pretty_json()
        .expect("the document is JSON");
    text.push('\n');
    text
}

/// Gives each operation the one answer it has, instead of the choice of all.
struct OneAnswerEach;

impl Modify for OneAnswerEach {
    fn modify(&self, document: &mut Document) {
        name_answers(document);
        for item in document.paths.paths.values_mut() {
            let operations = [
                &mut item.get,
                &mut item.post,
                &mut item.put,
                &mut item.patch,
                &mut item.delete,
            ];
            for operation in operations.into_iter().flatten() {
                // One interface: grouping by source module says nothing.
                operation.tags = None;
                let id = operation.operation_id.as_deref().unwrap_or_default();
                let Some((_, tag)) = ANSWERS.iter().find(|(known, _)| *known == id) else {
                    continue;
                };
                let reference = Ref::from_schema_name(answer_name(tag));
                for (status, response) in &mut operation.responses.responses {
                    if let ("200" | "201", RefOr::T(response)) = (status.as_str(), response) {
                        let content = Content::new(Some(reference.clone()));
                        response
                            .content
                            .insert("application/json".into(), RefOr::T(content));
                    }
                }
            }
        }
    }
}

/// Moves every alternative of the answer's schema into a schema of its own.
fn name_answers(document: &mut Document) {
    let Some(components) = &mut document.components else {
        return;
    };
    let Some(RefOr::T(Schema::OneOf(answer))) = components.schemas.remove("Answer") else {
        return;
    };
    for alternative in answer.items {
        if let Some(tag) = tag_of(&alternative) {
            components.schemas.insert(answer_name(&tag), alternative);
        }
    }
}

/// Finds the one value that an alternative's `answer` may have.
fn tag_of(alternative: &RefOr<Schema>) -> Option<String> {
    let value = serde_json::to_value(alternative).ok()?;
    let parts = value.get("allOf").and_then(|all| all.as_array().cloned());
    let parts = parts.unwrap_or_else(|| vec![value]);
    parts.iter().find_map(|part| {
        let tag = part.pointer("/properties/answer/enum/0")?;
        tag.as_str().map(str::to_owned)
    })
}

fn answer_name(tag: &str) -> String {
    let mut letters = tag.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    format!(
        "{}{}Answer",
        first.into_iter().collect::<String>(),
        letters.as_str()
    )
}
