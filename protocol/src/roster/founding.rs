//! The founding statement, as the roster holds it.

use super::Roster;
use crate::statement::{Act, Founding};

impl Roster {
    /// Returns the founding statement, once it is held.
    pub fn founding(&self) -> Option<&Founding> {
        self.graph
            .founding
            .iter()
            .find_map(|&ix| match self.graph.node(ix).act()? {
                Act::Found(founding) => Some(founding),
                _ => None,
            })
    }
}
