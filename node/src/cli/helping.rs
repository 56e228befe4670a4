//! `linli offer`, `accept`, `check-in`, `done`, `gone`, `confirm`, `thank`, `agree`, `withdraw`, `no-show`,
//! `reply`, `renew`, `cancel`, `reopen` and `merge`: one fact each about a request, or about a
//! standing offer. Whether it still makes sense is the node's to say.

mod meant;

use std::collections::BTreeMap;

use clap::Args as ClapArgs;
use protocol::api::{Answer, DocumentView, Request};
use protocol::id::{DocumentId, MemberId};
use serde_json::{Map, Value, json};

use super::error::CliError;
use super::output::Output;
use super::post::tell_written;
use super::session::Session;
use super::{Context, fields, resolve, session};
use meant::{by, facts, named_offer, offer_meant, offers, text};

/// Options of `offer`.
#[derive(Debug, ClapArgs)]
pub struct OfferArgs {
    /// The request: its name or the beginning of it
    request: String,
    /// A word with it; - reads it from standard input
    #[arg(long, value_name = "TEXT")]
    body: Option<String>,
    /// When you have time, in words
    #[arg(long, value_name = "TEXT")]
    when: Option<String>,
}

/// Options of `accept` and `gone`.
#[derive(Debug, ClapArgs)]
pub struct OfOfferArgs {
    /// The request: its name or the beginning of it
    request: String,
    /// The offer: its id or the beginning of it, or the helper's name
    offer: String,
}

/// Options of `check-in`, `renew` and `agree`.
#[derive(Debug, ClapArgs)]
pub struct OneArgs {
    /// The request: its name or the beginning of it
    request: String,
}

/// Options of `done`.
#[derive(Debug, ClapArgs)]
pub struct DoneArgs {
    /// The request: its name or the beginning of it
    request: String,
    /// Whose offer; needed by the requester where there are several helpers
    #[arg(long, value_name = "OFFER")]
    offer: Option<String>,
    /// How many hours it took; they count once the other side says so too
    #[arg(long, value_name = "HOURS", value_parser = minutes)]
    hours: Option<i64>,
}

/// Options of `confirm`.
#[derive(Debug, ClapArgs)]
pub struct ConfirmArgs {
    /// The request: its name or the beginning of it
    request: String,
    /// How many hours it took; they count once the other side says so too
    #[arg(long, value_name = "HOURS", value_parser = minutes)]
    hours: Option<i64>,
    /// Thanks to whoever helped
    #[arg(long, value_name = "TEXT")]
    thanks: Option<String>,
    /// Everybody may see the thanks, once the helper agrees
    #[arg(long, requires = "thanks")]
    public: bool,
}

/// Options of `thank`.
#[derive(Debug, ClapArgs)]
pub struct ThankArgs {
    /// The request: its name or the beginning of it
    request: String,
    /// The words; - reads them from standard input
    #[arg(long, value_name = "TEXT")]
    body: String,
    /// Whose help; everybody's who helped when none
    #[arg(long, value_name = "OFFER")]
    offer: Option<String>,
    /// Everybody may see the thanks, once the helper agrees
    #[arg(long)]
    public: bool,
}

/// Options of `withdraw`.
#[derive(Debug, ClapArgs)]
pub struct WithdrawArgs {
    /// The request, standing offer or notice: its name or the beginning of it
    id: String,
    /// Whose offer; needed by the requester where there are several helpers
    #[arg(long, value_name = "OFFER")]
    offer: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Options of `cancel` and `reopen`.
#[derive(Debug, ClapArgs)]
pub struct ReasonArgs {
    /// The request: its name or the beginning of it
    request: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Options of `no-show`.
#[derive(Debug, ClapArgs)]
pub struct NoShowArgs {
    /// The request: its name or the beginning of it
    request: String,
    /// What happened; both sides and stewards are shown it, for 90 days
    #[arg(long, value_name = "TEXT")]
    body: String,
    /// Whose offer; needed by the requester where there are several helpers
    #[arg(long, value_name = "OFFER")]
    offer: Option<String>,
}

/// Options of `reply`.
#[derive(Debug, ClapArgs)]
pub struct ReplyArgs {
    /// The request: its name or the beginning of it
    request: String,
    /// What you say to it; - reads it from standard input
    #[arg(long, value_name = "TEXT")]
    body: String,
}

/// Options of `merge`.
#[derive(Debug, ClapArgs)]
pub struct MergeArgs {
    /// The request that is closed: its name or the beginning of it
    request: String,
    /// The request that goes on
    into: String,
}

/// Runs `linli offer`.
pub async fn offer(
    args: OfferArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let mut fact = Map::new();
    if let Some(body) = args.body.map(fields::text_or_input).transpose()? {
        fact.insert("body".to_owned(), body.into());
    }
    if let Some(when) = args.when {
        fact.insert("when".to_owned(), when.into());
    }
    say(&args.request, "offers", fact, context, output).await
}

/// Runs `linli accept`. Where one helper is wanted and more were accepted, it keeps this one and
/// releases the others in the same act.
pub async fn accept(
    args: OfOfferArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    write(&args.request, context, output, |view, _| {
        let offer = named_offer(view, &args.offer)?;
        let is_taken = offers(view, TAKEN).any(|fact| text(fact, "id") == offer);
        let wants_one = view.fields.get("places").and_then(Value::as_i64) == Some(1);
        let chooses = view.state.as_deref() == Some("double-booked") && wants_one && is_taken;
        if !chooses {
            return Ok(one("acceptances", about(&offer)));
        }
        let others = offers(view, TAKEN).filter(|fact| text(fact, "id") != offer);
        let others = others.map(|fact| Value::Object(about(text(fact, "id"))));
        Ok([("withdrawals".to_owned(), others.collect())].into())
    })
    .await
}

/// Runs `linli gone`.
pub async fn gone(
    args: OfOfferArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    write(&args.request, context, output, |view, _| {
        let offer = named_offer(view, &args.offer)?;
        Ok(one("handovers", about(&offer)))
    })
    .await
}

/// Runs `linli check-in`.
pub async fn check_in(
    args: OneArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    write(&args.request, context, output, |view, me| {
        let offer = offer_meant(view, None, me, &["accepted"])?;
        Ok(one("check_ins", about(&offer)))
    })
    .await
}

/// Runs `linli done`.
pub async fn done(args: DoneArgs, context: &Context, output: &mut Output) -> Result<(), CliError> {
    write(&args.request, context, output, |view, me| {
        let offer = offer_meant(view, args.offer.as_deref(), me, TAKEN)?;
        let mut fact = about(&offer);
        fact.extend(
            args.hours
                .map(|minutes| ("minutes".to_owned(), minutes.into())),
        );
        Ok(one("completions", fact))
    })
    .await
}

/// Runs `linli confirm`.
pub async fn confirm(
    args: ConfirmArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    write(&args.request, context, output, |view, _| {
        let minutes = args
            .hours
            .map(|minutes| ("minutes".to_owned(), minutes.into()));
        let mut facts = one("confirmations", minutes.into_iter().collect());
        if let Some(words) = &args.thanks {
            let helped = offers(view, HELPED).map(|offer| text(offer, "id"));
            let thanks = helped.map(|offer| thanks_for(offer, words, args.public));
            facts.insert("thanks".to_owned(), thanks.collect());
        }
        Ok(facts)
    })
    .await
}

/// Runs `linli thank`: at any time after somebody helped.
pub async fn thank(
    args: ThankArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let words = fields::text_or_input(args.body)?;
    write(&args.request, context, output, |view, _| {
        let helped = match &args.offer {
            Some(name) => vec![named_offer(view, name)?],
            None => {
                let helped = offers(view, HELPED);
                helped.map(|offer| text(offer, "id").to_owned()).collect()
            }
        };
        let thanks = helped.iter();
        let thanks: Vec<Value> = thanks
            .map(|offer| thanks_for(offer, &words, args.public))
            .collect();
        match thanks.is_empty() {
            true => Err(CliError::NobodyToThank),
            false => Ok([("thanks".to_owned(), thanks.into())].into()),
        }
    })
    .await
}

fn thanks_for(offer: &str, words: &str, is_public: bool) -> Value {
    let mut fact = about(offer);
    fact.insert("words".to_owned(), words.into());
    fact.insert("public".to_owned(), is_public.into());
    Value::Object(fact)
}

/// Runs `linli agree`: to everything that the other side says and that waits for it.
pub async fn agree(args: OneArgs, context: &Context, output: &mut Output) -> Result<(), CliError> {
    write(&args.request, context, output, |view, me| {
        let own = |fact: &Map<String, Value>| by(fact) == Some(me);
        let agreed = |id: &str| {
            let mut assents = facts(view, "assents");
            assents.any(|assent| text(assent, "to") == id && own(assent))
        };
        let lists = ["completions", "confirmations", "thanks"];
        let said = lists.iter().flat_map(|list| facts(view, list));
        let said = said.filter(|fact| !own(fact) && !agreed(text(fact, "id")));
        let said = said.filter(|fact| {
            fact.contains_key("minutes") || fact.get("public") == Some(&Value::Bool(true))
        });
        let assents: Vec<Value> = said.map(|fact| json!({"to": text(fact, "id")})).collect();
        match assents.is_empty() {
            true => Err(CliError::NothingToAnswer),
            false => Ok([("assents".to_owned(), assents.into())].into()),
        }
    })
    .await
}

/// Runs `linli withdraw`.
pub async fn withdraw(
    args: WithdrawArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    write(&args.id, context, output, |view, me| {
        let mut fact = reason(args.reason.as_deref());
        if view.kind == "request" {
            let states: &[&str] = match view.author.id == me {
                true => TAKEN,
                false => &["offered", "standby", "accepted", "under-way"],
            };
            let offer = offer_meant(view, args.offer.as_deref(), me, states)?;
            fact.extend(about(&offer));
        }
        Ok(one("withdrawals", fact))
    })
    .await
}

/// Runs `linli no-show`.
pub async fn no_show(
    args: NoShowArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    write(&args.request, context, output, |view, me| {
        let offer = offer_meant(view, args.offer.as_deref(), me, TAKEN)?;
        let mut fact = about(&offer);
        fact.insert("statement".to_owned(), args.body.as_str().into());
        Ok(one("no_shows", fact))
    })
    .await
}

/// Runs `linli reply`: to the last thing that is said about the own household.
pub async fn reply(
    args: ReplyArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let body = fields::text_or_input(args.body)?;
    write(&args.request, context, output, |view, me| {
        let said = facts(view, "no_shows").filter(|fact| by(fact) != Some(me));
        let said = said.last().ok_or(CliError::NothingToAnswer)?;
        let fact = json!({"no_show": text(said, "id"), "answer": body});
        Ok([("replies".to_owned(), fact)].into())
    })
    .await
}

/// Runs `linli renew`.
pub async fn renew(args: OneArgs, context: &Context, output: &mut Output) -> Result<(), CliError> {
    say(&args.request, "renewals", Map::new(), context, output).await
}

/// Runs `linli cancel`.
pub async fn cancel(
    args: ReasonArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let fact = reason(args.reason.as_deref());
    say(&args.request, "cancellations", fact, context, output).await
}

/// Runs `linli reopen`.
pub async fn reopen(
    args: ReasonArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let fact = reason(args.reason.as_deref());
    say(&args.request, "reopenings", fact, context, output).await
}

/// Runs `linli merge`.
pub async fn merge(
    args: MergeArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let document = resolve::document(session, &args.request).await?;
        let into = resolve::document(session, &args.into).await?;
        let fields = [("merges".to_owned(), json!({"into": into}))].into();
        edit(session, document, fields).await
    });
    tell_written(answer.await?, context, output)
}

/// States of offers by which somebody helped.
const HELPED: &[&str] = &["done", "gone"];
/// States of offers whose helpers have a place.
const TAKEN: &[&str] = &["accepted", "under-way"];

/// Facts by the names of their lists.
type Facts = BTreeMap<String, Value>;

/// Looks at a document as it stands, and writes what is to be said about it.
async fn write(
    name: &str,
    context: &Context,
    output: &mut Output,
    facts: impl FnOnce(&DocumentView, MemberId) -> Result<Facts, CliError>,
) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let document = resolve::document(session, name).await?;
        let Answer::Status(status) = session.call(Request::Status).await? else {
            return Err(CliError::OtherAnswer);
        };
        let me = status.member.map(|member| member.id).unwrap_or_default();
        let shown = session.call(Request::Show { document }).await?;
        let Answer::Document { document: view, .. } = shown else {
            return Err(CliError::OtherAnswer);
        };
        edit(session, document, facts(&view, me)?).await
    });
    tell_written(answer.await?, context, output)
}

/// Writes a fact that does not depend on how the document stands.
async fn say(
    name: &str,
    list: &str,
    fact: Map<String, Value>,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    write(name, context, output, |_, _| Ok(one(list, fact))).await
}

async fn edit(session: &Session, document: DocumentId, fields: Facts) -> Result<Answer, CliError> {
    let edit = Request::Edit {
        document,
        fields,
        base: Vec::new(),
    };
    session.call(edit).await
}

fn one(list: &str, fact: Map<String, Value>) -> Facts {
    [(list.to_owned(), Value::Object(fact))].into()
}

fn about(offer: &str) -> Map<String, Value> {
    [("offer".to_owned(), Value::from(offer))]
        .into_iter()
        .collect()
}

fn reason(reason: Option<&str>) -> Map<String, Value> {
    let reason = reason.map(|reason| ("reason".to_owned(), Value::from(reason)));
    reason.into_iter().collect()
}

/// Minutes in an hour.
const HOUR: f64 = 60.0;
/// The longest help that is told as one, in hours: a week.
const HOURS_MAX: f64 = 168.0;

/// Reads hours, such as `1` or `1.5`, into minutes.
fn minutes(text: &str) -> Result<i64, String> {
    let hours: Option<f64> = text.parse().ok();
    let hours = hours.filter(|hours| (1.0 / HOUR..=HOURS_MAX).contains(hours));
    let hours = hours.ok_or_else(|| "expected hours from 0.02 to 168, as in 1.5".to_owned())?;
    // At most 10,080, and rounded: nothing is lost.
    #[expect(clippy::cast_possible_truncation)]
    let minutes = (hours * HOUR).round() as i64;
    Ok(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_into_minutes() {
        let cases = [
            ("1", Some(60)),
            ("1.5", Some(90)),
            ("0.25", Some(15)),
            ("168", Some(10_080)),
            ("169", None),
            ("0", None),
            ("-1", None),
            ("NaN", None),
            ("inf", None),
            ("one", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(minutes(text).ok(), expected, "{text}");
        }
    }
}
