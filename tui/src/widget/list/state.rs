//! What of a list outlasts a frame: the selected item and the first one on screen.

/// Selection and scroll position of a list. After a change of the items, of the selection or of
/// the size it has to follow: [`super::List::follow`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListState<Id> {
    /// The selected item, and where it was last seen: if it goes, its neighbour is selected.
    pub(super) selected: Option<(Id, usize)>,
    /// The first item on screen, and where it was last seen.
    pub(super) top: Option<(Id, usize)>,
    /// Rows of the first item on screen that are above the screen.
    pub(super) rows_above: usize,
}

impl<Id> Default for ListState<Id> {
    fn default() -> Self {
        Self {
            selected: None,
            top: None,
            rows_above: 0,
        }
    }
}

impl<Id: Clone + PartialEq> ListState<Id> {
    /// Returns the selected item.
    pub fn selected(&self) -> Option<&Id> {
        self.selected.as_ref().map(|(id, _)| id)
    }

    /// Selects an item; `false` when it is not in the list.
    pub fn select(&mut self, ids: &[Id], id: &Id) -> bool {
        let Some(place) = ids.iter().position(|other| other == id) else {
            return false;
        };
        self.selected = Some((id.clone(), place));
        true
    }

    /// Selects the item so many places further down (negative: up), at most the last or first.
    /// Where nothing is selected, that is the first one.
    pub fn select_by(&mut self, ids: &[Id], places: isize) {
        let place = self
            .selected_place(ids)
            .map_or(0, |place| place.saturating_add_signed(places));
        self.select_place(ids, place);
    }

    /// Selects the item so many places further down (negative: up) over items that are never
    /// selected, such as headings; where nothing else lies behind them, what was selected stays.
    /// No place at all leaves such an item for the next one, or the one before.
    pub fn select_over(&mut self, ids: &[Id], places: isize, is_passed: impl Fn(&Id) -> bool) {
        let before = self.selected.clone();
        self.select_by(ids, places);
        let directions = match places.signum() {
            0 => [1, -1],
            direction => [direction, direction],
        };
        for direction in directions {
            while let Some(place) = self.selected_place(ids).filter(|&at| is_passed(&ids[at])) {
                let next = place.saturating_add_signed(direction).min(ids.len() - 1);
                if next == place {
                    break;
                }
                self.select_place(ids, next);
            }
        }
        if self.selected().is_some_and(&is_passed) {
            self.selected = before;
        }
    }

    /// Selects the first item.
    pub fn select_first(&mut self, ids: &[Id]) {
        self.select_place(ids, 0);
    }

    /// Selects the last item.
    pub fn select_last(&mut self, ids: &[Id]) {
        self.select_place(ids, usize::MAX);
    }

    fn select_place(&mut self, ids: &[Id], place: usize) {
        let place = place.min(ids.len().saturating_sub(1));
        self.selected = ids.get(place).map(|id| (id.clone(), place));
    }

    /// Returns where the selected item is; if it has gone, where its neighbour is.
    pub(super) fn selected_place(&self, ids: &[Id]) -> Option<usize> {
        place_of(self.selected.as_ref(), ids)
    }

    /// Returns where the first item on screen is; if it has gone, where its neighbour is.
    pub(super) fn top_place(&self, ids: &[Id]) -> usize {
        place_of(self.top.as_ref(), ids).unwrap_or(0)
    }
}

fn place_of<Id: PartialEq>(item: Option<&(Id, usize)>, ids: &[Id]) -> Option<usize> {
    let (id, last_seen) = item?;
    let last = ids.len().checked_sub(1)?;
    let unmoved = ids.get(*last_seen) == Some(id);
    if unmoved {
        return Some(*last_seen);
    }
    let place = ids.iter().position(|other| other == id);
    Some(place.unwrap_or((*last_seen).min(last)))
}
