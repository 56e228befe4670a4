//! `linli agreement`: the neighbourhood's agreement, shown, published from a file, and signed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};
use protocol::api::{AgreementView, Answer, Draft, Request};
use serde_json::{Value, json};

use super::error::CliError;
use super::output::Output;
use super::post::tell_written;
use super::say::Moderating;
use super::session::Session;
use super::{Context, fields, list as lists, plain, session};

/// Options of `agreement`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

/// What is done with the agreement.
#[derive(Debug, Subcommand)]
enum Action {
    /// Shows the agreement in force, and who has signed it
    Show,
    /// Publishes a new agreement in the place of the one in force
    Publish {
        /// The file: a title, what goes before, and rules that begin with 1., 2., 3.
        file: PathBuf,
    },
    /// Signs the agreement in force
    Sign,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    match args.action {
        Action::Show => {
            let agreement = session::with(context, read).await?;
            show(agreement.as_deref(), context, output)
        }
        Action::Publish { file } => {
            let text = fields::text_of_file(&file)?;
            let written = Written::read(&text).map_err(CliError::Agreement)?;
            let answer = session::with(context, async |session| {
                let former = read(session).await?;
                let draft = written.draft(former.as_deref());
                session.call(Request::Post(draft)).await
            });
            tell_written(answer.await?, context, output)
        }
        Action::Sign => {
            let answer = session::with(context, async |session| {
                let in_force = read(session).await?.ok_or(CliError::NoAgreement)?;
                let agreement = in_force.document.id;
                session.call(Request::SignAgreement { agreement }).await
            });
            tell_written(answer.await?, context, output)
        }
    }
}

async fn read(session: &Session) -> Result<Option<Box<AgreementView>>, CliError> {
    match session.call(Request::Agreement).await? {
        Answer::Agreement { agreement } => Ok(agreement),
        _ => Err(CliError::OtherAnswer),
    }
}

fn show(
    agreement: Option<&AgreementView>,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    if context.json {
        return output.json(&json!({ "agreement": agreement }));
    }
    let Some(agreement) = agreement else {
        return output.line(context.text(Moderating::NoAgreement.into()));
    };
    let said = &agreement.document.fields;
    let text = |field: &str| said.get(field).map(plain::value);
    output.line(text("title").unwrap_or_default())?;
    let published = Moderating::Published {
        version: agreement.version,
        by: &lists::person(&agreement.document.author),
        acted_as: &agreement.acted_as,
        time: &plain::time(agreement.document.created_ms),
    };
    output.line(context.text(published.into()))?;
    if let Some(body) = text("body") {
        output.line("")?;
        output.line(body)?;
    }
    output.line("")?;
    for clause in &agreement.clauses {
        output.line(format!("{}. {}", clause.rule, plain::line(&clause.text)))?;
    }
    output.line("")?;
    let signed = Moderating::SignedBy {
        signed: agreement.signed.len(),
        unsigned: agreement.unsigned.len(),
        own: agreement.is_signed,
    };
    output.line(context.text(signed.into()))
}

/// An agreement as it is written in a file.
#[derive(Debug, PartialEq, Eq)]
struct Written {
    title: String,
    body: String,
    clauses: Vec<String>,
}

/// What is wrong with the file of an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// It has no title.
    NoTitle,
    /// It has no rules.
    NoRules,
    /// A rule has another number than its place.
    Number {
        /// The line, from 1.
        line: usize,
        /// The number that stands there.
        found: u64,
        /// The number that should.
        expected: usize,
    },
}

impl Written {
    /// Reads a title, what goes before the rules, and the rules, which begin with their numbers.
    fn read(text: &str) -> Result<Self, Unwritten> {
        let mut lines = (1..).zip(text.lines().map(str::trim));
        let mut lines = lines.by_ref().skip_while(|(_, line)| line.is_empty());
        let (_, title) = lines.next().ok_or(Unwritten::NoTitle)?;
        let mut written = Self {
            title: title.trim_start_matches('#').trim().to_owned(),
            body: String::new(),
            clauses: Vec::new(),
        };
        for (number, line) in lines {
            match (numbered(line), written.clauses.last_mut()) {
                (Some((found, text)), _) => {
                    let expected = written.clauses.len() + 1;
                    if found != expected as u64 {
                        return Err(Unwritten::Number {
                            line: number,
                            found,
                            expected,
                        });
                    }
                    written.clauses.push(text.to_owned());
                }
                (None, Some(_)) if line.is_empty() => {}
                (None, Some(clause)) => {
                    // A rule may go on in the next line.
                    if clause.ends_with(|last: char| last.is_ascii()) {
                        clause.push(' ');
                    }
                    clause.push_str(line);
                }
                (None, None) => {
                    written.body.push_str(line);
                    written.body.push('\n');
                }
            }
        }
        match written.clauses.is_empty() {
            true => Err(Unwritten::NoRules),
            false => Ok(written),
        }
    }

    fn draft(&self, former: Option<&AgreementView>) -> Draft {
        let version = former.map_or(1, |former| former.version + 1);
        let mut fields: Vec<(&str, Value)> = vec![
            ("title", json!(self.title)),
            ("version", json!(version)),
            ("body", json!(self.body.trim())),
            ("clauses", json!(self.clauses.join("\n"))),
        ];
        fields.extend(former.map(|former| ("replaces", json!(former.document.id))));
        Draft {
            kind: "agreement".to_owned(),
            fields: fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        }
    }
}

/// Splits a line that begins with a number and a point.
fn numbered(line: &str) -> Option<(u64, &str)> {
    let end = line.find(|digit: char| !digit.is_ascii_digit())?;
    let (number, rest) = line.split_at(end);
    let text = rest.strip_prefix(['.', '、', ')', '．', '）'])?;
    Some((number.parse().ok()?, text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_numbered_by_their_place() {
        let text = "# 邻里公约\n\n我们约定：\n\n1. 不骂人。\n2、晚上十点后\n   安静。\n\n3) Be kind\nto others.\n";
        let written = Written::read(text).expect("an agreement");
        assert_eq!(written.title, "邻里公约");
        assert_eq!(written.body.trim(), "我们约定：");
        let clauses = ["不骂人。", "晚上十点后安静。", "Be kind to others."];
        assert_eq!(written.clauses, clauses);
        let draft = written.draft(None);
        assert_eq!(draft.fields["version"], 1);
        let stored = draft.fields["clauses"].as_str().expect("text");
        assert!(protocol::kind::clauses(stored).eq(clauses));
    }

    #[test]
    fn what_is_no_agreement_is_refused_with_its_line() {
        for (text, wrong) in [
            ("", Unwritten::NoTitle),
            (" \n\n", Unwritten::NoTitle),
            ("公约\n我们约定", Unwritten::NoRules),
            (
                "公约\n1. 一\n3. 三",
                Unwritten::Number {
                    line: 3,
                    found: 3,
                    expected: 2,
                },
            ),
        ] {
            assert_eq!(Written::read(text), Err(wrong), "{text}");
        }
    }
}
