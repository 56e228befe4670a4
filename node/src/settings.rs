//! Settings of a home that need no key: the front end's, and whether the home is a relay's.
//!
//! They lie in `settings.toml`, which a resident may edit. Unknown keys are refused, so that a
//! slip of the pen is not silently without effect.

use protocol::api::{self, AmbiguousWidth, EmergencyNumbers, Theme};
use protocol::limits::MEMBER_BYTES_MAX;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use toml_edit::{DocumentMut, Item, Value};
use tui::language::Language;

use crate::durable_file::{self, ReadError, WriteError};
use crate::home::Home;

const MIB: u64 = 1024 * 1024;
/// Room for each other household unless the file says otherwise, in MiB.
const HOUSEHOLD_MIB: u32 = (MEMBER_BYTES_MAX / MIB) as u32;
/// A terabyte for each household is no limit.
const HOUSEHOLD_MIB_MAX: u32 = 1 << 20;
/// Bytes of a settings file at most.
const SETTINGS_BYTES_MAX: usize = 16 * 1024;

/// The settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What the resident chose for the front end; its language is the command line's too.
    pub front_end: api::Settings,
    /// Whether the home is a relay's.
    pub relay: bool,
    /// Room for each other household, with all its devices, in MiB.
    pub household_mib: u32,
}

/// Why settings were not read or written.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("the settings cannot be read")]
    Read(#[source] ReadError),
    /// The file is no TOML, or has a key that is not known.
    #[error("settings.toml is not understood; mend or remove it")]
    Syntax(#[source] toml::de::Error),
    /// The language is none of the program's.
    #[error("settings.toml names the language {code:?}; write \"zh\" or \"en\"")]
    Language {
        /// What it names.
        code: String,
    },
    /// There is no room of that size for a household.
    #[error("settings.toml gives each household {mib} MiB; write 1 to {HOUSEHOLD_MIB_MAX}")]
    HouseholdMib {
        /// The size.
        mib: u32,
    },
    /// The file is no UTF-8, or no TOML that single values could be changed in.
    #[error("settings.toml is not understood; mend or remove it")]
    Form,
    /// The file would be too long to be read again.
    #[error("settings.toml has more than {SETTINGS_BYTES_MAX} bytes; shorten it")]
    TooLong,
    /// The file cannot be written.
    #[error("the settings cannot be written")]
    Write(#[source] WriteError),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            front_end: api::Settings {
                language: Language::Chinese,
                theme: Theme::default(),
                ambiguous_width: AmbiguousWidth::default(),
                ascii_borders: false,
                large_type: false,
                emergency_numbers: EmergencyNumbers::default(),
            },
            relay: false,
            household_mib: HOUSEHOLD_MIB,
        }
    }
}

/// The file. Its words are those of the local interface.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    language: Option<String>,
    relay: bool,
    theme: Theme,
    ambiguous_width: AmbiguousWidth,
    ascii_borders: bool,
    large_type: bool,
    emergency_numbers: EmergencyNumbers,
    household_mib: Option<u32>,
}

impl Settings {
    /// Bytes that are taken of each other household as they come.
    pub fn member_bytes(&self) -> u64 {
        u64::from(self.household_mib) * MIB
    }

    /// Reads a home's settings; the defaults when there is no file.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] when the file cannot be read or understood.
    pub fn read(home: &Home) -> Result<Self, SettingsError> {
        let path = home.settings();
        if !path.exists() {
            return Ok(Self::default());
        }
        let bytes =
            durable_file::read_private(&path, SETTINGS_BYTES_MAX).map_err(SettingsError::Read)?;
        let text = String::from_utf8_lossy(&bytes);
        let file: File = toml::from_str(&text).map_err(SettingsError::Syntax)?;
        let language = match file.language {
            Some(code) => code.parse().map_err(|_| SettingsError::Language { code })?,
            None => Self::default().front_end.language,
        };
        let mib = file.household_mib.unwrap_or(HOUSEHOLD_MIB);
        if !(1..=HOUSEHOLD_MIB_MAX).contains(&mib) {
            return Err(SettingsError::HouseholdMib { mib });
        }
        Ok(Self {
            front_end: api::Settings {
                language,
                theme: file.theme,
                ambiguous_width: file.ambiguous_width,
                ascii_borders: file.ascii_borders,
                large_type: file.large_type,
                emergency_numbers: file.emergency_numbers,
            },
            relay: file.relay,
            household_mib: mib,
        })
    }

    /// Writes a home's settings, durably and at once. Values that stand already are not touched, and
    /// nor is what else a resident wrote in the file: comments, order, blank lines.
    ///
    /// # Errors
    ///
    /// [`SettingsError`]; the former settings stand then.
    pub fn write(&self, home: &Home) -> Result<(), SettingsError> {
        let path = home.settings();
        let mut file = DocumentMut::new();
        if path.exists() {
            let former = durable_file::read_private(&path, SETTINGS_BYTES_MAX);
            let former = former.map_err(SettingsError::Read)?;
            let former = std::str::from_utf8(&former).map_err(|_| SettingsError::Form)?;
            file = former.parse().map_err(|_| SettingsError::Form)?;
        }
        for (name, value) in self.values() {
            put(&mut file, name, value);
        }
        let text = file.to_string();
        if text.len() > SETTINGS_BYTES_MAX {
            return Err(SettingsError::TooLong);
        }
        durable_file::write(&path, text.as_bytes()).map_err(SettingsError::Write)
    }

    /// The values of the file, in the order in which a file without any gets them.
    fn values(&self) -> [(&'static str, Value); 8] {
        let chosen = &self.front_end;
        [
            ("language", chosen.language.code().into()),
            ("relay", self.relay.into()),
            ("theme", word(chosen.theme).into()),
            ("ambiguous_width", word(chosen.ambiguous_width).into()),
            ("ascii_borders", chosen.ascii_borders.into()),
            ("large_type", chosen.large_type.into()),
            (
                "emergency_numbers",
                chosen.emergency_numbers.to_string().into(),
            ),
            ("household_mib", i64::from(self.household_mib).into()),
        ]
    }
}

/// Puts a value in place of another one, with the comment that stands behind it.
fn put(file: &mut DocumentMut, name: &str, value: Value) {
    match file.get_mut(name).and_then(Item::as_value_mut) {
        Some(former) => {
            let parts = |value: &Value| {
                (
                    value.as_str().map(str::to_owned),
                    value.as_bool(),
                    value.as_integer(),
                )
            };
            let is_same = parts(former) == parts(&value);
            if !is_same {
                let around = former.decor().clone();
                *former = value;
                *former.decor_mut() = around;
            }
        }
        None => {
            file.insert(name, Item::Value(value));
        }
    }
}

/// The word of the local interface for a choice, which is the file's too.
fn word(choice: impl Serialize) -> String {
    match serde_json::to_value(choice) {
        Ok(serde_json::Value::String(word)) => word,
        _ => unreachable!("a choice is a word"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> (tempfile::TempDir, Home) {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::create(&folder.path().join("home")).expect("a home");
        (folder, home)
    }

    fn chosen() -> Settings {
        Settings {
            front_end: api::Settings {
                language: Language::English,
                theme: Theme::HighContrast,
                ambiguous_width: AmbiguousWidth::Wide,
                ascii_borders: true,
                large_type: false,
                emergency_numbers: EmergencyNumbers::parse("112").expect("a number"),
            },
            relay: false,
            household_mib: 12,
        }
    }

    const REST: &str = "relay = false\ntheme = \"high-contrast\"\nambiguous_width = \"wide\"\nascii_borders = true\nlarge_type = false\nemergency_numbers = \"112\"\nhousehold_mib = 12\n";

    #[test]
    fn what_a_resident_wrote_stays_where_it_was() {
        let cases = [
            // No file.
            (None, format!("language = \"en\"\n{REST}")),
            // Comments before, behind and after, blank lines, and an order of one's own.
            (
                Some(
                    "# Ours.\n\nlarge_type = true   # for grandma\n\n# zh or en\nlanguage = 'zh' # 中文\n# the end\n",
                ),
                "# Ours.\n\nlarge_type = false   # for grandma\n\n# zh or en\nlanguage = \"en\" # 中文\n\
                 relay = false\ntheme = \"high-contrast\"\nambiguous_width = \"wide\"\nascii_borders = true\nemergency_numbers = \"112\"\nhousehold_mib = 12\n# the end\n"
                    .to_owned(),
            ),
            // What stands already is not even written another way.
            (
                Some("language = 'en'\nrelay=false\n"),
                format!("language = 'en'\nrelay=false\n{}", &REST["relay = false\n".len()..]),
            ),
        ];
        for (before, expected) in cases {
            let (_folder, home) = home();
            if let Some(before) = before {
                durable_file::write(&home.settings(), before.as_bytes()).expect("a file");
            }
            chosen().write(&home).expect("it is written");
            let after = std::fs::read_to_string(home.settings()).expect("the file");
            assert_eq!(after, expected);
            assert_eq!(Settings::read(&home).expect("it is read"), chosen());
        }
    }

    #[test]
    fn a_household_has_room_or_the_file_is_refused() {
        for (text, expected) in [
            ("", Some(256)),
            ("household_mib = 1\n", Some(1)),
            ("household_mib = 0\n", None),
            ("household_mib = 9999999\n", None),
            ("household_mib = -1\n", None),
        ] {
            let (_folder, home) = home();
            durable_file::write(&home.settings(), text.as_bytes()).expect("a file");
            let read = Settings::read(&home).ok();
            assert_eq!(read.map(|read| read.household_mib), expected, "{text}");
        }
    }

    #[test]
    fn emergency_numbers_are_as_people_write_them_or_the_file_is_refused() {
        for (text, expected) in [
            ("", Some("110, 119, 120")),
            (
                "emergency_numbers = \"112、 021-110\"\n",
                Some("112, 021-110"),
            ),
            ("emergency_numbers = \"\"\n", None),
            ("emergency_numbers = \"ask the lead\"\n", None),
            ("emergency_numbers = 110\n", None),
        ] {
            let (_folder, home) = home();
            durable_file::write(&home.settings(), text.as_bytes()).expect("a file");
            let read = Settings::read(&home).ok();
            let numbers = read.map(|read| read.front_end.emergency_numbers.to_string());
            assert_eq!(numbers.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_not_written_over() {
        let long = format!("#{}\n", "x".repeat(SETTINGS_BYTES_MAX - 2));
        for before in [&b"theme = \n"[..], b"# \xD6\xD0\n", long.as_bytes()] {
            let (_folder, home) = home();
            durable_file::write(&home.settings(), before).expect("a file");
            assert!(chosen().write(&home).is_err());
            assert_eq!(std::fs::read(home.settings()).expect("the file"), before);
        }
    }
}
