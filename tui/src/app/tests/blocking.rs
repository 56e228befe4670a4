//! A household's own choice whom it leaves out: from that household's page, taken back, and listed in
//! the settings.

use insta::assert_snapshot;
use protocol::api::{Language, Request};
use protocol::id::{DocumentId, MemberId};

use super::{Session, fixtures};

const SIZE: (u16, u16) = (80, 24);
/// The household of Grandma Wang.
const WANG: MemberId = MemberId([3; 32]);
/// To the list, below five settings.
const LIST: &str = "7<Down><Down><Down><Down><Down><Down><Enter>";

fn blocks(session: &Session) -> Vec<Request> {
    let written = session.node.written.iter();
    let blocks =
        |request: &&Request| matches!(request, Request::Block { .. } | Request::Unblock { .. });
    written.filter(blocks).cloned().collect()
}

/// Opens the acts of the selected person and chooses the one that is called so.
fn choose(session: &mut Session, act: &str) {
    session.press("a");
    for _ in 0..12 {
        let screen = session.screen();
        let mut lines = screen.lines();
        let marked = lines.find(|line| line.contains(&format!("▸ {act}")));
        if marked.is_some() {
            session.press("<Enter>");
            return;
        }
        session.press("<Down>");
    }
    panic!("{act} is not offered:\n{}", session.screen());
}

#[test]
fn a_household_is_blocked_from_its_page_and_shown_again() {
    let mut session = Session::begin(Language::English, SIZE);
    session.press("5<Down><Down><Down><Enter>");
    assert!(
        !session.shows("Your household blocks it"),
        "{}",
        session.screen()
    );
    choose(&mut session, "Block, on this node alone");
    let member = session.node.blocked.first().copied().expect("somebody");
    assert!(
        session.shows("Blocked, on this node alone"),
        "{}",
        session.screen()
    );
    assert!(
        session.shows("Your household blocks it"),
        "{}",
        session.screen()
    );
    session.press("u");
    assert_eq!(
        blocks(&session),
        [Request::Block { member }, Request::Unblock { member }]
    );
    assert!(
        !session.shows("Your household blocks it"),
        "{}",
        session.screen()
    );
}

#[test]
fn nobody_is_offered_to_block_itself_or_an_office() {
    for keys in ["5a", "5<Down><Down><Down><Down><Down><Down><Down>a"] {
        let mut session = Session::begin(Language::English, SIZE);
        session.press(keys);
        assert!(!session.shows("on this node alone"), "{}", session.screen());
    }
}

#[test]
fn whom_one_blocks_is_listed_in_the_settings_and_shown_again_from_there() {
    let mut session = Session::begin(Language::English, SIZE);
    session.press(LIST);
    assert!(session.shows("blocks nobody"), "{}", session.screen());
    session.node.blocked = vec![WANG];
    session.press("<Esc><Enter>");
    assert!(session.shows("Grandma Wang"), "{}", session.screen());
    session.press("<Enter>");
    assert_eq!(blocks(&session), [Request::Unblock { member: WANG }]);
    assert!(session.shows("Shown again"), "{}", session.screen());
    session.press("u");
    assert_eq!(session.node.blocked, [WANG]);
}

#[test]
fn a_comment_is_selected_and_has_acts_of_its_own() {
    let mut session = Session::begin(Language::English, SIZE);
    let me = session.node.status.me.as_mut().expect("a member");
    me.moderates = true;
    session.wait(6_000).press("3<Enter><Tab>");
    choose(&mut session, "Hide it");
    session.press("3<Tab>insults<F5>");
    let comment = DocumentId([0x52; 32]);
    let written = session.node.written.iter();
    let hidden = written.filter_map(|request| match request {
        Request::Moderate(protocol::api::NewModeration::Hide { document, .. }) => Some(*document),
        _ => None,
    });
    assert_eq!(
        hidden.collect::<Vec<_>>(),
        [comment],
        "{}",
        session.screen()
    );
}

#[test]
fn the_author_of_a_hidden_comment_appeals_and_everybody_may_look() {
    let mut session = Session::begin(Language::English, SIZE);
    let own = session.node.status.member.clone().expect("a member");
    let comment = session.node.comments.last_mut().expect("the own one");
    assert_eq!(comment.author.id, own.id);
    let mut act = fixtures::moderation("hidden");
    act.member = own;
    comment.moderation = Some(Box::new(act));
    let said = std::mem::take(&mut comment.fields);
    let comment = comment.id;
    session.node.hidden.insert(comment, said);
    session.press("3<Enter><BackTab>");
    assert!(
        session.shows("Out of view under rule 3"),
        "{}",
        session.screen()
    );
    session.press("x");
    assert!(session.shows("下午三点以后都可以"), "{}", session.screen());
    session.press("<Esc>");
    choose(&mut session, "Appeal");
    session.press("It was a joke<F5>");
    let mut written = session.node.written.iter();
    assert!(
        written.any(
            |request| matches!(request, Request::Appeal { body, .. } if body == "It was a joke")
        ),
        "{}",
        session.screen()
    );
}

#[test]
fn one_step_back_leaves_the_comment_and_the_next_the_document() {
    let mut session = Session::begin(Language::English, SIZE);
    session.press("3<Enter><Tab>");
    assert!(
        session.shows("▸ 陈家 (building 5) ∙ today 08:50"),
        "{}",
        session.screen()
    );
    session.press("<Esc>");
    assert!(
        !session.shows("▸ 陈家 (building 5) ∙ today 08:50"),
        "{}",
        session.screen()
    );
    assert!(session.shows("下午行吗"), "{}", session.screen());
    session.press("<Esc>");
    assert!(!session.shows("下午行吗"), "{}", session.screen());
}

#[test]
fn the_list_and_a_selected_comment_at_every_size_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        for size in [(40, 15), (80, 24), (120, 40)] {
            for (name, keys) in [("blocked", LIST), ("reader-comment", "3<Enter><Tab><Tab>")] {
                let mut session = Session::begin(language, size);
                session.node.blocked = vec![WANG, MemberId([7; 32])];
                session.press(keys);
                let name = format!("{name}-{}-{}x{}", language.code(), size.0, size.1);
                assert_snapshot!(name, session.screen());
            }
        }
    }
}
