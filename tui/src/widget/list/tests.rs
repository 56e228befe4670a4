use super::*;
use crate::text::StyledText;
use crate::widget::Paragraph;

/// Draws a list in which item `n` has `n % 3 + 1` rows, the first of which says `n`.
struct Board {
    ids: Vec<u32>,
    unread: Vec<u32>,
    lines: Vec<(u32, &'static str)>,
    state: ListState<u32>,
    look: Look,
    area: Rect,
}

impl Board {
    fn new(ids: impl IntoIterator<Item = u32>) -> Self {
        Self {
            ids: ids.into_iter().collect(),
            unread: Vec::new(),
            lines: Vec::new(),
            state: ListState::default(),
            look: Look::default(),
            area: Rect::new(0, 0, 12, 6),
        }
    }

    fn with_list<T>(&mut self, act: impl FnOnce(&List<'_, u32>, &mut ListState<u32>) -> T) -> T {
        let (ids, unread) = (&self.ids, &self.unread);
        let list = List {
            ids,
            rows: &|place, _| u16::try_from(ids[place] % 3).unwrap_or(0) + 1,
            draw_item: &|place, area, buffer, is_selected| {
                let mark = if is_selected { ">" } else { "" };
                let text = StyledText::plain(format!("{mark}{}", ids[place]));
                Paragraph::new(&text).draw(area, buffer, Look::default());
            },
            is_unread: &|place| unread.contains(&ids[place]),
            marker: &|count| format!("{count} new"),
            lines: &self.lines,
            styles: ListStyles::default(),
        };
        act(&list, &mut self.state)
    }

    fn follow(&mut self) {
        let (area, look) = (self.area, self.look);
        self.with_list(|list, state| list.follow(state, area, look));
    }

    fn step(&mut self, places: isize) {
        self.state.select_by(&self.ids, places);
        self.follow();
    }

    /// Returns what each row says, without the scroll bar.
    fn rows(&mut self) -> Vec<String> {
        let (area, look) = (self.area, self.look);
        let mut buffer = Buffer::empty(area);
        self.with_list(|list, state| list.draw(state, area, &mut buffer, look));
        let width = usize::from(area.width);
        let rows = buffer.content().chunks(width).map(|cells| {
            let row: String = cells[..width - 1]
                .iter()
                .map(|cell| cell.symbol())
                .collect();
            row.trim_end().to_owned()
        });
        rows.collect()
    }

    fn scrollbar(&mut self) -> String {
        let (area, look) = (self.area, self.look);
        let mut buffer = Buffer::empty(area);
        self.with_list(|list, state| list.draw(state, area, &mut buffer, look));
        (area.top()..area.bottom())
            .map(|y| buffer[(area.right() - 1, y)].symbol().to_owned())
            .collect()
    }
}

#[test]
fn items_of_any_height_follow_the_selection() {
    let mut board = Board::new(0..9);
    board.step(0);
    assert_eq!(board.rows(), [">0", "1", "", "2", "", ""]);
    board.step(3);
    assert_eq!(board.rows(), ["1", "", "2", "", "", ">3"]);
    board.step(1);
    assert_eq!(board.rows(), ["2", "", "", "3", ">4", ""]);
    // Going back scrolls no earlier than it must.
    board.step(-2);
    assert_eq!(board.rows(), [">2", "", "", "3", "4", ""]);
    board.step(-1);
    assert_eq!(board.rows(), [">1", "", "2", "", "", "3"]);
    board.step(100);
    assert_eq!(board.rows(), ["6", "7", "", ">8", "", ""]);
    board.step(-100);
    assert_eq!(board.rows()[0], ">0");
}

#[test]
fn new_items_move_neither_selection_nor_screen() {
    let mut board = Board::new(10..20);
    board.step(0);
    let before = board.rows();
    board.ids.splice(0..0, [30, 31, 32]);
    board.unread = vec![30, 32];
    board.follow();
    assert_eq!(board.state.selected(), Some(&10));
    let after = board.rows();
    assert_eq!(after[0], ">10   2 new");
    assert_eq!(after[1..], before[1..]);
    board.step(-3);
    assert_eq!(board.rows()[0], ">30");
}

#[test]
fn a_selected_item_that_goes_gives_way_to_its_neighbour() {
    let mut board = Board::new(0..6);
    board.step(0);
    board.step(2);
    board.ids.retain(|id| *id != 2);
    board.follow();
    assert_eq!(board.state.selected(), Some(&3));
    board.ids.truncate(1);
    board.follow();
    assert_eq!(board.state.selected(), Some(&0));
    board.ids.clear();
    board.follow();
    assert_eq!(board.state.selected(), None);
    assert_eq!(board.rows(), [""; 6]);
}

#[test]
fn what_is_never_selected_is_stepped_over_and_leaves_what_was_where_nothing_lies_behind() {
    // Multiples of ten stand for headings.
    let ids = [10, 1, 2, 20, 30, 3, 40];
    let is_heading = |id: &u32| id.is_multiple_of(10);
    let cases = [
        (1, -1, 1),
        (1, 1, 2),
        (2, 1, 3),
        (3, -1, 2),
        (3, 1, 3),
        (20, 0, 3),
        (40, 0, 3),
        (10, 0, 1),
        (2, 2, 3),
    ];
    for (from, places, expected) in cases {
        let mut state = ListState::default();
        state.select(&ids, &from);
        state.select_over(&ids, places, is_heading);
        assert_eq!(state.selected(), Some(&expected), "{from} {places}");
    }
    let mut headings = ListState::default();
    headings.select_over(&[10, 20], 1, is_heading);
    assert_eq!(headings.selected(), None);
}

#[test]
fn drawing_without_following_shows_the_selected_item() {
    let mut board = Board::new(0..30);
    assert!(board.state.select(&board.ids, &17));
    assert!(board.rows().iter().any(|row| row == ">17"));
    assert!(!board.state.select(&board.ids, &99));
    assert_eq!(board.state.selected(), Some(&17));
}

#[test]
fn a_line_stands_above_its_item_and_one_item_has_one() {
    let mut board = Board::new(0..9);
    board.lines = vec![(1, "old"), (1, "older")];
    board.step(0);
    assert_eq!(board.rows(), [">0", "─── old ───", "1", "", "2", ""]);
    board.look.ascii = true;
    assert_eq!(board.rows()[1], "--- old ---");
    board.lines = vec![(0, "own"), (1, "old")];
    assert_eq!(board.rows()[..3], ["--- own ---", ">0", "--- old ---"]);
}

#[test]
fn large_type_leaves_a_row_below_each_item() {
    let mut board = Board::new([0, 3, 6, 9]);
    board.look.large = true;
    board.step(0);
    assert_eq!(board.rows(), [">0", "", "3", "", "6", ""]);
}

#[test]
fn pages_overlap_by_no_item_and_skip_none() {
    let mut board = Board::new((0..60).step_by(3));
    board.step(0);
    let (area, look) = (board.area, board.look);
    board.with_list(|list, state| list.page(state, true, area, look));
    board.follow();
    assert_eq!(board.state.selected(), Some(&18));
    board.with_list(|list, state| list.page(state, false, area, look));
    board.follow();
    assert_eq!(board.state.selected(), Some(&0));
}

#[test]
fn the_scroll_bar_shows_where_the_screen_is() {
    let mut board = Board::new((0..36).step_by(3));
    board.step(0);
    assert_eq!(board.scrollbar(), "███│││");
    board.step(100);
    assert_eq!(board.scrollbar(), "│││███");
    board.look.ascii = true;
    assert_eq!(board.scrollbar(), "|||###");
    let mut short = Board::new([0, 3]);
    assert_eq!(short.scrollbar(), "      ");
}

#[test]
fn an_item_higher_than_the_screen_shows_its_start() {
    let mut board = Board::new([0, 2, 0]);
    board.ids = vec![0, 2, 3];
    board.area.height = 2;
    board.step(0);
    board.step(1);
    assert_eq!(board.rows(), [">2", ""]);
    board.step(1);
    assert_eq!(board.rows(), ["", ">3"]);
}

#[test]
fn only_items_on_screen_are_measured() {
    let ids: Vec<usize> = (0..100_000).collect();
    let measured = std::cell::Cell::new(0);
    let list = List {
        ids: &ids,
        rows: &|_, _| {
            measured.set(measured.get() + 1);
            2
        },
        draw_item: &|_, _, _, _| {},
        is_unread: &|_| false,
        marker: &|_| String::new(),
        lines: &[],
        styles: ListStyles::default(),
    };
    let area = Rect::new(0, 0, 20, 24);
    let mut state = ListState::default();
    state.select(&ids, &50_000);
    list.follow(&mut state, area, Look::default());
    list.draw(&state, area, &mut Buffer::empty(area), Look::default());
    assert!(measured.get() < 200, "{}", measured.get());
}
