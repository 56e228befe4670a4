//! `linli join`: makes a home from an invitation and waits until its neighbourhood lets it in.

use std::time::Duration;

use clap::Args as ClapArgs;
use protocol::api::{Answer, Request, Status};
use protocol::enrolment::EnrolmentCode;
use protocol::invitation::{Invitation, InvitedAs};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use super::error::CliError;
use super::init::{self, name};
use super::output::Output;
use super::say::Message;
use super::session::Session;
use super::{Context, enrol, fields, passphrase, plain, usage};
use crate::running::NodeOptions;
use crate::setup::{self, HomeState, JoinOptions, Joined, Joiner};

/// Pause between two looks at whether admission is complete.
const LOOK_PAUSE: Duration = Duration::from_millis(100);

/// Options of `join`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The invitation, linli1…, or the code of another device, linlidev1…; - reads it from standard
    /// input
    #[arg(required_unless_present = "words")]
    invitation: Option<String>,
    /// The household's name, with an invitation
    #[arg(long, value_name = "NAME")]
    household: Option<String>,
    /// Joins as a further device of the household whose recovery words are typed or come on standard
    /// input; the neighbourhood is found by a neighbour's invitation, or by --dial
    #[arg(long, value_name = "-", value_parser = ["-"])]
    words: Option<String>,
    /// The household's building
    #[arg(long, value_name = "BUILDING")]
    building: Option<String>,
    /// An address of the inviter or a relay (repeatable)
    #[arg(long, value_name = "ADDRESS")]
    dial: Vec<String>,
    /// Seconds to wait for admission; it goes on whenever the node runs
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    wait: u32,
}

/// What a joiner gives, whether household or relay.
#[derive(Debug)]
pub struct Joining {
    /// The invitation's text.
    pub invitation: String,
    /// Who joins.
    pub joiner: Joiner,
    /// Addresses to dial.
    pub dial: Vec<String>,
    /// How long to wait for admission.
    pub wait: Duration,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let wait = Duration::from_secs(args.wait.into());
    if args.words.is_some() {
        return enrol::by_words(args.invitation, args.dial, wait, context, output).await;
    }
    let invitation = fields::text_or_input(args.invitation.unwrap_or_default())?;
    if EnrolmentCode::is_meant_by(&invitation) {
        return enrol::by_code(&invitation, args.dial, wait, context, output).await;
    }
    let Some(household) = args.household else {
        let command = <super::Cli as clap::CommandFactory>::command();
        let error = usage::missing(&command, "--household <NAME>");
        return Err(CliError::Usage(Box::new(error)));
    };
    let joining = Joining {
        invitation,
        joiner: Joiner::Household {
            name: name("household", household)?,
            building: args
                .building
                .map(|text| name("building", text))
                .transpose()?,
        },
        dial: args.dial,
        wait,
    };
    join(joining, context, output).await
}

/// Joins, and waits for admission.
///
/// # Errors
///
/// [`CliError::JoinPending`] and [`CliError::JoinRefused`] leave a home that can go on joining.
pub async fn join(
    joining: Joining,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let invitation = fields::text_or_input(joining.invitation)?;
    let invitation = Invitation::parse(&invitation)?;
    let is_relay = matches!(joining.joiner, Joiner::Relay { .. });
    if is_relay != (invitation.invited_as == InvitedAs::Relay) {
        // The invitation is for the other sort of joiner.
        return Err(CliError::WrongMode {
            is_relay: !is_relay,
        });
    }
    // A home that still waits is opened again, not made.
    let unlock = match setup::inspect(&context.home)? {
        HomeState::Absent => passphrase::for_a_new_home(context)?,
        HomeState::Present { .. } => passphrase::for_the_home(context)?,
    };
    let options = JoinOptions {
        invitation: invitation.clone(),
        joiner: joining.joiner,
        dial: joining.dial.clone(),
        language: context.language,
        unlock: unlock.clone(),
        key: None,
    };
    let home = context.home.clone();
    let joined = tokio::task::spawn_blocking(move || setup::join(&home, options));
    let joined = joined.await.expect("setting up does not panic")?;
    if joined.already_member {
        return tell_member(
            &invitation,
            &joined,
            passphrase::word(&unlock),
            context,
            output,
        );
    }
    if !context.json {
        // Before anything else can go wrong: the words exist nowhere else.
        output.line(context.text(Message::JoinPrepared {
            neighbourhood: &plain::line(&invitation.neighbourhood),
        }))?;
        if let Some(words) = &joined.words {
            init::show_words(words, context, output)?;
        }
        output.flush()?;
    }
    let keystore = passphrase::word(&unlock);
    let options = NodeOptions {
        dial: joining.dial,
        network: true,
        ..NodeOptions::for_one_command(unlock)
    };
    let admission = wait(context, options, joining.wait).await;
    tell(&invitation, &joined, keystore, admission, context, output)
}

/// Runs a node until it is admitted, refused, or the time is over.
pub(super) async fn wait(
    context: &Context,
    options: NodeOptions,
    time: Duration,
) -> Result<Status, CliError> {
    let mut interrupt = signal(SignalKind::interrupt()).map_err(CliError::Machine)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(CliError::Machine)?;
    let session = Session::start(context, options).await?;
    // Whoever breaks off still gets the words, and the home goes on joining later.
    let admission = tokio::select! {
        admission = tokio::time::timeout(time, admission(&session)) => admission,
        _ = interrupt.recv() => Ok(Err(CliError::JoinPending)),
        _ = terminate.recv() => Ok(Err(CliError::JoinPending)),
    };
    let ended = session.finish().await;
    let status = admission.unwrap_or(Err(CliError::JoinPending))?;
    ended?;
    Ok(status)
}

/// Waits until the node is admitted or refused.
pub(super) async fn admission(session: &Session) -> Result<Status, CliError> {
    loop {
        let Answer::Status(status) = session.call(Request::Status).await? else {
            return Err(CliError::OtherAnswer);
        };
        if let Some(refusal) = status.join_refused {
            return Err(CliError::JoinRefused(refusal));
        }
        if !status.pending {
            return Ok(*status);
        }
        tokio::time::sleep(LOOK_PAUSE).await;
    }
}

/// Says that the home belongs to the neighbourhood already.
fn tell_member(
    invitation: &Invitation,
    joined: &Joined,
    keystore: &str,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let neighbourhood = plain::line(&invitation.neighbourhood);
    if context.json {
        return output.json(&told(invitation, joined, keystore, false, context));
    }
    output.line(context.text(Message::AlreadyMember {
        neighbourhood: &neighbourhood,
    }))
}

fn told(
    invitation: &Invitation,
    joined: &Joined,
    keystore: &str,
    pending: bool,
    context: &Context,
) -> serde_json::Value {
    let list = init::list(context.language);
    json!({
        "neighbourhood": plain::line(&invitation.neighbourhood),
        "space": joined.space,
        "member": joined.member,
        "device": joined.device,
        "home": context.home,
        "keystore": keystore,
        "pending": pending,
        "already_member": joined.already_member,
        "words": joined.words.as_ref().map(|words| words.words(list)),
    })
}

fn tell(
    invitation: &Invitation,
    joined: &Joined,
    keystore: &str,
    admission: Result<Status, CliError>,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let neighbourhood = plain::line(&invitation.neighbourhood);
    if context.json {
        // The words are told whatever came after them.
        let pending = admission.is_err();
        output.json(&told(invitation, joined, keystore, pending, context))?;
        return admission.map(|_| ());
    }
    admission?;
    output.line(context.text(Message::Admitted {
        neighbourhood: &neighbourhood,
    }))
}
