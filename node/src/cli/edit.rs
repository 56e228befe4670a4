//! `linli edit`: changes fields of a document.

use clap::Args as ClapArgs;
use protocol::api::{Answer, Request};
use protocol::id::DocumentId;

use super::error::CliError;
use super::fields::Fields;
use super::output::Output;
use super::post::tell_written;
use super::session::Session;
use super::{Context, resolve, session};

/// Options of `edit`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The document: its name or the beginning of it
    id: String,
    #[command(flatten)]
    fields: Fields,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    if args.fields.is_empty() {
        return Err(CliError::NothingToChange);
    }
    let answer = session::with(context, async |session| {
        let document = resolve::document(session, &args.id).await?;
        let kind = match &args.fields.body {
            Some(_) => kind_of(session, document).await?,
            None => String::new(),
        };
        let fields = args.fields.values(&kind)?;
        let edit = Request::Edit {
            document,
            fields,
            base: Vec::new(),
        };
        session.call(edit).await
    });
    tell_written(answer.await?, context, output)
}

/// The kind decides which field holds the text.
async fn kind_of(session: &Session, document: DocumentId) -> Result<String, CliError> {
    match session.call(Request::Show { document }).await? {
        Answer::Document { document, .. } => Ok(document.kind),
        _ => Err(CliError::OtherAnswer),
    }
}
