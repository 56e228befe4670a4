//! Documents of one kind as a table for spreadsheets, as lines of JSON, or as a page.

use protocol::api::DocumentView;
use protocol::kind::Kind;

use super::Format;
use crate::cli::error::CliError;
use crate::cli::output::Output;
use crate::cli::print::pen;
use crate::cli::session::Session;
use crate::cli::{Context, sheets};
use crate::{exchange, paper};

/// Writes the list.
pub async fn write(
    kind: &'static Kind,
    views: &[DocumentView],
    format: Format,
    session: &Session,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    match format {
        Format::Csv => output.bytes(exchange::table(kind, views).as_bytes()),
        Format::Markdown => {
            let pen = pen(session, context).await?;
            let sheet = sheets::list(kind.name, views, &pen);
            output.bytes(paper::markdown(&sheet).as_bytes())
        }
        _ => views.iter().try_for_each(|view| output.json(view)),
    }
}
