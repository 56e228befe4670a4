//! The two languages, and how the resident's is found out. No texts stand here.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A language of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Language {
    /// 中文.
    #[serde(rename = "zh")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

/// A word that names no language of the program.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("expected zh or en")]
pub struct UnknownLanguage;

impl Language {
    /// The language's code: `zh` or `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Chinese => "zh",
            Self::English => "en",
        }
    }

    /// The other one of the two.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Chinese => Self::English,
            Self::English => Self::Chinese,
        }
    }

    /// Reads a locale as `LC_ALL`, `LC_MESSAGES` and `LANG` hold it: `zh_CN.UTF-8`. `None` when it
    /// names neither language.
    pub fn of_locale(locale: &str) -> Option<Self> {
        let language = locale.split(['_', '-', '.', '@']).next()?;
        language.parse().ok()
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        match text.to_ascii_lowercase().as_str() {
            "zh" => Ok(Self::Chinese),
            "en" => Ok(Self::English),
            _ => Err(UnknownLanguage),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_name_languages() {
        let cases = [
            ("zh_CN.UTF-8", Some(Language::Chinese)),
            ("zh", Some(Language::Chinese)),
            ("zh-Hans-CN", Some(Language::Chinese)),
            ("en_GB", Some(Language::English)),
            ("C.UTF-8", None),
            ("POSIX", None),
            ("", None),
            ("zhuang", None),
        ];
        for (locale, expected) in cases {
            assert_eq!(Language::of_locale(locale), expected, "{locale}");
        }
    }
}
