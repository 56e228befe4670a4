//! `linli join` for a further device of a household: by a code of another device, or by the
//! household's recovery words.

use std::time::Duration;

use protocol::api::Status;
use protocol::enrolment::EnrolmentCode;
use protocol::invitation::Invitation;
use serde_json::json;

use super::error::CliError;
use super::household::HouseholdError;
use super::output::Output;
use super::say::Household;
use super::{Context, fields, join, passphrase, plain, words};
use crate::keystore::Seed;
use crate::running::NodeOptions;
use crate::setup::{self, EnrolOptions, EnrolledBy, HomeState, Joined, SetupError, Unlock};

/// Enrols this home by a code.
///
/// # Errors
///
/// [`HouseholdError::Pending`] and [`HouseholdError::Refused`] leave a home that can go on.
pub async fn by_code(
    text: &str,
    dial: Vec<String>,
    wait: Duration,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let code = EnrolmentCode::parse(text).map_err(HouseholdError::Code)?;
    let neighbourhood = plain::line(&code.neighbourhood);
    let by = EnrolledBy::Code(code);
    enrol(by, &neighbourhood, (dial, wait), context, output).await
}

/// Enrols this home by the household's recovery words, in the neighbourhood of an invitation or of
/// whoever answers at the addresses.
///
/// # Errors
///
/// As [`by_code`]; [`HouseholdError::Find`] when the neighbourhood is not found.
pub async fn by_words(
    invitation: Option<String>,
    dial: Vec<String>,
    wait: Duration,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    // Standard input has the words.
    let from_input = invitation.as_deref() == Some("-");
    if from_input || (invitation.is_none() && dial.is_empty()) {
        return Err(HouseholdError::WhereNeeded.into());
    }
    let invitation = match invitation {
        Some(text) => Some(Invitation::parse(&fields::text_or_input(text)?)?),
        None => None,
    };
    let words = words::ask(context)?;
    let household = Seed::take(&mut words.seed().to_owned());
    let device = Seed::random().map_err(SetupError::Random)?;
    let (by, neighbourhood) = match invitation {
        Some(invitation) => {
            let by = EnrolledBy::Key {
                household,
                device,
                space: invitation.space,
                space_secret: Seed::take(&mut invitation.space_secret.clone()),
                heads: invitation.heads,
                addresses: invitation.addresses,
            };
            (by, plain::line(&invitation.neighbourhood))
        }
        None => {
            let found = setup::find(&dial, &household, &device, wait);
            let found = found.await.map_err(HouseholdError::Find)?;
            let by = EnrolledBy::Key {
                household,
                device,
                space: found.space,
                space_secret: Seed::take(&mut found.secret.clone()),
                heads: found.heads,
                addresses: Vec::new(),
            };
            (by, plain::line(&found.neighbourhood))
        }
    };
    enrol(by, &neighbourhood, (dial, wait), context, output).await
}

async fn enrol(
    by: EnrolledBy,
    neighbourhood: &str,
    (dial, time): (Vec<String>, Duration),
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let unlock = match setup::inspect(&context.home)? {
        HomeState::Absent => passphrase::for_a_new_home(context)?,
        HomeState::Present { .. } => passphrase::for_the_home(context)?,
    };
    let options = EnrolOptions {
        by,
        dial: dial.clone(),
        language: context.language,
        unlock: unlock.clone(),
    };
    let home = context.home.clone();
    let joined = tokio::task::spawn_blocking(move || setup::enrol(&home, options));
    let joined = joined.await.expect("setting up does not panic")?;
    if joined.already_member {
        return match context.json {
            true => output.json(&told(neighbourhood, &joined, &unlock, false, context)),
            false => output.line(context.text(Household::EnrolledAlready { neighbourhood }.into())),
        };
    }
    if !context.json {
        output.line(context.text(Household::DevicePrepared { neighbourhood }.into()))?;
        output.flush()?;
    }
    let options = NodeOptions {
        dial,
        network: true,
        ..NodeOptions::for_one_command(unlock.clone())
    };
    let enrolled = join::wait(context, options, time).await.map_err(worded);
    if context.json {
        let pending = enrolled.is_err();
        output.json(&told(neighbourhood, &joined, &unlock, pending, context))?;
        return enrolled.map(|_: Status| ());
    }
    enrolled?;
    output.line(context.text(Household::Enrolled { neighbourhood }.into()))
}

/// What a joiner hears, in the words of who adds a device.
fn worded(error: CliError) -> CliError {
    match error {
        CliError::JoinRefused(refusal) => HouseholdError::Refused(refusal).into(),
        CliError::JoinPending => HouseholdError::Pending.into(),
        error => error,
    }
}

fn told(
    neighbourhood: &str,
    joined: &Joined,
    unlock: &Unlock,
    pending: bool,
    context: &Context,
) -> serde_json::Value {
    json!({
        "neighbourhood": neighbourhood,
        "space": joined.space,
        "member": joined.member,
        "device": joined.device,
        "home": context.home,
        "keystore": passphrase::word(unlock),
        "pending": pending,
        "already_member": joined.already_member,
        "words": null,
    })
}
