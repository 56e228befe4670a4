//! The screens: one file each. A new main screen is a file, a line in [`MAIN`], and a block of keys.

pub mod acknowledgements;
pub mod acts;
pub mod ask;
pub mod blocked;
mod choices;
pub mod choose;
pub mod composer;
pub mod digest;
pub(crate) mod document_row;
pub mod documents;
pub mod doors;
pub mod first_run;
pub mod help;
pub mod help_given;
pub mod history;
pub mod invitation;
pub mod keeping;
mod message;
pub mod moderation;
pub mod motion;
pub mod motions;
pub mod network;
pub(crate) mod own_first;
pub mod palette;
pub mod people;
pub mod person;
pub mod reader;
mod scrolled;
pub mod search;
pub mod settings;
pub mod today;
pub mod unlock;

use crate::app::{Context, Screen};
use crate::widget::field::FieldStyles;
use crate::widget::list::ListStyles;

/// One of the main screens, reached by its number.
#[derive(Debug)]
pub struct Main {
    /// The name of its title's words.
    pub title: &'static str,
    /// The kind whose unread documents are counted beside the title.
    pub kind: Option<&'static str>,
    /// Makes it.
    pub make: fn() -> Box<dyn Screen>,
}

/// The main screens, in the order of their numbers.
pub const MAIN: &[Main] = &[
    Main {
        title: "tab-today",
        kind: None,
        make: || Box::new(today::Today::new()),
    },
    Main {
        title: "tab-notices",
        kind: Some("notice"),
        make: || Box::new(documents::Documents::new("notice")),
    },
    Main {
        title: "tab-requests",
        kind: Some("request"),
        make: || Box::new(documents::Documents::new("request")),
    },
    Main {
        title: "tab-plans",
        kind: Some("plan"),
        make: || Box::new(documents::Documents::new("plan")),
    },
    Main {
        title: "tab-people",
        kind: None,
        make: || Box::new(people::People::new()),
    },
    Main {
        title: "tab-network",
        kind: None,
        make: || Box::new(network::Network::new()),
    },
    Main {
        title: "tab-settings",
        kind: None,
        make: || Box::new(settings::Settings::new()),
    },
];

/// How fields look on every screen.
fn field_styles(context: &Context<'_>) -> FieldStyles {
    let theme = context.theme;
    FieldStyles {
        label: theme.dim,
        text: theme.input,
        placeholder: theme.dim,
        counter: theme.dim,
        error: theme.bad,
        fresh: theme.found,
    }
}

/// How lists look on every screen.
fn list_styles(context: &Context<'_>) -> ListStyles {
    let theme = context.theme;
    ListStyles {
        ground: theme.text,
        selected: theme.selected,
        line: theme.dim,
        marker: theme.awaited,
        scrollbar: theme.dim,
    }
}
