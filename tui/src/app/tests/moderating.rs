//! Moderation: what is out of view and one key away, what one may do about it, the log, and the
//! agreement that waits to be signed.

use insta::assert_snapshot;
use protocol::api::{
    Language, ModerationOutcome, NewModeration, Request, Standing, Waiting, WaitingReason,
};
use protocol::id::DocumentId;

use super::{Session, fixtures};

const HIDDEN: DocumentId = DocumentId([0x22; 32]);
const ACT: DocumentId = DocumentId([0x71; 32]);

/// Screens of moderation and of standing offers by the keys that lead there.
pub const OF_MODERATION: [(&str, &str); 5] = [
    ("moderation", "8"),
    ("agreement", "8<Enter>"),
    ("standing-offers", "9"),
    ("standing-offers-unread", "9f"),
    ("composer-hide", "3<Down><Down><Enter>a<Down><Enter>"),
];

/// A session of a moderator in a neighbourhood that has an agreement, acts of moderation, a standing
/// offer, and somebody who is blocked.
pub fn moderator(language: Language, size: (u16, u16)) -> Session {
    let mut session = Session::begin(language, size);
    standing(&mut session).moderates = true;
    let node = &mut session.node;
    node.moderations = vec![
        fixtures::moderation("appealed"),
        fixtures::moderation("lifted"),
    ];
    node.agreement = Some(fixtures::agreement());
    node.documents.push(fixtures::agreement().document);
    node.blocked = vec![node.roster.members[1].id];
    let mut offer = node.documents[3].clone();
    offer.id = DocumentId([0x29; 32]);
    offer.kind = "standing-offer".to_owned();
    offer.state = Some("standing".to_owned());
    offer
        .fields
        .insert("title".to_owned(), "修灯，周末可以".into());
    offer.fields.remove("urgent");
    node.documents.push(offer);
    session.wait(6_000);
    session
}

fn session() -> Session {
    Session::begin(Language::English, (100, 40))
}

fn standing(session: &mut Session) -> &mut Standing {
    session.node.status.me.as_mut().expect("a member")
}

/// A session of somebody with such rights, in which the request of Grandma Wang is hidden.
fn hiding(state: &str, change: impl FnOnce(&mut Standing)) -> Session {
    let mut session = session();
    change(standing(&mut session));
    let documents = &mut session.node.documents;
    let hidden = documents.iter_mut().find(|view| view.id == HIDDEN);
    let hidden = hidden.expect("a request");
    let said = std::mem::take(&mut hidden.fields);
    hidden.state = None;
    hidden.moderation = Some(Box::new(fixtures::moderation(state)));
    let waits = Waiting {
        document: hidden.clone(),
        why: WaitingReason::DecideAppeal,
        until_ms: None,
        for_household: None,
    };
    session.node.today.waiting = vec![waits];
    session.node.hidden.insert(HIDDEN, said);
    session.node.moderations = vec![fixtures::moderation(state)];
    // The status is read anew, and today with it.
    session.wait(6_000).press("2").press("1");
    session
}

fn written(session: &Session) -> Vec<Request> {
    let written = session.node.written.iter();
    let written = written.filter(|request| !matches!(request, Request::MarkRead { .. }));
    written.cloned().collect()
}

#[test]
fn what_is_hidden_shows_by_whom_and_why_and_its_text_at_a_key() {
    let mut session = hiding("hidden", |_| ());
    assert!(
        session.shows("Out of view under rule 3"),
        "{}",
        session.screen()
    );
    assert!(session.shows("somebody appeals: please decide"));
    session.press("<Home><Enter>");
    for said in [
        "was hidden by",
        "as moderator under rule 3",
        "不骂人。",
        "insults a neighbour",
        "x shows it anyway",
    ] {
        assert!(session.shows(said), "{said}:\n{}", session.screen());
    }
    assert!(!session.shows("I have a fever"));
    session.press("x");
    assert!(session.shows("I have a fever"), "{}", session.screen());
    assert!(session.shows("you asked to see it"));
}

#[test]
fn a_moderator_hides_with_rule_and_reason_and_a_household_only_blocks() {
    let mut session = session();
    session.press("3<Down><Down><Enter>a");
    assert!(!session.shows("Hide it"), "{}", session.screen());
    assert!(session.shows("Block the author"));

    let mut session = self::session();
    standing(&mut session).moderates = true;
    session.wait(6_000).press("3<Down><Down><Enter>a");
    assert!(session.shows("Hide it"), "{}", session.screen());
    // The first is to offer help.
    session.press("<Down><Enter>3<Tab>insults<F5>");
    let hide = NewModeration::Hide {
        document: HIDDEN,
        rule: 3,
        reason: "insults".to_owned(),
    };
    assert_eq!(written(&session), [Request::Moderate(hide)]);
}

#[test]
fn another_steward_decides_and_whoever_acted_does_not() {
    let decides = |standing: &mut Standing| standing.decides_appeals = true;
    let mut session = hiding("appealed", decides);
    session.press("<Home><Enter>a");
    assert!(session.shows("Decide the appeal"), "{}", session.screen());
    session.press("<Enter><Right><Tab>seen<F5>");
    let decided = Request::Decide {
        moderation: ACT,
        outcome: ModerationOutcome::Lifted,
        reason: "seen".to_owned(),
    };
    assert_eq!(written(&session), [decided], "{}", session.screen());

    let mut session = hiding("appealed", |_| ());
    session.press("<Home><Enter>a");
    assert!(!session.shows("Decide the appeal"), "{}", session.screen());

    let mut session = hiding("appealed", decides);
    let own = session.node.status.member.clone().expect("a member");
    let documents = &mut session.node.documents;
    let hidden = documents.iter_mut().find(|view| view.id == HIDDEN);
    let act = hidden.and_then(|view| view.moderation.as_mut());
    act.expect("the act").by = own;
    session.press("<Home><Enter>a");
    assert!(!session.shows("Decide the appeal"), "{}", session.screen());
}

#[test]
fn whoever_wrote_it_appeals() {
    let mut session = hiding("hidden", |_| ());
    let own = session.node.status.member.clone().expect("a member");
    let documents = &mut session.node.documents;
    let hidden = documents.iter_mut().find(|view| view.id == HIDDEN);
    let hidden = hidden.expect("it is there");
    hidden.author = own.clone();
    hidden.moderation.as_mut().expect("the act").member = own;
    session.press("<Home><Enter>a<Enter>It was the cat<F5>");
    let appeal = Request::Appeal {
        moderation: ACT,
        body: "It was the cat".to_owned(),
    };
    assert_eq!(written(&session), [appeal], "{}", session.screen());
}

#[test]
fn the_log_and_the_agreement_are_a_key_away_and_it_is_signed_where_it_is_read() {
    let mut session = session();
    session.press("8");
    assert!(
        session.shows("There is no agreement yet"),
        "{}",
        session.screen()
    );
    assert!(session.shows("Nothing was ever taken out of view"));
    session.node.moderations = vec![fixtures::moderation("lifted")];
    session.node.agreement = Some(fixtures::agreement());
    let view = fixtures::agreement().document;
    let agreement = view.id;
    session.node.documents.push(view);
    session.press("<Esc>8");
    for said in [
        "梧桐里公约",
        "version 2",
        "not signed it yet",
        "insults a neighbour",
        "lifted",
    ] {
        assert!(session.shows(said), "{said}:\n{}", session.screen());
    }
    session.press("<Enter>");
    assert!(session.shows("3. 不骂人。"), "{}", session.screen());
    session.press("a<Enter>");
    assert_eq!(written(&session), [Request::SignAgreement { agreement }]);
}

#[test]
fn moderation_and_standing_offers_at_every_size_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        for size in [(40, 15), (80, 24), (120, 40)] {
            for (name, keys) in OF_MODERATION {
                let mut session = moderator(language, size);
                session.press(keys);
                let name = format!("{name}-{}-{}x{}", language.code(), size.0, size.1);
                assert_snapshot!(name, session.screen());
            }
        }
    }
}
