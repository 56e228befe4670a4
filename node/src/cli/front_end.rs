//! `linli` without a command on a terminal: the front end, and a node when none is running. With
//! `--plain` it speaks in lines and needs no terminal.
//!
//! This is the front end's host: it makes and opens homes and runs the node. What is shown and
//! asked is the front end's.

mod enrolling;
mod keeping;
pub mod printing;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args as ClapArgs, Command};
use protocol::api::Refusal;
use protocol::enrolment::EnrolmentCode;
use protocol::invitation::{Invitation, InvitedAs};
use protocol::words::RecoveryWords;
use secrecy::SecretString;
use tokio::sync::Mutex;
use tui::client::{Client, socket_path};
use tui::host::{
    HomeState, Host, HostAnswer, HostFuture, HostOrder, LetsIn, NewHome, Protection, Stage, Way,
};

use super::error::CliError;
use super::init::{list, name};
use super::language::Language;
use super::node::LISTEN_DEFAULT;
use super::{Context, fields, passphrase, plain, say, usage};
use crate::home::Home;
use crate::keystore::Seed;
use crate::running::{self, NodeOptions, RunningNode};
use crate::settings::Settings;
use crate::setup::{self, FoundOptions, JoinOptions, Joiner, Lock, Unlock};

/// Options of the front end.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Speaks in lines and numbered questions: for screen readers, plain terminals and pipes
    #[arg(long)]
    pub plain: bool,
    /// An address to listen on when no node is running yet (repeatable)
    #[arg(long, value_name = "ADDRESS")]
    listen: Vec<String>,
    /// Neither looks for nodes on the local network nor lets itself be found there
    #[arg(long)]
    no_mdns: bool,
}

impl Args {
    /// The first option that was given: none of them means anything to a command.
    pub fn first_given(&self) -> Option<&'static str> {
        let given = [
            ("--plain", self.plain),
            ("--listen", !self.listen.is_empty()),
            ("--no-mdns", self.no_mdns),
        ];
        let mut given = given.into_iter().filter(|(_, given)| *given);
        given.next().map(|(option, _)| option)
    }
}

/// Says that an option of the front end stands before a command.
pub fn not_with_a_command(command: &Command, option: &str) -> clap::Error {
    usage::conflict(command, option, "COMMAND")
}

/// Opens the front end and returns when the resident leaves it.
///
/// # Errors
///
/// [`CliError`] when there is no usable home or terminal, or the node ended badly.
pub async fn run(args: Args, context: &Context) -> Result<(), CliError> {
    let is_plain = args.plain;
    let host = Arc::new(HomeHost::open(args, context).await?);
    let home = Home::open(&context.home).ok();
    let kept = home.as_ref().and_then(|home| Settings::read(home).ok());
    let mut settings = kept.unwrap_or_default().front_end;
    settings.language = context.language;
    // A folder in which no home was made yet stays as it is.
    let made = home.filter(|_| host.state != HomeState::Absent);
    let options = tui::run::Options {
        settings,
        faults: made.map(|home| home.faults()),
    };
    let left = match is_plain {
        true => tui::plain::run(host.clone(), options).await,
        false => tui::run::run(host.clone(), options).await,
    };
    let stopped = host.stop().await;
    left?;
    stopped
}

/// Tells whether there is a terminal to open it on.
pub fn can_open() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

/// One home, and the node that this process runs on it.
struct HomeHost {
    context: Context,
    network: Network,
    state: HomeState,
    parts: Arc<Mutex<Parts>>,
}

/// How the node of this process is to be reached.
#[derive(Clone)]
struct Network {
    listen: Vec<String>,
    mdns: bool,
}

#[derive(Default)]
struct Parts {
    /// The household key whose words are being shown.
    shown: Option<Seed>,
    node: Option<RunningNode>,
}

impl HomeHost {
    /// Finds out what the home is like, and starts its node where nobody has to be asked.
    async fn open(args: Args, context: &Context) -> Result<Self, CliError> {
        let network = Network {
            listen: match args.listen.is_empty() {
                true => LISTEN_DEFAULT.map(str::to_owned).to_vec(),
                false => args.listen,
            },
            mdns: !args.no_mdns,
        };
        let mut parts = Parts::default();
        let socket = socket_path(&context.home);
        let state = if Client::connect(&socket).is_ok() {
            HomeState::Running(socket)
        } else {
            match setup::inspect(&context.home)? {
                setup::HomeState::Absent => HomeState::Absent,
                setup::HomeState::Present { relay: true, .. } => {
                    return Err(CliError::WrongMode { is_relay: true });
                }
                setup::HomeState::Present { lock, .. } => match unlock(lock, context) {
                    None => HomeState::Locked,
                    Some(unlock) => {
                        let node =
                            running::start(&context.home, node_options(unlock, &network)).await?;
                        let socket = node.socket().to_owned();
                        parts.node = Some(node);
                        HomeState::Running(socket)
                    }
                },
            }
        };
        Ok(Self {
            context: context.clone(),
            network,
            state,
            parts: Arc::new(Mutex::new(parts)),
        })
    }

    async fn stop(&self) -> Result<(), CliError> {
        match self.parts.lock().await.node.take() {
            Some(node) => Ok(node.stop().await?),
            None => Ok(()),
        }
    }
}

impl Host for HomeHost {
    fn home(&self) -> HomeState {
        self.state.clone()
    }

    fn stage(&self) -> Option<Stage> {
        None
    }

    fn carry_out(&self, order: HostOrder, language: Language) -> HostFuture {
        let desk = Desk {
            home: self.context.home.clone(),
            key_file: self.context.key_file.clone(),
            language,
            network: self.network.clone(),
            parts: self.parts.clone(),
        };
        Box::pin(async move {
            let outcome = desk.carry_out(order).await;
            outcome.map_err(|error| refusal(&error, language))
        })
    }
}

/// What one order needs.
struct Desk {
    home: PathBuf,
    key_file: Option<PathBuf>,
    /// The language of the order.
    language: Language,
    network: Network,
    parts: Arc<Mutex<Parts>>,
}

impl Desk {
    async fn carry_out(&self, order: HostOrder) -> Result<HostAnswer, CliError> {
        match order {
            HostOrder::Words(language) => self.words(language).await,
            HostOrder::ReadInvitation(text) => read_invitation(&text),
            HostOrder::ReadInvitationFile(path) => {
                let text = fields::text_of_file(&path)?;
                read_invitation(&text)
            }
            HostOrder::Make(home) => self.make(home).await,
            HostOrder::Unlock(passphrase) => {
                let typed = SecretString::from(passphrase.expose().to_owned());
                self.start(Unlock::Passphrase(typed)).await
            }
            HostOrder::BackUp { file, protection } => self.back_up(&file, protection).await,
            HostOrder::CheckBackup { file, protection } => keeping::check(file, protection).await,
            HostOrder::RecoverySheet { file, passphrase } => {
                self.recovery_sheet(&file, passphrase).await
            }
            HostOrder::Export(folder) => self.export(&folder).await,
            HostOrder::Leave(folder) => self.leave(&folder).await,
            HostOrder::Print { what, format, file } => {
                let session = self.session()?;
                printing::print(what, format, &file, &session, &self.context()).await
            }
            HostOrder::ActAs(_) | HostOrder::CutNetwork(_) => Err(CliError::NoStage),
        }
    }

    /// Makes a household key and shows its words. Nothing is written: the key is kept in memory
    /// until a home is made with it or the program ends.
    async fn words(&self, language: Language) -> Result<HostAnswer, CliError> {
        let mut parts = self.parts.lock().await;
        if parts.shown.is_none() {
            parts.shown = Some(Seed::random().map_err(|error| CliError::Setup(error.into()))?);
        }
        let seed = parts.shown.as_ref().expect("one was made above");
        let words = RecoveryWords::from_seed(*seed.expose());
        let words = words.words(list(language));
        Ok(HostAnswer::Words(
            words.iter().map(ToString::to_string).collect(),
        ))
    }

    async fn make(&self, new: NewHome) -> Result<HostAnswer, CliError> {
        let unlock = match new.protection {
            Protection::Passphrase(typed) => {
                Unlock::Passphrase(SecretString::from(typed.expose().to_owned()))
            }
            Protection::KeyFile => Unlock::KeyFile(self.key_file.clone()),
        };
        let named = || -> Result<(String, Option<String>), CliError> {
            let building = new.building.clone();
            let building = building.map(|text| name("building", text)).transpose()?;
            Ok((name("household", new.household.clone())?, building))
        };
        let key = self.parts.lock().await.shown.clone();
        let (home, language, opened) = (self.home.clone(), new.language, unlock.clone());
        let made = match new.way {
            Way::Enrol { code } => return self.enrol(&code, language, opened).await,
            Way::Found { neighbourhood } => {
                let (household, building) = named()?;
                let options = FoundOptions {
                    neighbourhood: name("found", neighbourhood)?,
                    household,
                    building,
                    language,
                    unlock,
                    key,
                };
                blocking(move || setup::found(&home, options).map(|_| ())).await
            }
            Way::Join { invitation } => {
                let (household, building) = named()?;
                let options = JoinOptions {
                    invitation: Invitation::parse(&invitation)?,
                    joiner: Joiner::Household {
                        name: household,
                        building,
                    },
                    dial: Vec::new(),
                    language,
                    unlock,
                    key,
                };
                blocking(move || setup::join(&home, options).map(|_| ())).await
            }
        };
        made?;
        self.parts.lock().await.shown = None;
        self.start(opened).await
    }

    async fn start(&self, unlock: Unlock) -> Result<HostAnswer, CliError> {
        let node = running::start(&self.home, node_options(unlock, &self.network)).await?;
        let socket = node.socket().to_owned();
        self.parts.lock().await.node = Some(node);
        Ok(HostAnswer::Running(socket))
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, setup::SetupError> + Send + 'static,
) -> Result<T, CliError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.expect("setting up does not panic")?)
}

fn read_invitation(text: &str) -> Result<HostAnswer, CliError> {
    if EnrolmentCode::is_meant_by(text) {
        return enrolling::read(text);
    }
    let invitation = Invitation::parse(text)?;
    if invitation.invited_as == InvitedAs::Relay {
        return Err(CliError::WrongMode { is_relay: true });
    }
    Ok(HostAnswer::Invitation {
        text: text.split_whitespace().collect(),
        neighbourhood: plain::line(&invitation.neighbourhood),
        expires_ms: milliseconds(invitation.expires_s),
        lets_in: match invitation.invited_as {
            InvitedAs::Guest => LetsIn::Guest,
            _ => LetsIn::Household,
        },
    })
}

fn milliseconds(seconds: u64) -> i64 {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    seconds.saturating_mul(1_000)
}

/// What opens the home without asking the resident; none when a passphrase must be typed.
fn unlock(lock: Lock, context: &Context) -> Option<Unlock> {
    match lock {
        Lock::KeyFile => Some(Unlock::KeyFile(context.key_file.clone())),
        Lock::Passphrase => passphrase::given(context),
    }
}

fn node_options(unlock: Unlock, network: &Network) -> NodeOptions {
    NodeOptions {
        unlock,
        listen: network.listen.clone(),
        dial: Vec::new(),
        mdns: network.mdns,
        network: true,
    }
}

fn refusal(error: &CliError, language: Language) -> Refusal {
    Refusal {
        code: error.code().to_owned(),
        message: say::error(language, error),
        field: error.field().map(str::to_owned),
    }
}
