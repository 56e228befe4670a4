//! What of a list outlasts a frame: the selected item and the first one on screen.

/// Selection and scroll position of a list. Follow a change of the items, of the selection or of
/// the size with [`super::List::follow`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListState<Id> {
    /// The selected item, and where it was last seen: if it goes, its neighbour is selected.
    pub(super) selected: Option<(Id, usize)>,
    /// The first item on screen, where it was last seen, and how many of its rows are above.
    pub(super) top: Option<(Id, usize, u16)>,
}

impl<Id> Default for ListState<Id> {
    fn default() -> Self {
        Self {
            selected: None,
            top: None,
        }
    }
}

impl<Id: Clone + PartialEq> ListState<Id> {
    /// Returns the selected item.
    pub fn selected(&self) -> Option<&Id> {
        self.selected.as_ref().map(|(id, _)| id)
    }

    /// Selects an item; `false` when it is not in the list.
    pub fn select(&mut self, _ids: &[Id], _id: &Id) -> bool {
        todo!()
    }

    /// Selects the item so many places further down (negative: up), at most the last or first.
    pub fn select_by(&mut self, _ids: &[Id], _places: isize) {
        todo!()
    }

    /// Selects the first item.
    pub fn select_first(&mut self, _ids: &[Id]) {
        todo!()
    }

    /// Selects the last item.
    pub fn select_last(&mut self, _ids: &[Id]) {
        todo!()
    }
}
