//! Which column of a table means what, by its heading.
//!
//! Headings are compared without case and surrounding blanks. A column that nobody here knows is
//! not read, and said so: it may hold telephone numbers, which belong in no shared document.

use super::ImportError;
use crate::import::table::COLUMNS_MAX;

/// Characters of a heading that are shown.
const HEADING_CHARACTERS_MAX: usize = 40;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// Who or what asks.
    Title,
    /// The words.
    Body,
    /// What is needed.
    Supplies,
    /// Where to.
    Address,
    /// What else there is to say.
    Remark,
    /// The category.
    Category,
    /// Whether it is urgent.
    Urgent,
    /// The building.
    Building,
    /// Until when it stands.
    Expires,
}

const HEADINGS: &[(&str, Meaning)] = &[
    ("title", Meaning::Title),
    ("name", Meaning::Title),
    ("标题", Meaning::Title),
    ("名称", Meaning::Title),
    ("body", Meaning::Body),
    ("内容", Meaning::Body),
    ("supplies", Meaning::Supplies),
    ("物资", Meaning::Supplies),
    ("address", Meaning::Address),
    ("地址", Meaning::Address),
    ("remark", Meaning::Remark),
    ("remarks", Meaning::Remark),
    ("备注", Meaning::Remark),
    ("category", Meaning::Category),
    ("类别", Meaning::Category),
    ("urgent", Meaning::Urgent),
    ("紧急", Meaning::Urgent),
    ("building", Meaning::Building),
    ("楼栋", Meaning::Building),
    ("expires", Meaning::Expires),
    ("截止", Meaning::Expires),
];

/// The columns of one table.
#[derive(Debug)]
pub struct Columns {
    headings: Vec<String>,
    meanings: Vec<Option<Meaning>>,
}

impl Columns {
    /// Reads the cells of the first row.
    ///
    /// # Errors
    ///
    /// [`ImportError::NoTitle`] and [`ImportError::ColumnTwice`].
    pub fn parse(cells: &[String], clean: fn(&str) -> String) -> Result<Self, ImportError> {
        let headings: Vec<String> = cells.iter().map(|cell| shown(cell, clean)).collect();
        let meanings: Vec<Option<Meaning>> = cells.iter().map(|cell| meaning(cell)).collect();
        if !meanings.contains(&Some(Meaning::Title)) {
            return Err(ImportError::NoTitle { found: headings });
        }
        for (later, meaning) in meanings.iter().enumerate() {
            let earlier = meanings.iter().position(|other| other == meaning);
            if let (Some(_), Some(earlier)) = (meaning, earlier)
                && earlier != later
            {
                return Err(ImportError::ColumnTwice {
                    first: headings[earlier].clone(),
                    second: headings[later].clone(),
                });
            }
        }
        Ok(Self { headings, meanings })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.headings.len()
    }

    /// The heading of a column by its index, or the letter a spreadsheet gives it.
    pub fn name(&self, index: usize) -> String {
        match self.headings.get(index) {
            Some(heading) if !heading.is_empty() => heading.clone(),
            _ => letter(index),
        }
    }

    /// The heading of the column with this meaning, which the table has.
    pub fn name_of(&self, meaning: Meaning) -> String {
        self.index_of(meaning)
            .map_or_else(String::new, |index| self.name(index))
    }

    /// The cell with this meaning, empty if the table has no such column.
    pub fn cell<'r>(&self, cells: &'r [String], meaning: Meaning) -> &'r str {
        self.index_of(meaning)
            .and_then(|index| cells.get(index))
            .map_or("", String::as_str)
    }

    /// Names of the columns that are not read.
    pub fn ignored(&self) -> Vec<String> {
        (0..self.count())
            .filter(|&index| self.meanings[index].is_none())
            .map(|index| self.name(index))
            .collect()
    }

    fn index_of(&self, meaning: Meaning) -> Option<usize> {
        self.meanings
            .iter()
            .position(|other| *other == Some(meaning))
    }
}

fn meaning(cell: &str) -> Option<Meaning> {
    let heading = cell.trim().to_lowercase();
    HEADINGS
        .iter()
        .find(|(known, _)| *known == heading)
        .map(|(_, meaning)| *meaning)
}

fn shown(cell: &str, clean: fn(&str) -> String) -> String {
    let short: String = cell.trim().chars().take(HEADING_CHARACTERS_MAX).collect();
    clean(&short.replace('\n', " ")).trim().to_owned()
}

fn letter(index: usize) -> String {
    // Two letters name 702 columns, and a table has far fewer.
    const _: () = assert!(COLUMNS_MAX < 700);
    let letter = |number: usize| {
        char::from(b'A' + u8::try_from(number % 26).expect("less than 26 fits a byte"))
    };
    match index / 26 {
        0 => letter(index).to_string(),
        more => [letter(more - 1), letter(index)].iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(headings: &[&str]) -> Result<Columns, ImportError> {
        let cells: Vec<String> = headings.iter().map(|&cell| cell.to_owned()).collect();
        Columns::parse(&cells, str::to_owned)
    }

    #[test]
    fn headings_in_both_languages_mean_the_same() {
        for headings in [
            ["name", "supplies", "address", "remark", "category"],
            [" Title ", "SUPPLIES", "Address", "Remarks", "Category"],
            ["标题", "物资", "地址", "备注", "类别"],
            ["名称", "物资", "地址", "备注", "类别"],
        ] {
            let columns = columns(&headings).expect("known");
            assert_eq!(
                columns.meanings,
                [
                    Some(Meaning::Title),
                    Some(Meaning::Supplies),
                    Some(Meaning::Address),
                    Some(Meaning::Remark),
                    Some(Meaning::Category),
                ]
            );
            assert!(columns.ignored().is_empty());
        }
    }

    #[test]
    fn unknown_columns_are_named() {
        let columns = columns(&["name", "电话", ""]).expect("a title");
        assert_eq!(columns.ignored(), ["电话", "C"]);
        assert_eq!(columns.name(1), "电话");
        assert_eq!(columns.name(3), "D");
        assert_eq!(columns.name(26), "AA");
        assert_eq!(columns.name(63), "BL");
    }

    #[test]
    fn a_title_is_needed_once() {
        assert!(matches!(
            columns(&["supplies", "address"]),
            Err(ImportError::NoTitle { found }) if found == ["supplies", "address"]
        ));
        assert!(matches!(
            columns(&["name", "body", "标题"]),
            Err(ImportError::ColumnTwice { first, second }) if first == "name" && second == "标题"
        ));
        columns(&["name", "phone", "phone"]).expect("nobody reads them");
    }
}
