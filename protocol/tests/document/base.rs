//! Drafts that begin from what stood earlier: nobody deletes what was written meanwhile.

use std::collections::BTreeSet;

use protocol::document::{
    AtomId, Body, Document, DocumentEntry, Draft, Finished, Handle, Status, UnknownBase, Value,
};
use protocol::id::EntryId;
use protocol::intent::ObjectType;

use crate::history::device;
use crate::random::{Random, seeds};
use crate::writing::*;

fn written(name: &str, writer: usize, previous: Option<EntryId>, draft: Finished) -> DocumentEntry {
    DocumentEntry {
        id: entry_id(name),
        device: device(writer),
        previous,
        deps: draft.deps,
        time_ms: 1_700_000_000_000,
        atoms: draft.atoms,
        bytes: 300,
        body: Body::Intents(draft.intents),
    }
}

const TEXT: AtomId = AtomId {
    entry: EntryId([0; 32]),
    atom: 0,
};

/// A document on which two write.
struct Page {
    document: Document,
    /// Each writer's last entry.
    previous: [Option<EntryId>; 2],
    entries: usize,
}

impl Page {
    fn new(text: &str) -> Self {
        let mut draft = Draft::creation();
        let made = draft.put_object(Handle::Root, "text", ObjectType::Text);
        draft
            .splice_text(made.expect("an object"), 0, 0, text)
            .expect("a text");
        let finished = draft.finish(None).expect("it fits");
        let mut document = Document::new(TEXT.entry.into());
        let creation = DocumentEntry {
            id: TEXT.entry,
            ..written("", 0, None, finished)
        };
        assert_eq!(document.add(creation, everyone), Ok(Status::Counts));
        Self {
            document,
            previous: [Some(TEXT.entry), None],
            entries: 0,
        }
    }

    fn text(&self) -> String {
        text_of(&self.document)
    }

    /// Makes the text read as somebody wants it who began from a base.
    fn write(&mut self, writer: usize, base: &[EntryId], new: &str) -> Vec<EntryId> {
        let mut ids = Vec::new();
        loop {
            let stood = self.document.as_of(base, &ids).expect("a base");
            let mut draft = Draft::change(&stood);
            let all = draft.replace_text(TEXT.into(), new).expect("the text");
            if draft.is_empty() {
                return ids;
            }
            let finished = draft.finish(self.previous[writer]).expect("it fits");
            self.entries += 1;
            let name = format!("entry {}", self.entries);
            let entry = written(&name, writer, self.previous[writer], finished);
            let id = entry.id;
            assert_eq!(self.document.add(entry, everyone), Ok(Status::Counts));
            self.previous[writer] = Some(id);
            ids.push(id);
            if all {
                return ids;
            }
        }
    }
}

fn text_of(document: &Document) -> String {
    match document.value().shown("text") {
        Some(Value::Text(text)) => text.text.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn two_edit_one_paragraph_apart_and_both_survive() {
    let mut page = Page::new("中秋节晚上在广场赏月。");
    let base = page.document.heads();
    page.write(0, &base, "中秋节晚上七点在广场赏月。");
    page.write(1, &base, "中秋节晚上在花园赏月，请自带板凳。");
    assert_eq!(page.text(), "中秋节晚上七点在花园赏月，请自带板凳。");
    // Without a base the second would have deleted what the first wrote.
    let heads = page.document.heads();
    page.write(1, &heads, "中秋节晚上在花园赏月。");
    assert_eq!(page.text(), "中秋节晚上在花园赏月。");
}

#[test]
fn an_author_goes_on_from_an_older_base_than_its_own_entry() {
    let mut page = Page::new("上午扫地。");
    let base = page.document.heads();
    let first = page.write(1, &base, "上午一起扫地。");
    assert_eq!(first.len(), 1);
    // The own entry is in the past of the next (rule R4), though not part of what it began from.
    page.write(1, &base, "上午扫地，下午浇花。");
    assert_eq!(page.text(), "上午一起扫地，下午浇花。");
    let stood = page.document.as_of(&base, &first).expect("a base");
    assert_eq!(text_of(&stood), "上午一起扫地。");
    assert_eq!(
        text_of(&page.document.as_of(&base, &[]).expect("a base")),
        "上午扫地。"
    );
    let beyond = page.document.beyond(&base).expect("a base");
    assert_eq!(beyond.len(), 2);
    assert_eq!(beyond[0].id, first[0]);
}

#[test]
fn a_text_longer_than_an_entry_is_written_from_its_base() {
    let mut page = Page::new("头尾");
    let base = page.document.heads();
    page.write(0, &base, "头中尾");
    let long: String = "一二三四五六七八九十".repeat(250);
    let ids = page.write(1, &base, &format!("头尾{long}"));
    assert!(ids.len() > 2, "{} entries", ids.len());
    assert_eq!(page.text(), format!("头中尾{long}"));
}

#[test]
fn a_base_of_other_documents_is_refused() {
    let page = Page::new("头");
    let unknown = [entry_id("elsewhere")];
    assert_eq!(page.document.as_of(&unknown, &[]).err(), Some(UnknownBase));
    assert_eq!(page.document.beyond(&unknown).err(), Some(UnknownBase));
}

#[test]
fn excluded_entries_are_no_part_of_any_base() {
    let mut page = Page::new("头尾");
    let creation = page.document.heads();
    let bad = page.write(0, &creation, "头坏尾");
    let base = page.document.heads();
    page.document.set_excluded(&bad.iter().copied().collect());
    assert_eq!(
        text_of(&page.document.as_of(&base, &[]).expect("a base")),
        "头尾"
    );
    page.write(1, &base, "头好尾");
    assert_eq!(page.text(), "头好尾");
}

/// Characters that are all different, so that each tells who wrote it.
struct Characters(u32);

impl Characters {
    fn take(&mut self, count: usize) -> String {
        let next = std::iter::repeat_with(|| {
            self.0 += 1;
            char::from_u32(0x4E00 + self.0).expect("a Chinese character")
        });
        next.take(count).collect()
    }
}

/// Replaces a random part of a text.
fn edited(text: &str, random: &mut Random, characters: &mut Characters) -> String {
    let mut text: Vec<char> = text.chars().collect();
    let from = random.below(text.len() + 1);
    let to = (from + random.below(6)).min(text.len());
    let new = characters.take(random.below(5));
    text.splice(from..to, new.chars());
    text.into_iter().collect()
}

fn set(text: &str) -> BTreeSet<char> {
    text.chars().collect()
}

fn only(text: &str, kept: impl Fn(char) -> bool) -> String {
    text.chars().filter(|character| kept(*character)).collect()
}

/// The reference knows no positions, anchors or entries: what was in nobody's way stands, in each
/// one's own order.
#[test]
fn random_edits_from_a_base_merge_with_what_was_written_since() {
    for seed in seeds(60) {
        let mut random = Random::new(seed);
        let mut characters = Characters(0);
        let mut page = Page::new(&characters.take(20));
        let mut earlier = Vec::new();
        for _ in 0..random.below(4) {
            let heads = page.document.heads();
            earlier.push((heads.clone(), page.text()));
            let new = edited(&page.text(), &mut random, &mut characters);
            page.write(random.below(2), &heads, &new);
        }
        let (base, began) = (page.document.heads(), page.text());
        for _ in 0..random.below(5) {
            // The same author may have written since, and others from the base or from later.
            let from = if random.once_in(2) {
                base.clone()
            } else {
                page.document.heads()
            };
            let stood = text_of(&page.document.as_of(&from, &[]).expect("a base"));
            let new = edited(&stood, &mut random, &mut characters);
            page.write(random.below(2), &from, &new);
        }
        let theirs = page.text();
        let mine = edited(&began, &mut random, &mut characters);
        page.write(0, &base, &mine);
        let merged = page.text();

        let (began, theirs_set, mine_set) = (set(&began), set(&theirs), set(&mine));
        let gone = |character: &char| {
            began.contains(character)
                && !(theirs_set.contains(character) && mine_set.contains(character))
        };
        let expected: BTreeSet<char> = theirs_set.union(&mine_set).copied().collect();
        let expected: BTreeSet<char> = expected
            .into_iter()
            .filter(|character| !gone(character))
            .collect();
        assert_eq!(set(&merged), expected, "seed {seed}");
        assert_eq!(
            merged.chars().count(),
            expected.len(),
            "seed {seed}: nothing stands twice"
        );
        for (whose, text) in [("theirs", &theirs), ("mine", &mine)] {
            let own = set(text);
            let order = only(&merged, |character| own.contains(&character));
            let expected = only(text, |character| !gone(&character));
            assert_eq!(order, expected, "seed {seed}: {whose}");
        }
        for (heads, text) in earlier {
            let stood = page.document.as_of(&heads, &[]).expect("a base");
            assert_eq!(text_of(&stood), text, "seed {seed}");
            assert_eq!(stood.heads(), heads, "seed {seed}");
        }
    }
}
