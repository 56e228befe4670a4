//! `linli import`: brings in files of others, all or nothing.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, Subcommand};
use protocol::api::{Answer, ImportReport, Request};
use serde_json::json;

use super::error::CliError;
use super::output::Output;
use super::say::Message;
use super::{Context, plain, session};
use crate::import::FILE_BYTES_MAX;

/// Errors that are shown to people; a script gets all.
const ERRORS_SHOWN_MAX: usize = 20;

/// Options of `import`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

/// What is imported.
#[derive(Debug, Subcommand)]
enum What {
    /// Imports help requests from a CSV file, or from what an export made
    Requests(OfDocuments),
    /// Imports notices from what an export made, or from a page of Markdown
    Notices(OfDocuments),
    /// Imports plans from what an export made, or from a page of Markdown
    Plans(OfDocuments),
    /// Imports documents of any kind from what an export made, or from a page of Markdown
    Documents(OfDocuments),
    /// Takes the entries of a bundle that a neighbour exported
    Bundle {
        /// The file; - reads standard input
        file: PathBuf,
    },
}

/// Options of an import of documents.
#[derive(Debug, ClapArgs)]
struct OfDocuments {
    /// The file; - reads standard input
    file: PathBuf,
    /// Only shows what would be imported
    #[arg(long)]
    preview: bool,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let documents = |args: OfDocuments, kind: Option<&str>| {
        let (file, preview) = (read(&args.file)?, args.preview);
        let kind = kind.map(str::to_owned);
        let request = Request::ImportDocuments {
            file,
            kind,
            preview,
        };
        Ok::<_, CliError>((request, preview))
    };
    let (request, preview) = match args.what {
        What::Requests(OfDocuments { file, preview }) => {
            let file = read(&file)?;
            (Request::ImportRequests { file, preview }, preview)
        }
        What::Notices(args) => documents(args, Some("notice"))?,
        What::Plans(args) => documents(args, Some("plan"))?,
        What::Documents(args) => documents(args, None)?,
        What::Bundle { file } => (Request::ImportBundle { file: read(&file)? }, false),
    };
    let answer = session::with(context, async |session| session.call(request).await).await?;
    let report = match answer {
        Answer::Import(report) => report,
        Answer::Taken { entries } => return tell_taken(entries, context, output),
        _ => return Err(CliError::OtherAnswer),
    };
    if context.json {
        output.json(&report)?;
    } else {
        show(&report, preview, context, output)?;
    }
    match report.errors.len() {
        0 => Ok(()),
        count => Err(CliError::ImportErrors { count }),
    }
}

fn tell_taken(entries: u64, context: &Context, output: &mut Output) -> Result<(), CliError> {
    if context.json {
        return output.json(&json!({ "entries": entries }));
    }
    output.line(context.text(Message::Taken { entries }))
}

fn show(
    report: &ImportReport,
    preview: bool,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    for error in report.errors.iter().take(ERRORS_SHOWN_MAX) {
        output.line(context.text(Message::ImportError {
            row: error.row,
            line: error.line,
            column: &plain::line(&error.column),
            what: &plain::line(&error.what),
        }))?;
    }
    if !report.errors.is_empty() {
        return Ok(());
    }
    for title in &report.titles {
        output.line(format!("  {}", plain::line(title)))?;
    }
    output.line(context.text(Message::Imported {
        imported: report.imported,
        skipped: report.skipped,
        encoding: &plain::line(&report.encoding),
        preview,
    }))
}

/// Reads a file, never more of it than is allowed.
fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    let failed = |source| CliError::File {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    let limit = FILE_BYTES_MAX as u64 + 1;
    if path == Path::new("-") {
        let stdin = std::io::stdin().lock();
        stdin.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        let file = std::fs::File::open(path).map_err(failed)?;
        file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(CliError::TooLarge {
            source_name: plain::line(&path.to_string_lossy()),
            bytes_max: FILE_BYTES_MAX,
        });
    }
    Ok(bytes)
}
