//! Settings of the front end: what a resident chooses for this home's screens.

use serde::{Deserialize, Serialize};

use super::{EmergencyNumbers, Language};

/// The settings. They lie in the home's `settings.toml`, which a resident may edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The language of the front end and the command line.
    pub language: Language,
    /// The colours.
    #[serde(default)]
    pub theme: Theme,
    /// How wide the terminal draws characters whose width Unicode leaves open.
    #[serde(default)]
    pub ambiguous_width: AmbiguousWidth,
    /// Whether borders are drawn with ASCII alone.
    #[serde(default)]
    pub ascii_borders: bool,
    /// Whether the screen shows less, with more room around it.
    #[serde(default)]
    pub large_type: bool,
    /// Whom to call in an emergency: shown first on urgent requests.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "110, 119, 120"))]
    pub emergency_numbers: EmergencyNumbers,
}

/// Colours of the front end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// The terminal's own.
    #[default]
    Terminal,
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
    /// Few colours, far apart.
    HighContrast,
    /// No colour at all.
    Monochrome,
}

/// How wide the terminal draws characters whose width Unicode leaves open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AmbiguousWidth {
    /// As the terminal says when it is asked.
    #[default]
    Auto,
    /// One column.
    Narrow,
    /// Two columns.
    Wide,
}
