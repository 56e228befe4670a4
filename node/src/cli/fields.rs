//! A document's fields as options: the common ones by name, any other as `--field NAME=TEXT` or
//! `--field NAME:=JSON`. Which fields a kind has is the node's to say.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use clap::Args as ClapArgs;
use protocol::kind::{Kinds, Shape};
use serde_json::Value;

use super::error::CliError;
use super::{lifetime, window};

/// Bytes of a text that is read from standard input: more than an entry holds.
const TEXT_BYTES_MAX: usize = 256 * 1024;

/// Options that give fields their values.
#[derive(Clone, Debug, Default, ClapArgs)]
pub struct Fields {
    /// The title
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// The text; - reads it from standard input
    #[arg(long, value_name = "TEXT")]
    pub body: Option<String>,
    /// The category
    #[arg(long, value_name = "WORD")]
    pub category: Option<String>,
    /// A notice's level: ordinary, important or urgent
    #[arg(long, value_name = "WORD")]
    pub level: Option<String>,
    /// When help is wanted, in words or as "2026-12-01 18:00/20:00"
    #[arg(long, value_name = "TEXT")]
    pub when: Option<String>,
    /// Where
    #[arg(long, value_name = "TEXT")]
    pub place: Option<String>,
    /// A festival's day, as it is written
    #[arg(long, value_name = "TEXT")]
    pub date: Option<String>,
    /// Why a request is urgent
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// The request is urgent
    #[arg(long)]
    pub urgent: bool,
    /// Whom a notice is for: neighbourhood, or building:3
    #[arg(long, value_name = "WHO")]
    pub audience: Option<String>,
    /// A notice asks every household to acknowledge it
    #[arg(long)]
    pub ack: bool,
    /// How long it stands: 12h, 7d
    #[arg(long, value_name = "TIME", value_parser = lifetime::parse)]
    pub expires: Option<i64>,
    /// Any field: NAME=TEXT or NAME:=JSON (repeatable)
    #[arg(long = "field", value_name = "NAME=TEXT", value_parser = parse_field)]
    pub other: Vec<(String, Value)>,
}

impl Fields {
    /// Tells whether no field is given a value.
    pub fn is_empty(&self) -> bool {
        let named = [
            &self.title,
            &self.body,
            &self.category,
            &self.level,
            &self.when,
            &self.place,
            &self.date,
            &self.reason,
        ];
        self.other.is_empty()
            && !self.urgent
            && !self.ack
            && self.audience.is_none()
            && self.expires.is_none()
            && named.iter().all(|text| text.is_none())
    }

    /// Returns the values by field name, for a document of a kind.
    ///
    /// # Errors
    ///
    /// [`CliError`] when standard input is to be read and is no text.
    pub fn values(self, kind: &str) -> Result<BTreeMap<String, Value>, CliError> {
        let mut values = BTreeMap::new();
        let body = self.body.map(text_or_input).transpose()?;
        let window = self.when.as_deref().and_then(window::parse);
        let named = [
            ("title", self.title),
            (text_field(kind), body),
            ("category", self.category),
            ("level", self.level),
            ("when", self.when),
            ("place", self.place),
            ("date", self.date),
            ("reason", self.reason),
        ];
        for (name, text) in named {
            if let Some(text) = text {
                values.insert(name.to_owned(), Value::String(text));
            }
        }
        if let Some((from_ms, until_ms)) = window.filter(|_| kind == "request") {
            values.insert("from_ms".to_owned(), Value::from(from_ms));
            values.insert("until_ms".to_owned(), Value::from(until_ms));
        }
        if self.urgent {
            values.insert("urgent".to_owned(), Value::Bool(true));
        }
        if self.ack {
            values.insert("ack".to_owned(), Value::Bool(true));
        }
        if let Some(audience) = self.audience {
            let (audience, building) = match audience.split_once(':') {
                Some((audience, building)) => (audience.to_owned(), Some(building.to_owned())),
                None => (audience, None),
            };
            values.insert("audience".to_owned(), Value::String(audience));
            let building = building.map(Value::String);
            values.extend(building.map(|building| ("building".to_owned(), building)));
        }
        if let Some(expires) = self.expires {
            let until = crate::core::now_ms().saturating_add(expires);
            values.insert("expires_ms".to_owned(), Value::from(until));
        }
        values.extend(self.other);
        Ok(values)
    }
}

/// Returns a text, or what stands on standard input when it is `-`.
///
/// # Errors
///
/// [`CliError::NotText`] and [`CliError::TooLarge`] for standard input.
pub fn text_or_input(text: String) -> Result<String, CliError> {
    if text != "-" {
        return Ok(text);
    }
    read_text(&mut std::io::stdin().lock(), Path::new("-"))
}

/// Returns the text that stands in a file.
///
/// # Errors
///
/// [`CliError::File`], [`CliError::NotText`] and [`CliError::TooLarge`].
pub fn text_of_file(path: &Path) -> Result<String, CliError> {
    let file = std::fs::File::open(path).map_err(|source| CliError::File {
        path: path.to_owned(),
        source,
    })?;
    read_text(&mut &file, path)
}

fn read_text(source: &mut dyn Read, path: &Path) -> Result<String, CliError> {
    let source_name = || path.to_string_lossy().into_owned();
    let mut bytes = Vec::new();
    let limit = TEXT_BYTES_MAX as u64 + 1;
    let read = source.take(limit).read_to_end(&mut bytes);
    read.map_err(|source| CliError::File {
        path: path.to_owned(),
        source,
    })?;
    if bytes.len() > TEXT_BYTES_MAX {
        return Err(CliError::TooLarge {
            source_name: source_name(),
            bytes_max: TEXT_BYTES_MAX,
        });
    }
    let is_text = !bytes.contains(&0);
    let text = String::from_utf8(bytes).ok().filter(|_| is_text);
    text.ok_or_else(|| CliError::NotText {
        source_name: source_name(),
    })
}

/// Returns the name of a kind, given in the singular or the plural. One that is not known here is
/// left for the node to judge.
pub fn kind(name: &str) -> String {
    let kind = Kinds::standard().by_name(name);
    kind.map_or(name, |kind| kind.name).to_owned()
}

/// Returns the field that holds the text of a kind's documents.
pub fn text_field(kind: &str) -> &'static str {
    let kind = Kinds::standard().by_name(kind);
    let texts = kind.map_or(&[][..], |kind| kind.fields);
    let mut texts = texts.iter().filter(|field| is_text(field.shape));
    texts.next().map_or("body", |field| field.name)
}

const fn is_text(shape: Shape) -> bool {
    matches!(shape, Shape::Paragraphs { .. } | Shape::Markdown)
}

fn parse_field(text: &str) -> Result<(String, Value), String> {
    let Some((name, value)) = text.split_once('=') else {
        return Err("expected NAME=TEXT or NAME:=JSON".to_owned());
    };
    let (name, value) = match name.strip_suffix(':') {
        Some(name) => {
            let value = serde_json::from_str(value).map_err(|error| error.to_string())?;
            (name, value)
        }
        None => (name, Value::String(value.to_owned())),
    };
    if name.is_empty() {
        return Err("the field has no name".to_owned());
    }
    Ok((name.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_texts_unless_they_are_said_to_be_json() {
        let cases = [
            ("when=周六", Some(("when", json!("周六")))),
            ("n=7", Some(("n", json!("7")))),
            ("n:=7", Some(("n", json!(7)))),
            ("eq=a=b", Some(("eq", json!("a=b")))),
            ("empty=", Some(("empty", json!("")))),
            ("bad:={", None),
            ("nothing", None),
            ("=x", None),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|(name, value)| (name.to_owned(), value));
            assert_eq!(parse_field(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn kinds_go_by_both_numbers() {
        for name in ["request", "requests"] {
            assert_eq!(kind(name), "request");
        }
        assert_eq!(kind("process"), "process");
    }

    #[test]
    fn every_kind_has_its_text_where_it_says() {
        let texts = ["request", "notice", "comment", "plan", "process"].map(text_field);
        assert_eq!(texts, ["body", "body", "body", "text", "body"]);
    }
}
