//! Intents of each code, with content and scalars of each type.

use protocol::codec;
use protocol::intent::{AtomRef, Content, EntryRef, Intent, ObjectType, Scalar};

use crate::vector::{Vector, assert_whole};

pub fn vectors() -> Vec<Vector> {
    let mut vectors = of_each_code();
    assert_whole::<Intent>("intent", &vectors, 0);
    let contents = contents();
    assert_whole::<Content>("content", &contents, 0);
    vectors.extend(contents);
    vectors
}

fn atom(entry: u32, atom: u32) -> AtomRef {
    AtomRef {
        entry: EntryRef(entry),
        atom,
    }
}

pub fn put() -> Intent {
    Intent::Put {
        object: None,
        key: "title".into(),
        content: Content::Scalar(Scalar::Text("谁有梯子？".into())),
    }
}

/// Deletes three characters or elements from one on.
pub fn delete_run(first: AtomRef) -> Intent {
    Intent::DeleteRun {
        object: atom(1, 2),
        first,
        count: 3,
    }
}

fn intent(name: &str, intent: Intent) -> Vector {
    let read = |bytes: &[u8]| codec::decode(bytes).map_err(|error| error.to_string());
    Vector::of(&format!("intent/{name}"), intent, codec::encode, read)
}

fn of_each_code() -> Vec<Vector> {
    let (object, element) = (atom(1, 2), atom(3, 70_000));
    vec![
        intent("put", put()),
        intent(
            "put-in-map",
            Intent::Put {
                object: Some(atom(0, 24)),
                key: "note".into(),
                content: Content::Object(ObjectType::Map),
            },
        ),
        intent(
            "delete",
            Intent::Delete {
                object: None,
                key: "urgent".into(),
            },
        ),
        intent(
            "increment",
            Intent::Increment {
                object: Some(object),
                key: "count".into(),
                by: -1_000,
            },
        ),
        intent(
            "insert",
            Intent::Insert {
                object,
                after: None,
                content: Content::Object(ObjectType::Map),
            },
        ),
        intent(
            "put-element",
            Intent::PutElement {
                object,
                element,
                content: Content::Scalar(Scalar::Null),
            },
        ),
        intent(
            "increment-element",
            Intent::IncrementElement {
                object,
                element,
                by: 1,
            },
        ),
        intent("delete-run", delete_run(element)),
        intent(
            "splice",
            Intent::Splice {
                object,
                after: Some(element),
                text: "早上好 🌅".into(),
            },
        ),
    ]
}

fn contents() -> Vec<Vector> {
    let scalars = [
        ("null", Scalar::Null),
        ("yes", Scalar::Bool(true)),
        ("no", Scalar::Bool(false)),
        ("int", Scalar::Int(-1_763_600_000_000)),
        ("text", Scalar::Text("停水".into())),
        ("bytes", Scalar::Bytes(vec![0, 255])),
        ("counter", Scalar::Counter(1 << 31)),
    ];
    let objects = [
        ("map", ObjectType::Map),
        ("list", ObjectType::List),
        ("text-object", ObjectType::Text),
    ];
    let scalars = scalars.map(|(name, scalar)| (name, Content::Scalar(scalar)));
    let objects = objects.map(|(name, object)| (name, Content::Object(object)));
    let all = scalars.into_iter().chain(objects);
    let read = |bytes: &[u8]| codec::decode(bytes).map_err(|error| error.to_string());
    all.map(|(name, content)| Vector::of(&format!("content/{name}"), content, codec::encode, read))
        .collect()
}
