//! `linli post`: writes a new document.

use std::collections::BTreeMap;

use clap::Args as ClapArgs;
use protocol::api::{Answer, Capacity, Confidential, Draft, Request};
use protocol::id::EntryId;
use protocol::kind::FOR_HOUSEHOLD;
use protocol::limits::CONTACT_BYTES_MAX;
use serde_json::{Value, json};

use super::error::CliError;
use super::fields::{self, Fields};
use super::output::Output;
use super::say::{Helping, Message};
use super::session::Session;
use super::{Context, plain, resolve, roster, session};

/// Options of `post`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The kind: request, notice, plan, standing-offer
    kind: String,
    /// How to reach you (phone, door), sealed: only households whose help you accept read it; -
    /// reads it from standard input
    #[arg(long, value_name = "TEXT")]
    contact: Option<String>,
    /// In which capacity: the office for which one speaks, or steward, building-lead
    #[arg(long = "as", value_name = "CAPACITY")]
    capacity: Option<String>,
    /// For a household without a device, which is recorded so
    #[arg(long = "for", value_name = "HOUSEHOLD")]
    household: Option<String>,
    #[command(flatten)]
    fields: Fields,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let kind = fields::kind(&args.kind);
    let mut fields = args.fields.values(&kind)?;
    if fields.get("urgent") == Some(&Value::Bool(true)) {
        let numbers = context.emergency_numbers();
        context.remark(Helping::Emergency(&numbers).into());
    }
    let contact = args.contact.map(fields::text_or_input).transpose()?;
    let contact = contact.map(Confidential::new);
    if contact
        .as_ref()
        .is_some_and(|text| text.expose().len() > CONTACT_BYTES_MAX)
    {
        return Err(CliError::TooLarge {
            source_name: "--contact".to_owned(),
            bytes_max: CONTACT_BYTES_MAX,
        });
    }
    let answer = session::with(context, async |session| {
        if let Some(name) = &args.capacity {
            let capacity = capacity(session, name).await?;
            fields.insert("capacity".to_owned(), json!(capacity));
        }
        put_household(args.household.as_deref(), &mut fields, session).await?;
        let request = Request::Post(Draft { kind, fields });
        let answer = session.call(request).await?;
        if let (Some(text), Answer::Written { id, .. }) = (contact, &answer) {
            let document = (*id).into();
            let sealed = session.call(Request::PutDetails { document, text }).await;
            if sealed.is_err() {
                context.remark(Message::ContactNotWritten { id: &id.short() });
            }
            sealed?;
        }
        Ok(answer)
    });
    tell_written(answer.await?, context, output)
}

/// Puts into fields for which household without a device something is written.
///
/// # Errors
///
/// [`CliError::Unknown`] or [`CliError::Ambiguous`].
pub async fn put_household(
    household: Option<&str>,
    fields: &mut BTreeMap<String, Value>,
    session: &Session,
) -> Result<(), CliError> {
    if let Some(household) = household {
        let roster = roster::read(session).await?;
        let recorded = resolve::recorded(&roster, household)?;
        fields.insert(FOR_HOUSEHOLD.name.to_owned(), json!(recorded));
    }
    Ok(())
}

/// Finds a capacity of the own household by its office's name or by its role.
async fn capacity(session: &Session, name: &str) -> Result<EntryId, CliError> {
    let Answer::Status(status) = session.call(Request::Status).await? else {
        return Err(CliError::OtherAnswer);
    };
    let own = status.me.map_or_else(Vec::new, |own| own.capacities);
    let office = |capacity: &Capacity| -> Option<String> {
        let office = capacity.office.as_ref();
        office.map(|office| office.name.clone())
    };
    let by_office = own
        .iter()
        .find(|capacity| office(capacity).as_deref() == Some(name));
    let found = by_office.or_else(|| own.iter().find(|capacity| capacity.role == name));
    found
        .map(|capacity| capacity.appointment)
        .ok_or_else(|| CliError::NoCapacity {
            name: plain::line(name),
            own: own
                .iter()
                .map(|capacity| office(capacity).unwrap_or_else(|| capacity.role.clone()))
                .map(|name| plain::line(&name))
                .collect(),
        })
}

/// Tells what was written.
pub fn tell_written(
    answer: Answer,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let Answer::Written { id, warnings, .. } = answer else {
        return Err(CliError::OtherAnswer);
    };
    if context.json {
        return output.json(&written(id, &warnings));
    }
    output.line(context.text(Message::Written { id: &id.short() }))?;
    for warning in warnings {
        output.line(plain::line(&warning))?;
    }
    Ok(())
}

fn written(id: EntryId, warnings: &[String]) -> serde_json::Value {
    if warnings.is_empty() {
        json!({ "id": id })
    } else {
        json!({ "id": id, "warnings": warnings })
    }
}
