//! The command line: one file for each command. It parses, asks a node, and prints; it decides
//! nothing about documents, members or peers.

mod acknowledge;
mod agreement;
mod appoint;
mod backup;
mod block;
mod comment;
mod completions;
mod cut;
mod demo;
mod details;
mod device;
mod digest;
mod doctor;
mod door;
mod edit;
mod enrol;
mod erase;
mod error;
mod exit;
mod export;
mod fields;
mod front_end;
mod help;
mod helping;
mod history;
mod household;
mod import;
mod init;
mod invite;
mod join;
mod language;
mod leave;
mod lifetime;
mod list;
mod log;
mod man;
mod mark_read;
mod mine;
mod moderation;
mod motion;
mod node;
mod office;
mod openapi;
mod output;
mod passphrase;
mod peers;
mod plain;
mod post;
mod print;
mod promote;
mod recorded;
mod relay;
mod resolve;
mod roster;
mod say;
mod search;
mod session;
mod sheet;
mod sheets;
mod show;
mod start_page;
mod status;
mod table;
mod telling;
mod undoing;
mod usage;
mod window;
mod words;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use protocol::api::EmergencyNumbers;

use self::error::CliError;
pub use self::exit::Exit;
use self::language::Language;
use self::output::Output;
use self::say::Message;
use crate::home::Home;
use crate::settings::Settings;

/// A neighbourhood's own bulletin and mutual aid
#[derive(Debug, Parser)]
#[command(name = "linli", version, disable_help_subcommand = true)]
pub struct Cli {
    /// The folder that holds everything
    #[arg(long, global = true, env = "LINLI_HOME", value_name = "FOLDER")]
    home: Option<PathBuf>,
    /// The language: zh or en
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = ["zh", "en"])]
    lang: Option<String>,
    /// Prints JSON: one object, or for lists one object a line
    #[arg(long, global = true)]
    json: bool,
    /// The file that opens the keystore instead of a passphrase
    #[arg(long, global = true, value_name = "FILE")]
    key_file: Option<PathBuf>,
    #[command(flatten)]
    front_end: front_end::Args,
    #[command(subcommand)]
    command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Founds a neighbourhood
    Init(init::Args),
    /// Joins a neighbourhood by an invitation
    Join(join::Args),
    /// Makes an invitation
    Invite(invite::Args),
    /// Runs this home's node
    Node(node::Args),
    /// Runs a relay
    Relay(relay::Args),
    /// Writes a new document: a request, a notice, a plan, a standing offer
    Post(post::Args),
    /// Lists documents, newest first
    List(list::Args),
    /// Shows one document with its comments
    Show(show::Args),
    /// Shows what was changed in a document, and by whom
    History(history::Args),
    /// Notes on this node what was read
    MarkRead(mark_read::Args),
    /// Finds documents by words in their titles and texts
    Search(search::Args),
    /// Writes a comment
    Comment(comment::Args),
    /// Changes a document
    Edit(edit::Args),
    /// Offers help
    Offer(helping::OfferArgs),
    /// Accepts an offer; of more helpers than are wanted, keeps this one
    Accept(helping::OfOfferArgs),
    /// Confirms the time: this household is on it
    CheckIn(helping::OneArgs),
    /// Says that help was given
    Done(helping::DoneArgs),
    /// Says whose thing it is that was asked for, without matching
    Gone(helping::OfOfferArgs),
    /// Confirms that it is done, with hours and thanks
    Confirm(helping::ConfirmArgs),
    /// Thanks whoever helped
    Thank(helping::ThankArgs),
    /// Agrees to the hours, or the public thanks, of the other side
    Agree(helping::OneArgs),
    /// Withdraws an offer or an acceptance, a standing offer or a notice
    Withdraw(helping::WithdrawArgs),
    /// Says that the other side did not come
    NoShow(helping::NoShowArgs),
    /// Replies to what is said about this household
    Reply(helping::ReplyArgs),
    /// Renews a request or a standing offer
    Renew(helping::OneArgs),
    /// Cancels a request
    Cancel(helping::ReasonArgs),
    /// Opens a request again that was done at most 14 days ago
    Reopen(helping::ReasonArgs),
    /// Closes a request for which another one goes on
    Merge(helping::MergeArgs),
    /// Lists what is this household's to do, and what it has a part in
    Mine(mine::MineArgs),
    /// Shows the help that this household gave and got, and the neighbourhood's totals
    HelpGiven(mine::HelpGivenArgs),
    /// Shows or changes what is told about a document in confidence
    Details(details::Args),
    /// Shows or changes what the leads of the building are told, so that somebody can knock
    Door(door::Args),
    /// Lists the doors that this household may read: its own, and those of the buildings it leads
    Doors(door::ListArgs),
    /// Erases a document, here and wherever it is held
    Erase(erase::Args),
    /// Hides a document, under a rule of the agreement
    Hide(moderation::HideArgs),
    /// Takes what hides a document back
    Restore(moderation::LiftArgs),
    /// Hides what a member writes from now on
    Mute(moderation::MuteArgs),
    /// Takes the muting of a member back
    Unmute(moderation::LiftArgs),
    /// Appeals against what hides your household's words
    Appeal(moderation::AppealArgs),
    /// Decides an appeal
    Decide(moderation::DecideArgs),
    /// Lists every act of moderation, with its appeal and what was decided
    Moderation(moderation::ListArgs),
    /// Shows, publishes or signs the neighbourhood's agreement
    Agreement(agreement::Args),
    /// Leaves a member out of what this node shows; nobody else learns of it
    Block(block::Args),
    /// No longer leaves a member out
    Unblock(block::Args),
    /// Lists whom this household blocks
    Blocks(block::ListArgs),
    /// Shows who may do what
    Roster(roster::Args),
    /// Gives a role
    Appoint(appoint::Args),
    /// Makes a guest a household
    Promote(promote::Args),
    /// Takes a right away
    Cut(cut::Args),
    /// Dangerous acts: moves, lists and enacts them
    Motion(motion::Args),
    /// Co-signs a motion
    Cosign(motion::CoSignArgs),
    /// Offices
    Office(office::Args),
    /// Households without a device, and who acts for them
    Household(recorded::Args),
    /// Shows, adds or revokes this household's devices
    Device(device::Args),
    /// Makes, checks and restores backups, and writes the recovery sheet
    Backup(backup::Args),
    /// Moves out: exports everything and removes the node
    Leave(leave::Args),
    /// Shows known peers, or dials one
    Peers(peers::Args),
    /// Shows how the node is
    Status(status::Args),
    /// Acknowledges a notice
    Ack(acknowledge::Args),
    /// Tells who has not acknowledged a notice
    Outstanding(acknowledge::OutstandingArgs),
    /// Tells of a day in the neighbourhood, on a page
    Digest(digest::Args),
    /// Puts a document or a list on paper
    Print(print::Args),
    /// Imports a file
    Import(import::Args),
    /// Exports the space or one document
    Export(export::Args),
    /// Checks the store
    Doctor(doctor::Args),
    /// Plays a neighbourhood of five nodes that is gone afterwards
    Demo(demo::Args),
    /// Recovery words
    Words(words::Args),
    /// Prints completions for a shell
    Completions(completions::Args),
    /// Writes manual pages, one for each command
    Man(man::Args),
    /// Prints the local interface's OpenAPI document
    Openapi(openapi::Args),
}

/// What every command knows.
#[derive(Clone, Debug)]
pub struct Context {
    /// The folder that holds everything.
    pub home: PathBuf,
    /// The language to speak.
    pub language: Language,
    /// Whether to print JSON.
    pub json: bool,
    /// The file that opens the keystore.
    pub key_file: Option<PathBuf>,
}

impl Context {
    /// Says something beside the output, on standard error; a script does not hear it.
    pub fn remark(&self, message: Message<'_>) {
        if !self.json {
            use std::io::Write;
            let text = say::text(self.language, message);
            let _unheard = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// Returns whom to call in an emergency, as it was set for the home; the usual numbers where the
    /// settings cannot be read.
    pub fn emergency_numbers(&self) -> EmergencyNumbers {
        let home = Home::open(&self.home).ok();
        let settings = home.and_then(|home| Settings::read(&home).ok());
        settings.unwrap_or_default().front_end.emergency_numbers
    }

    /// Returns a message in the language to speak.
    pub fn text(&self, message: Message<'_>) -> String {
        say::text(self.language, message)
    }
}

/// Runs the program with its arguments and returns how it ends.
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    let language = language::of_arguments(&arguments).or_else(language::of_environment);
    let json = arguments.iter().any(|argument| argument == "--json");
    match parse(arguments, language.unwrap_or(Language::English)) {
        Ok(cli) => dispatch(cli),
        Err(error) if !error.use_stderr() => {
            let mut output = Output::new();
            let text = error.render().to_string();
            finish(
                output.bytes(text.as_bytes()).and_then(|()| output.flush()),
                language,
                false,
            )
        }
        Err(error) => finish(Err(CliError::Usage(Box::new(error))), language, json),
    }
}

/// Parses arguments, with help in a language.
///
/// # Errors
///
/// clap's own, which also stands for `--help` and `--version`.
pub fn parse(arguments: Vec<OsString>, language: Language) -> Result<Cli, clap::Error> {
    let command = help::in_language(Cli::command(), language);
    let matches = command.clone().try_get_matches_from(arguments)?;
    let cli = Cli::from_arg_matches(&matches)?;
    match (&cli.command, cli.front_end.first_given()) {
        (Some(_), Some(option)) => Err(front_end::not_with_a_command(&command, option)),
        _ => Ok(cli),
    }
}

fn dispatch(cli: Cli) -> ExitCode {
    let asked_for = cli.lang.and_then(|code| code.parse().ok());
    let found = home_of(cli.home);
    let language = asked_for
        .or_else(|| language::of_home(found.as_ref().ok()?))
        .or_else(language::of_environment);
    let json = cli.json;
    let outcome = found.and_then(|home| {
        let context = Context {
            home,
            language: language.unwrap_or(Language::English),
            json,
            key_file: cli.key_file,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(CliError::Machine)?;
        let mut output = Output::new();
        let outcome = runtime.block_on(perform(cli.command, cli.front_end, &context, &mut output));
        // What was written before a failure is still the caller's.
        let flushed = output.flush();
        outcome.and(flushed)
    });
    finish(outcome, language, json)
}

async fn perform(
    command: Option<Command>,
    front_end: front_end::Args,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let Some(command) = command else {
        // A script, or a pipe, gets the page; a person gets the front end.
        return match !context.json && (front_end.plain || front_end::can_open()) {
            true => front_end::run(front_end, context).await,
            false => start_page::run(context, output).await,
        };
    };
    match command {
        Command::Init(args) => init::run(args, context, output).await,
        Command::Join(args) => join::run(args, context, output).await,
        Command::Invite(args) => invite::run(args, context, output).await,
        Command::Node(args) => node::run(args, context, output).await,
        Command::Relay(args) => relay::run(args, context, output).await,
        Command::Post(args) => post::run(args, context, output).await,
        Command::List(args) => list::run(args, context, output).await,
        Command::Show(args) => show::run(args, context, output).await,
        Command::History(args) => history::run(args, context, output).await,
        Command::MarkRead(args) => mark_read::run(args, context, output).await,
        Command::Search(args) => search::run(args, context, output).await,
        Command::Comment(args) => comment::run(args, context, output).await,
        Command::Edit(args) => edit::run(args, context, output).await,
        Command::Door(args) => door::run(args, context, output).await,
        Command::Doors(args) => door::list(args, context, output).await,
        Command::Offer(args) => helping::offer(args, context, output).await,
        Command::Accept(args) => helping::accept(args, context, output).await,
        Command::CheckIn(args) => helping::check_in(args, context, output).await,
        Command::Done(args) => helping::done(args, context, output).await,
        Command::Gone(args) => helping::gone(args, context, output).await,
        Command::Confirm(args) => helping::confirm(args, context, output).await,
        Command::Thank(args) => helping::thank(args, context, output).await,
        Command::Agree(args) => helping::agree(args, context, output).await,
        Command::Withdraw(args) => helping::withdraw(args, context, output).await,
        Command::NoShow(args) => helping::no_show(args, context, output).await,
        Command::Reply(args) => helping::reply(args, context, output).await,
        Command::Renew(args) => helping::renew(args, context, output).await,
        Command::Cancel(args) => helping::cancel(args, context, output).await,
        Command::Reopen(args) => helping::reopen(args, context, output).await,
        Command::Merge(args) => helping::merge(args, context, output).await,
        Command::Mine(_) => mine::mine(context, output).await,
        Command::HelpGiven(_) => mine::help_given(context, output).await,
        Command::Details(args) => details::run(args, context, output).await,
        Command::Erase(args) => erase::run(args, context, output).await,
        Command::Hide(args) => moderation::hide(args, context, output).await,
        Command::Restore(args) => moderation::lift(args, context, output).await,
        Command::Mute(args) => moderation::mute(args, context, output).await,
        Command::Unmute(args) => moderation::unmute(args, context, output).await,
        Command::Appeal(args) => moderation::appeal(args, context, output).await,
        Command::Decide(args) => moderation::decide(args, context, output).await,
        Command::Moderation(args) => moderation::list(args, context, output).await,
        Command::Agreement(args) => agreement::run(args, context, output).await,
        Command::Block(args) => block::run(args, true, context, output).await,
        Command::Unblock(args) => block::run(args, false, context, output).await,
        Command::Blocks(_) => block::list(context, output).await,
        Command::Roster(args) => roster::run(args, context, output).await,
        Command::Appoint(args) => appoint::run(args, context, output).await,
        Command::Promote(args) => promote::run(args, context, output).await,
        Command::Cut(args) => cut::run(args, context, output).await,
        Command::Motion(args) => motion::run(args, context, output).await,
        Command::Cosign(args) => motion::cosign(args, context, output).await,
        Command::Office(args) => office::run(args, context, output).await,
        Command::Household(args) => recorded::run(args, context, output).await,
        Command::Device(args) => device::run(args, context, output).await,
        Command::Backup(args) => backup::run(args, context, output).await,
        Command::Leave(args) => leave::run(args, context, output).await,
        Command::Peers(args) => peers::run(args, context, output).await,
        Command::Status(args) => status::run(args, context, output).await,
        Command::Ack(args) => acknowledge::run(args, context, output).await,
        Command::Outstanding(args) => acknowledge::outstanding(args, context, output).await,
        Command::Digest(args) => digest::run(args, context, output).await,
        Command::Print(args) => print::run(args, context, output).await,
        Command::Import(args) => import::run(args, context, output).await,
        Command::Export(args) => export::run(args, context, output).await,
        Command::Doctor(args) => doctor::run(args, context, output).await,
        Command::Demo(args) => demo::run(args, context, output).await,
        Command::Words(args) => words::run(args, context, output),
        Command::Completions(args) => completions::run(args, output),
        Command::Man(args) => man::run(&args, context, output),
        Command::Openapi(args) => openapi::run(args, output),
    }
}

fn home_of(named: Option<PathBuf>) -> Result<PathBuf, CliError> {
    Home::locate(named).map_err(|_| CliError::NoFolder)
}

fn finish(outcome: Result<(), CliError>, language: Option<Language>, json: bool) -> ExitCode {
    let exit = match outcome {
        Ok(()) => Exit::Done,
        Err(error) => {
            error.report(language.unwrap_or(Language::English), json);
            error.exit()
        }
    };
    ExitCode::from(exit.code())
}
