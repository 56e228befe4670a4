//! Settings of a home that need no key: the front end's, and whether the home is a relay's.
//!
//! They lie in `settings.toml`, which a resident may edit. Unknown keys are refused, so that a
//! slip of the pen is not silently without effect.

use protocol::api::{self, AmbiguousWidth, Theme};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tui::language::Language;

use crate::durable_file::{self, ReadError, WriteError};
use crate::home::Home;

/// Bytes of a settings file at most.
const SETTINGS_BYTES_MAX: usize = 16 * 1024;

/// The settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What the resident chose for the front end; its language is the command line's too.
    pub front_end: api::Settings,
    /// Whether the home is a relay's.
    pub relay: bool,
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
            },
            relay: false,
        }
    }
}

/// The file. Its words are those of the local interface.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    language: Option<String>,
    relay: bool,
    theme: Theme,
    ambiguous_width: AmbiguousWidth,
    ascii_borders: bool,
    large_type: bool,
}

impl Settings {
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
        Ok(Self {
            front_end: api::Settings {
                language,
                theme: file.theme,
                ambiguous_width: file.ambiguous_width,
                ascii_borders: file.ascii_borders,
                large_type: file.large_type,
            },
            relay: file.relay,
        })
    }

    /// Writes a home's settings, durably and at once.
    ///
    /// # Errors
    ///
    /// [`SettingsError::Write`]; the former settings stand then.
    pub fn write(&self, home: &Home) -> Result<(), SettingsError> {
        let file = File {
            language: Some(self.front_end.language.code().to_owned()),
            relay: self.relay,
            theme: self.front_end.theme,
            ambiguous_width: self.front_end.ambiguous_width,
            ascii_borders: self.front_end.ascii_borders,
            large_type: self.front_end.large_type,
        };
        let text = toml::to_string(&file).expect("plain fields are TOML");
        durable_file::write(&home.settings(), text.as_bytes()).map_err(SettingsError::Write)
    }
}
