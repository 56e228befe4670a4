//! `linli export`: the space, a list of documents, or one of them, in open formats.

mod list;
pub mod markdown;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::{Args as ClapArgs, ValueEnum};
use protocol::api::{Answer, Request};
use protocol::id::DocumentId;
use protocol::kind::{Kind, Kinds};
use serde_json::json;

use super::error::CliError;
use super::list::Filter;
use super::output::Output;
use super::session::Session;
use super::{Context, resolve, session, usage};
use crate::exchange;

/// A format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// JSON
    Json,
    /// A table for spreadsheets
    Csv,
    /// Markdown
    #[value(alias = "md")]
    Markdown,
    /// Automerge's own form
    Automerge,
    /// All entries, for a neighbour without a network
    Bundle,
}

/// Options of `export`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The document: its name or the beginning of it; or a kind: requests, notices, plans,
    /// standing-offers
    #[arg(required_unless_present = "space", conflicts_with = "space")]
    id: Option<String>,
    /// The whole space
    #[arg(long)]
    space: bool,
    /// The format: json, markdown, automerge; for a kind csv, json or markdown; for the space json or
    /// bundle
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    format: Format,
    #[command(flatten)]
    filter: Filter,
}

impl Args {
    /// What the format does not go with, if it does not: the space has other formats than a document.
    fn conflict(&self) -> Option<(String, &'static str)> {
        let format = match (self.format, self.space, self.listed()) {
            (Format::Bundle, false, _) | (Format::Csv, false, None) => Some("ID"),
            (Format::Automerge, false, Some(_)) => Some("a kind"),
            (Format::Markdown | Format::Automerge | Format::Csv, true, _) => Some("--space"),
            _ => None,
        };
        let filter = (!self.filter.is_empty() && self.listed().is_none()).then(|| {
            (
                "a filter".to_owned(),
                if self.space { "--space" } else { "ID" },
            )
        });
        let format = format.map(|other| (self.format_as_given(), other));
        format.or(filter)
    }

    /// The kind whose documents are exported as a list, if one is named in the plural.
    fn listed(&self) -> Option<&'static Kind> {
        let name = self.id.as_deref()?;
        let kinds = Kinds::standard();
        let mut posted = kinds.posted();
        posted.find(|kind| kind.plural == name)
    }

    fn format_as_given(&self) -> String {
        let value = self.format.to_possible_value();
        let name = value.as_ref().map_or("", |value| value.get_name());
        format!("--format {name}")
    }
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    if let Some((given, other)) = args.conflict() {
        let command = <super::Cli as clap::CommandFactory>::command();
        let error = usage::conflict(&command, &given, other);
        return Err(CliError::Usage(Box::new(error)));
    }
    session::with(context, async |session| {
        let Some(name) = &args.id else {
            return match args.format {
                Format::Bundle => bytes(session, Request::ExportBundle, output).await,
                _ => space(session, output).await,
            };
        };
        if let Some(kind) = args.listed() {
            let views = args.filter.documents(session, Some(kind.name.to_owned()));
            return list::write(kind, &views.await?, args.format, session, context, output).await;
        }
        let document = resolve::document(session, name).await?;
        match args.format {
            Format::Automerge => {
                let request = Request::ExportAutomerge { document };
                bytes(session, request, output).await
            }
            Format::Json | Format::Csv | Format::Markdown | Format::Bundle => {
                readable(session, document, args.format, context, output).await
            }
        }
    })
    .await
}

async fn space(session: &Session, output: &mut Output) -> Result<(), CliError> {
    match session.call(Request::ExportSpace).await? {
        Answer::Space(space) => output.json(&space),
        _ => Err(CliError::OtherAnswer),
    }
}

async fn bytes(session: &Session, request: Request, output: &mut Output) -> Result<(), CliError> {
    if output.is_terminal() {
        return Err(CliError::BytesOnTerminal);
    }
    let (Answer::Automerge { base64 } | Answer::Bundle { base64 }) = session.call(request).await?
    else {
        return Err(CliError::OtherAnswer);
    };
    let bytes = STANDARD.decode(base64);
    output.bytes(&bytes.map_err(|_| CliError::OtherAnswer)?)
}

async fn readable(
    session: &Session,
    document: DocumentId,
    format: Format,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let answer = session.call(Request::Show { document }).await?;
    let Answer::Document { document, comments } = answer else {
        return Err(CliError::OtherAnswer);
    };
    if format == Format::Json {
        return output.json(&json!({ "document": document, "comments": comments }));
    }
    let page = markdown::page(&document, &comments, context);
    output.bytes(exchange::with_record(&page, &document).as_bytes())
}
