//! Putting something on paper from within the front end, on a home of its own or in a demonstration.

use std::path::Path;

use tui::host::{HostAnswer, PaperFormat, Printed};

use super::super::Context;
use super::super::backup::shown;
use super::super::digest;
use super::super::error::CliError;
use super::super::household::HouseholdError;
use super::super::print::{Format, of_document, of_outstanding, of_requests};
use super::super::session::Session;
use super::keeping::{free, whole};
use crate::durable_file;

/// Writes a sheet into a file that is not there yet.
///
/// # Errors
///
/// [`CliError`]; where something stands already it is left as it is.
pub async fn print(
    what: Printed,
    format: PaperFormat,
    file: &Path,
    session: &Session,
    context: &Context,
) -> Result<HostAnswer, CliError> {
    let file = whole(file)?;
    free(&file)?;
    let sheet = match what {
        Printed::Document(document) => of_document(document, session, context).await?,
        Printed::Requests => of_requests(session, context).await?,
        Printed::Outstanding(document) => of_outstanding(document, session, context).await?,
        Printed::Digest(day) => digest::sheet_of(day, session, context).await?,
    };
    let format = match format {
        PaperFormat::Pdf => Format::Pdf,
        PaperFormat::Text => Format::Text,
        PaperFormat::Markdown => Format::Md,
    };
    // Laying out many pages takes a while.
    let bytes = tokio::task::spawn_blocking(move || format.bytes(&sheet)).await;
    // Whoever prints here chooses from a list and types no options.
    let bytes = match bytes.expect("laying out does not panic") {
        Err(CliError::Unprintable(_)) => return Err(HouseholdError::PaperTooLong.into()),
        bytes => bytes?,
    };
    durable_file::write(&file, &bytes).map_err(HouseholdError::Write)?;
    Ok(HostAnswer::Printed(shown(&file)))
}
