//! `linli leave`: the household moves out. Everything is exported, the neighbours are told, and the
//! home is removed.

use std::fs;
use std::io::{BufRead, IsTerminal};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Args as ClapArgs;
use protocol::api::{Answer, DocumentView, Request, SpaceExport, Status};
use serde::Serialize;
use serde_json::json;

use super::backup::shown;
use super::error::CliError;
use super::export::markdown;
use super::household::HouseholdError;
use super::output::Output;
use super::say::Household;
use super::session::Session;
use super::{Context, passphrase};
use crate::durable_file::WriteError;
use crate::running::NodeOptions;
use crate::setup::{self, HomeState};
use crate::{durable_file, exchange};

/// Pause between two looks at whether a neighbour holds everything.
const LOOK_PAUSE: Duration = Duration::from_millis(100);

/// What a resident types to go on.
const YES: [&str; 3] = ["yes", "是", "搬出"];

/// Options of `leave`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The folder to export everything into; it must be empty, or not exist
    #[arg(long, value_name = "FOLDER")]
    export: PathBuf,
    /// Does not ask on a terminal; a script is not asked
    #[arg(long)]
    yes: bool,
    /// An address of a neighbour or relay, to tell it (repeatable)
    #[arg(long, value_name = "ADDRESS")]
    dial: Vec<String>,
    /// Seconds to wait until a neighbour or relay knows
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    wait: u32,
    /// Does not look for nodes on the local network
    #[arg(long)]
    no_mdns: bool,
}

/// Runs the command. No node may run on the home: what it works on is removed.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    if let HomeState::Present { relay: true, .. } = setup::inspect(&context.home)? {
        return Err(CliError::WrongMode { is_relay: true });
    }
    let options = NodeOptions {
        dial: args.dial.clone(),
        network: true,
        mdns: !args.no_mdns,
        ..NodeOptions::for_one_command(passphrase::for_the_home(context)?)
    };
    let session = Session::start(context, options).await?.settled();
    let left = leave(&args, &session, context).await;
    let ended = session.finish().await;
    let (files, held) = left?;
    ended?;
    let home = context.home.clone();
    let removed = tokio::task::spawn_blocking(move || setup::remove(&home));
    removed.await.expect("removing does not panic")?;
    if context.json {
        return output.json(&json!({
            "export": args.export,
            "files": files,
            "held": held,
            "home": context.home,
            "removed": true,
        }));
    }
    let folder = &shown(&args.export);
    output.line(context.text(Household::Left { held, folder }.into()))
}

/// Exports, asks, and tells the neighbours. Returns how many files there are, and whether a neighbour
/// holds what was told.
async fn leave(
    args: &Args,
    session: &Session,
    context: &Context,
) -> Result<(usize, bool), CliError> {
    let exported = export(session, &args.export, context).await?;
    // Nobody can be asked in a script; that everything was exported, and read back, is its net.
    if !args.yes && std::io::stdin().is_terminal() {
        confirm(exported.founder, context)?;
    }
    let wait = Duration::from_secs(args.wait.into());
    let held = tell(session, &args.export, wait).await?;
    Ok((exported.files + 1, held))
}

/// What was exported.
pub(super) struct Exported {
    /// How many files there are.
    pub files: usize,
    /// Whether the own household founded the neighbourhood.
    pub founder: bool,
}

/// Exports everything into a folder that is empty or not there; of an export that is not whole
/// nothing is left.
pub(super) async fn export(
    session: &Session,
    folder: &Path,
    context: &Context,
) -> Result<Exported, CliError> {
    let was_there = make_folder(folder)?;
    let mut export = Export { folder, files: 0 };
    let exported = async {
        let space = export.documents(session, context).await?;
        let status = status(session).await?;
        let own = status.member.as_ref().map(|member| member.id);
        let mut members = space.roster.members.iter();
        let founder = members.any(|member| member.founder && Some(member.id) == own);
        let files = export.files;
        Ok(Exported { files, founder })
    };
    let exported = exported.await;
    if exported.is_err() {
        remove_folder(folder, was_there);
    }
    exported
}

/// Ends the household's devices, adds what was written to its export, and waits until a neighbour or
/// relay holds that. Returns whether one does.
pub(super) async fn tell(
    session: &Session,
    folder: &Path,
    wait: Duration,
) -> Result<bool, CliError> {
    session.call(Request::Leave).await?;
    // After the statements, so that whoever takes the bundle hears of them.
    let bundle = session.call(Request::ExportBundle).await?;
    let mut export = Export { folder, files: 0 };
    export.bytes("space.bundle", &decoded(bundle)?)?;
    let held = tokio::time::timeout(wait, until_held(session)).await;
    held.unwrap_or(Ok(false))
}

fn confirm(founder: bool, context: &Context) -> Result<(), CliError> {
    context.remark(Household::LeaveWarning { founder }.into());
    context.remark(Household::Confirm.into());
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(CliError::Machine)?;
    match YES.contains(&line.trim()) {
        true => Ok(()),
        false => Err(HouseholdError::Declined.into()),
    }
}

async fn until_held(session: &Session) -> Result<bool, CliError> {
    loop {
        if status(session).await?.unsent == 0 {
            return Ok(true);
        }
        tokio::time::sleep(LOOK_PAUSE).await;
    }
}

/// Asks the node how it is.
pub(super) async fn status(session: &Session) -> Result<Status, CliError> {
    match session.call(Request::Status).await? {
        Answer::Status(status) => Ok(*status),
        _ => Err(CliError::OtherAnswer),
    }
}

/// An export under way.
struct Export<'a> {
    folder: &'a Path,
    files: usize,
}

impl Export<'_> {
    /// Writes the space, every document in each form, what was told in confidence, and drafts.
    async fn documents(
        &mut self,
        session: &Session,
        context: &Context,
    ) -> Result<SpaceExport, CliError> {
        let Answer::Space(space) = session.call(Request::ExportSpace).await? else {
            return Err(CliError::OtherAnswer);
        };
        self.json("space.json", &*space)?;
        let Answer::Drafts { drafts } = session.call(Request::Drafts).await? else {
            return Err(CliError::OtherAnswer);
        };
        self.json("drafts.json", &drafts)?;
        let Answer::Doors { doors } = session.call(Request::Doors).await? else {
            return Err(CliError::OtherAnswer);
        };
        self.json("doors.json", &doors)?;
        let mut told = Vec::new();
        for document in space.documents.iter().filter(|view| stands_alone(view)) {
            let document = document.id;
            let answer = session.call(Request::Show { document }).await?;
            let Answer::Document {
                document: view,
                comments,
            } = answer
            else {
                return Err(CliError::OtherAnswer);
            };
            let page = markdown::page(&view, &comments, context);
            let page = exchange::with_record(&page, &view);
            self.bytes(&format!("documents/{document}.md"), page.as_bytes())?;
            let whole = session.call(Request::ExportAutomerge { document }).await?;
            self.bytes(&format!("documents/{document}.automerge"), &decoded(whole)?)?;
            let answer = session.call(Request::Details { document }).await?;
            let Answer::Details { details } = answer else {
                return Err(CliError::OtherAnswer);
            };
            let readable = details.into_iter().filter(|detail| detail.text.is_some());
            told.extend(readable.map(|detail| json!({ "about": document, "detail": detail })));
        }
        self.json("details.json", &told)?;
        Ok(*space)
    }

    fn json(&mut self, name: &str, value: &impl Serialize) -> Result<(), CliError> {
        let text = serde_json::to_vec_pretty(value).expect("the interface's types are JSON");
        self.bytes(name, &text)
    }

    fn bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), CliError> {
        let path = self.folder.join(name);
        durable_file::write(&path, bytes).map_err(HouseholdError::Write)?;
        check(&path, bytes)
            .map_err(|source| HouseholdError::Write(WriteError::NotDurable { path, source }))?;
        self.files += 1;
        Ok(())
    }
}

/// Tells whether a file holds what was written: what it replaces is removed afterwards.
fn check(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    match fs::read(path)? == bytes {
        true => Ok(()),
        false => Err(std::io::ErrorKind::InvalidData.into()),
    }
}

/// Comments stand with what they are about, and what was erased has nothing to export.
fn stands_alone(view: &DocumentView) -> bool {
    view.kind != "comment" && view.completeness != protocol::api::Completeness::Erased
}

fn decoded(answer: Answer) -> Result<Vec<u8>, CliError> {
    let (Answer::Automerge { base64 } | Answer::Bundle { base64 }) = answer else {
        return Err(CliError::OtherAnswer);
    };
    STANDARD.decode(base64).map_err(|_| CliError::OtherAnswer)
}

/// Makes the folder of an export, closed to others. Returns whether it was there.
fn make_folder(path: &Path) -> Result<bool, CliError> {
    let failed = |source| HouseholdError::Make {
        path: path.to_owned(),
        source,
    };
    let was_there = path.symlink_metadata().is_ok();
    if was_there {
        let is_empty = fs::read_dir(path).is_ok_and(|mut inside| inside.next().is_none());
        if !is_empty {
            let path = path.to_owned();
            return Err(HouseholdError::InTheWay { path }.into());
        }
    }
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path.join("documents"))
        .map_err(failed)?;
    Ok(was_there)
}

/// Removes what an export has written. Everything in the folder is its own: it was empty.
fn remove_folder(path: &Path, was_there: bool) {
    let _in_use = fs::remove_dir_all(path.join("documents"));
    for file in fs::read_dir(path).into_iter().flatten().flatten() {
        let _in_use = fs::remove_file(file.path());
    }
    if !was_there {
        let _not_empty = fs::remove_dir(path);
    }
}
