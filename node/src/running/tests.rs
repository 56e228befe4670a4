//! What a core answers while documents wait to be projected.

use std::future::Future;
use std::path::PathBuf;

use protocol::api::{Answer, CutFrom, CutTarget, DocumentView, Draft, ListQuery, Request, Status};
use protocol::id::EntryId;
use tui::language::Language;

use super::*;
use crate::core::Manner;
use crate::setup::{FoundOptions, found};

/// Documents that wait: more than are projected at once.
const WAITING: usize = 200;

const AT_ONCE: Manner = Manner {
    language: Language::English,
    settled: false,
};

const SETTLED: Manner = Manner {
    settled: true,
    ..AT_ONCE
};

fn home(folder: &tempfile::TempDir) -> PathBuf {
    let home = folder.path().join("home");
    let options = FoundOptions {
        neighbourhood: "桂花苑".to_owned(),
        household: "林家".to_owned(),
        building: None,
        language: Language::English,
        unlock: Unlock::KeyFile(None),
        key: None,
    };
    found(&home, options).expect("a neighbourhood");
    home
}

/// Runs a core on a home while something is asked of it. What is asked first is there before the
/// core begins, so it meets whatever waited in the store.
async fn with_core<T, F: Future<Output = T>>(
    home: &Path,
    views_are_lost: bool,
    ask: impl FnOnce(Core) -> F,
) -> T {
    let mut opened = open(home, &Unlock::KeyFile(None)).expect("the home");
    if views_are_lost {
        opened.store.clear_views().expect("an empty read model");
    }
    let (answer, ended) = run(opened, ask).await;
    ended.expect("a clean end");
    answer
}

async fn run<T, F: Future<Output = T>>(
    opened: opening::Opened,
    ask: impl FnOnce(Core) -> F,
) -> (T, Result<(), WorkerError>) {
    let (core, inbox) = core::channel();
    let (_inputs_in, inputs) = mpsc::channel(INPUTS_MAX);
    let (orders_in, _orders) = mpsc::channel(ORDERS_MAX);
    let worker = Worker::new(opened.parts(inbox, inputs, orders_in, Vec::new()));
    let (stop, stopped) = oneshot::channel();
    let asking = async {
        let answer = ask(core).await;
        let _ended_already = stop.send(());
        answer
    };
    tokio::join!(asking, worker.run(stopped))
}

async fn post(core: &Core, title: &str) -> EntryId {
    let fields = [("title", title), ("body", "…"), ("category", "goods")];
    let draft = Draft {
        kind: "request".to_owned(),
        fields: fields
            .map(|(name, text)| (name.to_owned(), text.into()))
            .into(),
    };
    match core.call(Request::Post(draft), AT_ONCE).await {
        Ok(Answer::Written { id, .. }) => id,
        other => panic!("{other:?}"),
    }
}

async fn status(core: &Core, manner: Manner) -> Status {
    match core.call(Request::Status, manner).await {
        Ok(Answer::Status(status)) => *status,
        other => panic!("{other:?}"),
    }
}

async fn list(core: &Core, manner: Manner) -> (Vec<DocumentView>, u64) {
    let query = ListQuery {
        limit: Some(500),
        ..ListQuery::default()
    };
    match core.call(Request::List(query), manner).await {
        Ok(Answer::Documents {
            items, unprojected, ..
        }) => (items, unprojected),
        other => panic!("{other:?}"),
    }
}

/// A home whose documents are stored, and the digest of what they show.
async fn full_home(folder: &tempfile::TempDir) -> (PathBuf, String) {
    let home = home(folder);
    let digest = with_core(&home, false, async |core: Core| {
        for number in 0..WAITING {
            post(&core, &format!("number {number}")).await;
        }
        status(&core, SETTLED).await.view_digest
    })
    .await;
    (home, digest.expect("all is projected"))
}

#[tokio::test]
async fn a_status_comes_before_all_is_projected_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, digest) = full_home(&folder).await;
    with_core(&home, true, async |core: Core| {
        let early = status(&core, AT_ONCE).await;
        assert!(early.unprojected > 0);
        assert_eq!(early.view_digest, None);
        let settled = status(&core, SETTLED).await;
        assert_eq!(settled.unprojected, 0);
        assert_eq!(settled.view_digest, Some(digest));
        assert_eq!(settled.frontier_digest, early.frontier_digest);
    })
    .await;
}

/// Members' shares of documents came with the fifth version of what is projected.
#[tokio::test]
async fn a_home_of_an_earlier_projection_is_projected_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, digest) = full_home(&folder).await;
    let project_as = |version: u32| {
        let mut opened = open(&home, &Unlock::KeyFile(None)).expect("the home");
        opened.store.require_projection(version).expect("a store");
        let connection = opened.store.connection();
        let dirty = "DELETE FROM dirty";
        connection.execute(dirty, []).expect("nothing waits");
    };
    project_as(4);
    let opened = open(&home, &Unlock::KeyFile(None)).expect("the home");
    let waiting = opened.store.dirty(2 * WAITING).expect("what waits");
    assert_eq!(waiting.len(), WAITING);
    let (settled, ended) = run(opened, async |core: Core| status(&core, SETTLED).await).await;
    ended.expect("a clean end");
    assert_eq!(settled.view_digest, Some(digest));
}

#[tokio::test]
async fn one_who_waits_for_projecting_holds_up_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, _) = full_home(&folder).await;
    with_core(&home, true, async |core: Core| {
        let (settled, early) = tokio::join!(status(&core, SETTLED), status(&core, AT_ONCE));
        assert_eq!(settled.unprojected, 0);
        assert!(early.unprojected > 0);
    })
    .await;
}

#[tokio::test]
async fn a_list_says_what_it_lacks_but_never_lacks_what_was_written_here() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, _) = full_home(&folder).await;
    with_core(&home, true, async |core: Core| {
        // The list is asked for before the core has time to project anything else.
        let (own, (items, unprojected)) =
            tokio::join!(post(&core, "the newest"), list(&core, AT_ONCE));
        assert!(items.iter().any(|item| item.id == own.into()));
        assert!(unprojected > 0 && items.len() <= WAITING);
        let (items, unprojected) = list(&core, SETTLED).await;
        assert_eq!((items.len(), unprojected), (WAITING + 1, 0));
    })
    .await;
}

#[tokio::test]
async fn an_import_is_whole_in_the_next_list_and_a_shown_document_is_current() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, _) = full_home(&folder).await;
    with_core(&home, true, async |core: Core| {
        let rows: String = (0..WAITING)
            .map(|row| format!("imported {row}\n"))
            .collect();
        let import = Request::ImportRequests {
            file: format!("title\n{rows}").into_bytes(),
            preview: false,
        };
        let (answer, early, (items, _)) = tokio::join!(
            core.call(import, AT_ONCE),
            status(&core, AT_ONCE),
            list(&core, AT_ONCE)
        );
        answer.expect("an import");
        assert!(
            early.unprojected > WAITING as u64,
            "a status waits for nothing"
        );
        let imported = items
            .iter()
            .filter(|item| item_title(item).starts_with("imported"));
        assert_eq!(imported.count(), WAITING);
    })
    .await;
    with_core(&home, true, async |core: Core| {
        let document = post(&core, "x").await.into();
        let fields = [("title".to_owned(), "y".into())].into();
        let edit = Request::Edit {
            document,
            fields,
            base: Vec::new(),
        };
        core.call(edit, AT_ONCE).await.expect("a change");
        let shown = core.call(Request::Show { document }, AT_ONCE).await;
        let Ok(Answer::Document { document, .. }) = shown else {
            panic!("{shown:?}");
        };
        assert_eq!(item_title(&document), "y");
    })
    .await;
}

fn item_title(view: &DocumentView) -> &str {
    view.fields["title"].as_str().expect("a title")
}

#[tokio::test]
async fn what_a_cut_would_undo_is_counted_when_all_is_projected() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, _) = full_home(&folder).await;
    with_core(&home, true, async |core: Core| {
        let roster = core.call(Request::Roster, AT_ONCE).await;
        let Ok(Answer::Roster(roster)) = roster else {
            panic!("{roster:?}");
        };
        let cut = Request::CutLoss {
            target: CutTarget::Member(roster.members[0].id),
            from: Some(CutFrom::Beginning),
        };
        match core.call(cut, SETTLED).await {
            Ok(Answer::CutLoss(loss)) => assert_eq!(loss.documents, WAITING as u64),
            other => panic!("{other:?}"),
        }
    })
    .await;
}

#[tokio::test]
async fn who_could_not_finish_moving_out_may_try_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = home(&folder);
    let leave = async |core: Core| core.call(Request::Leave, AT_ONCE).await;
    let Ok(Answer::Written { id: first, .. }) = with_core(&home, false, leave).await else {
        panic!("the household has moved out");
    };
    let again = with_core(&home, false, leave).await;
    assert!(
        matches!(again, Ok(Answer::Written { id, .. }) if id == first),
        "{again:?}"
    );
}

#[tokio::test]
async fn a_full_disk_refuses_what_is_written_and_keeps_all_that_was_acknowledged() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = home(&folder);
    // The store may not grow beyond what it has by now.
    let full = || {
        let mut opened = open(&home, &Unlock::KeyFile(None)).expect("the home");
        opened.store.bound_pages(1).expect("a bound");
        opened
    };
    let (acknowledged, ended) = run(full(), async |core: Core| {
        let mut acknowledged = 0;
        loop {
            let fields = [("title", "t".repeat(100)), ("body", "b".repeat(2_000))];
            let draft = Draft {
                kind: "request".to_owned(),
                fields: fields
                    .map(|(name, text)| (name.to_owned(), text.into()))
                    .into(),
            };
            match core.call(Request::Post(draft), AT_ONCE).await {
                Ok(_) => acknowledged += 1,
                Err(refusal) => {
                    assert_eq!(refusal.code, "disk-full");
                    return acknowledged;
                }
            }
        }
    })
    .await;
    assert!(ended.is_err_and(|error| error.is_full_disk()));
    // All of it can be read, on a disk that is as full as before, and goes on when there is space.
    let ((items, status), ended) = run(full(), async |core: Core| {
        let (items, unprojected) = list(&core, SETTLED).await;
        let status = status(&core, SETTLED).await;
        assert_eq!(status.unprojected, unprojected);
        (items.len() as u64 + unprojected, status)
    })
    .await;
    ended.expect("a clean end");
    assert_eq!(items, acknowledged);
    assert_eq!(status.entries, acknowledged + 1, "the founding is one");
    with_core(&home, false, async |core: Core| {
        post(&core, "there is space").await;
        let (items, unprojected) = list(&core, SETTLED).await;
        assert_eq!((items.len() as u64, unprojected), (acknowledged + 1, 0));
    })
    .await;
}

#[tokio::test]
async fn an_import_that_was_cut_off_amid_long_plans_goes_on_when_it_is_asked_for_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = home(&folder);
    // Each goes out in several entries.
    let text = |number: usize| format!("{number}: {}\n", "节庆的安排。".repeat(2_000));
    let file: String = (0..3)
        .map(|number| {
            let fields = serde_json::json!({"title": number.to_string(), "text": text(number)});
            format!(
                "{}\n",
                serde_json::json!({"kind": "plan", "fields": fields})
            )
        })
        .collect();
    let import = Request::ImportDocuments {
        file: file.into_bytes(),
        kind: None,
        preview: false,
    };
    // The disk fills up at another place each time.
    let mut cut_off_amid = 0;
    for pages in 1..200 {
        let mut opened = open(&home, &Unlock::KeyFile(None)).expect("the home");
        opened.store.bound_pages(pages).expect("a bound");
        let (done, _) = run(opened, async |core: Core| {
            core.call(import.clone(), AT_ONCE).await.is_ok()
        })
        .await;
        if done {
            break;
        }
        let (items, _) =
            with_core(&home, false, async |core: Core| list(&core, SETTLED).await).await;
        cut_off_amid += usize::from(!items.is_empty());
    }
    assert!(cut_off_amid > 0, "it was never cut off amid a plan");
    with_core(&home, false, async |core: Core| {
        core.call(import.clone(), AT_ONCE).await.expect("imported");
        let (items, _) = list(&core, SETTLED).await;
        assert_eq!(items.len(), 3, "nothing is imported twice");
        for item in items {
            let document = item.id;
            let shown = core.call(Request::Show { document }, SETTLED).await;
            let Ok(Answer::Document { document, .. }) = shown else {
                panic!("a plan is shown: {shown:?}");
            };
            let number: usize = serde_json::from_value::<String>(document.fields["title"].clone())
                .expect("a title")
                .parse()
                .expect("a number");
            assert_eq!(document.fields["text"], text(number), "it is whole");
        }
        let again = core.call(import, AT_ONCE).await;
        assert!(
            matches!(&again, Ok(Answer::Import(report)) if report.skipped == 3),
            "{again:?}"
        );
    })
    .await;
}
