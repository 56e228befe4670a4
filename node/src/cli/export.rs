//! `linli export`: the space, or one document, in open formats.

mod markdown;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::{Args as ClapArgs, ValueEnum};
use protocol::api::{Answer, Request};
use protocol::id::DocumentId;
use serde_json::json;

use super::error::CliError;
use super::output::Output;
use super::session::Session;
use super::{Context, resolve, session};

/// A format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// JSON
    Json,
    /// Markdown
    Markdown,
    /// Automerge's own form
    Automerge,
    /// All entries, for a neighbour without a network
    Bundle,
}

/// Options of `export`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The document: its name or the beginning of it
    #[arg(required_unless_present = "space", conflicts_with = "space")]
    id: Option<String>,
    /// The whole space
    #[arg(long)]
    space: bool,
    /// The format: json, markdown, automerge; for the space json or bundle
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    format: Format,
}

impl Args {
    /// Checks what clap cannot: which formats the space has, and which a document.
    fn is_possible(&self) -> bool {
        match self.format {
            Format::Json => true,
            Format::Bundle => self.space,
            Format::Markdown | Format::Automerge => !self.space,
        }
    }
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    if !args.is_possible() {
        let error = <super::Cli as clap::CommandFactory>::command().error(
            clap::error::ErrorKind::ArgumentConflict,
            "--space has the formats json and bundle, a document json, markdown and automerge",
        );
        return Err(CliError::Usage(Box::new(error)));
    }
    session::with(context, async |session| {
        let Some(name) = &args.id else {
            return match args.format {
                Format::Bundle => bytes(session, Request::ExportBundle, output).await,
                _ => space(session, output).await,
            };
        };
        let document = resolve::document(session, name).await?;
        match args.format {
            Format::Automerge => {
                let request = Request::ExportAutomerge { document };
                bytes(session, request, output).await
            }
            Format::Json | Format::Markdown | Format::Bundle => {
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
    output.bytes(markdown::page(&document, &comments, context).as_bytes())
}
