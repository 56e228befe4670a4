//! What is told in confidence (rule R17), on real nodes: whoever is to read it reads it, and nobody
//! else finds it anywhere, not in stores, exports, logs or memory, nor on the wire.

use std::io::{Read, Seek, SeekFrom, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::process::{Home, address, neighbourhood, until, until_same};

/// Digits that stand nowhere by chance.
const CONTACT: &str = "门牌 3-502，电话 13866642719";
const NEEDLE: &[u8] = b"13866642719";

#[test]
fn a_contact_is_read_by_the_accepted_helper_and_found_nowhere_else() {
    let folder = TempDir::new().expect("a folder");
    let [mut a, mut b, mut c] = neighbourhood(folder.path());
    a.kill();
    a.start(&["--listen", "/ip4/127.0.0.1/tcp/0"]);
    let wire = Wire::to(&address(&a));
    b.start(&["--dial", &wire.address]);
    c.start(&["--dial", &wire.address]);
    let id = requested(&a);
    until_same(&[&a, &b, &c]);
    assert_eq!(read(&a, &id).as_deref(), Some(CONTACT));
    assert_eq!((read(&b, &id), read(&c, &id)), (None, None));

    let offer = offered(&b, &id);
    until_same(&[&a, &b, &c]);
    assert_eq!(read(&b, &id), None, "an offer alone opens nothing");
    edit(&a, &id, "acceptances", &json!({ "offer": offer }));
    until("the helper reads it", || {
        read(&b, &id).as_deref() == Some(CONTACT)
    });
    until_same(&[&a, &b, &c]);
    assert_eq!(read(&c, &id), None);

    let exports = [
        c.run(&["export", "--space", "--format", "json"]).stdout,
        c.run(&["export", "--space", "--format", "bundle"]).stdout,
        c.run(&["show", &id, "--json"]).stdout,
    ];
    for export in exports {
        assert!(!export.is_empty() && !holds(&export));
    }
    let memory = memory_of(&c).expect("a process that the test started can be looked into");
    let title = |part: &Vec<u8>| contains(part, "帮取药".as_bytes());
    assert!(memory.iter().any(title), "what C does hold is found");
    assert!(!memory.iter().any(|part| holds(part)), "in C's memory");
    let seen = wire.seen.lock().expect("no copier panics").clone();
    assert!(seen.len() > 10_000 && !holds(&seen), "on the wire");
    // Sealed at rest as well: neither who wrote it nor who reads it has it on disk.
    for home in [&mut a, &mut b, &mut c] {
        home.kill();
        assert_eq!(found_in(home.path()), None);
        assert_eq!(found_in(&home.path().with_extension("log")), None);
    }
}

#[test]
fn what_is_withdrawn_changed_or_erased_is_no_longer_shared() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, mut c] = neighbourhood(folder.path());
    let dial = address(&a);
    b.start(&["--dial", &dial]);
    c.start(&["--dial", &dial]);
    let id = requested(&a);
    until_same(&[&a, &b, &c]);
    let of_b = offered(&b, &id);
    let of_c = offered(&c, &id);
    until_same(&[&a, &b, &c]);
    edit(&a, &id, "acceptances", &json!({ "offer": of_b }));
    until("the helper reads it", || read(&b, &id).is_some());

    // B withdraws and C helps instead: the next text is C's alone.
    edit(&b, &id, "withdrawals", &json!({ "offer": of_b }));
    until_same(&[&a, &b, &c]);
    edit(&a, &id, "acceptances", &json!({ "offer": of_c }));
    a.json(&["details", &id, "--set", "电话 13900000001"]);
    until("the other helper reads it", || {
        read(&c, &id).as_deref() == Some("电话 13900000001")
    });
    until_same(&[&a, &b, &c]);
    assert_eq!(read(&b, &id), None);

    a.json(&["details", &id, "--erase"]);
    until_same(&[&a, &b, &c]);
    for home in [&a, &b, &c] {
        assert_eq!(home.json(&["details", &id])["details"], json!([]));
    }
    let refused = b.run(&["details", &id, "--erase", "--json"]);
    assert_eq!(refused.status.code(), Some(4), "{refused:?}");

    // The request itself is its author's to erase, and nobody else's.
    let refused = b.run(&["erase", &id, "--json"]);
    assert!(!refused.status.success());
    a.json(&["erase", &id]);
    until_same(&[&a, &b, &c]);
    for home in [&a, &b, &c] {
        let shown = home.json(&["show", &id]);
        assert_eq!(
            shown["document"]["completeness"],
            json!("erased"),
            "{shown}"
        );
    }
}

#[test]
fn a_device_that_a_helper_adds_while_the_requester_is_offline_reads_the_contact() {
    let folder = TempDir::new().expect("a folder");
    let [mut a, mut b, mut c] = neighbourhood(folder.path());
    let listening = ["--listen", "/ip4/127.0.0.1/tcp/0"];
    b.start(&[&listening[..], &["--dial", &address(&a)]].concat());
    let id = requested(&a);
    until_same(&[&a, &b]);
    let offer = offered(&b, &id);
    until_same(&[&a, &b]);
    edit(&a, &id, "acceptances", &json!({ "offer": offer }));
    until("the helper reads it", || {
        read(&b, &id).as_deref() == Some(CONTACT)
    });
    a.kill();

    let code = b.json(&["device", "add"])["code"].clone();
    let mut phone = Home::new(folder.path(), "b2");
    phone.json(&["join", code.as_str().expect("a code"), "--lang", "en"]);
    phone.start(&["--dial", &address(&b)]);
    c.start(&["--dial", &address(&b)]);
    until("the helper's new device reads it", || {
        read(&phone, &id).as_deref() == Some(CONTACT)
    });
    until_same(&[&b, &c, &phone]);
    assert_eq!(read(&c, &id), None, "nobody else does");
}

#[test]
fn a_door_is_read_by_who_leads_the_building_and_found_nowhere_else() {
    let folder = TempDir::new().expect("a folder");
    let [mut a, mut b, mut c] = neighbourhood(folder.path());
    a.kill();
    a.start(&["--listen", "/ip4/127.0.0.1/tcp/0"]);
    let wire = Wire::to(&address(&a));
    b.start(&["--dial", &wire.address]);
    let listening = ["--listen", "/ip4/127.0.0.1/tcp/0"];
    c.start(&[&listening[..], &["--dial", &wire.address]].concat());
    // Before there is a lead it is the household's own.
    b.json(&["door", "--set", CONTACT]);
    until_same(&[&a, &b, &c]);
    assert_eq!(doors(&b), [("b".to_owned(), CONTACT.to_owned())]);
    assert_eq!(b.json(&["door"])["readers"], json!([]));
    assert_eq!((doors(&a), doors(&c)), (Vec::new(), Vec::new()));

    // A lead of another building reads nothing, that of its own does, and a device that it adds.
    a.json(&["appoint", "林家", "building-lead", "--building", "3"]);
    let lead = a.json(&["appoint", "c", "building-lead", "--building", "5"])["id"].clone();
    until("the lead reads it", || {
        doors(&c) == [("b".to_owned(), CONTACT.to_owned())]
    });
    assert_eq!(b.json(&["door"])["readers"][0]["name"], json!("c"));
    let code = c.json(&["device", "add"])["code"].clone();
    let mut phone = Home::new(folder.path(), "c2");
    phone.json(&["join", code.as_str().expect("a code"), "--lang", "en"]);
    phone.start(&["--dial", &address(&c)]);
    until("the lead's other device reads it", || {
        doors(&phone) == [("b".to_owned(), CONTACT.to_owned())]
    });
    until_same(&[&a, &b, &c, &phone]);
    assert!(doors(&a).is_empty());
    let exports = [
        a.run(&["export", "--space", "--format", "json"]).stdout,
        a.run(&["export", "--space", "--format", "bundle"]).stdout,
        a.run(&["roster", "--json"]).stdout,
    ];
    for export in exports {
        assert!(!export.is_empty(), "there is something to look through");
        assert!(!holds(&export));
    }
    let memory = memory_of(&a).expect("a process that the test started can be looked into");
    assert!(!memory.iter().any(|part| holds(part)), "in A's memory");
    let seen = wire.seen.lock().expect("no copier panics").clone();
    assert!(seen.len() > 10_000 && !holds(&seen), "on the wire");

    // It is changed for who leads then: what comes after the end of a role is not for its holder.
    b.json(&["door", "--set", "5-101"]);
    let told = |door: &str| [("b".to_owned(), door.to_owned())];
    until("the lead reads what it is now", || {
        doors(&c) == told("5-101")
    });
    let appointment = lead.as_str().expect("an appointment");
    a.json(&["cut", "role", appointment, "--reason", "over"]);
    until("it is a lead no longer", || doors(&c).is_empty());
    until_same(&[&a, &b, &c, &phone]);
    b.json(&["door", "--set", "5-202"]);
    until_same(&[&a, &b, &c, &phone]);
    assert_eq!(b.json(&["door"])["readers"], json!([]));
    a.json(&["appoint", "林家", "building-lead", "--building", "5"]);
    until("the next lead reads it", || doors(&a) == told("5-202"));
    assert!(doors(&c).is_empty() && doors(&phone).is_empty());

    b.json(&["door", "--erase"]);
    until("it is erased", || doors(&a).is_empty());
    assert!(doors(&b).is_empty());
    let refused = b.run(&["door", "--erase", "--json"]);
    assert_eq!(refused.status.code(), Some(4), "{refused:?}");
    for home in [&mut a, &mut b, &mut c, &mut phone] {
        home.kill();
        assert_eq!(found_in(home.path()), None);
        assert_eq!(found_in(&home.path().with_extension("log")), None);
    }
}

/// Returns the doors that a household may read, each with whose it is.
fn doors(home: &Home) -> Vec<(String, String)> {
    let doors = home.lines(&["doors"]).into_iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    doors
        .map(|door| (text(&door["household"]["name"]), text(&door["door"])))
        .collect()
}

fn requested(home: &Home) -> String {
    let posted = home.json(&["post", "request", "--title", "帮取药", "--contact", CONTACT]);
    posted["id"].as_str().expect("an id").to_owned()
}

fn offered(home: &Home, request: &str) -> String {
    edit(home, request, "offers", &json!({"body": "我去"}));
    let shown = home.json(&["show", request]);
    let offers = shown["document"]["fields"]["offers"].as_array().cloned();
    let own = home.status()["member"]["id"].clone();
    let mut offers = offers.unwrap_or_default().into_iter();
    let offer = offers.find(|offer| offer["by"]["id"] == own);
    let id = offer.expect("the own offer")["id"]
        .as_str()
        .map(str::to_owned);
    id.expect("an id")
}

fn edit(home: &Home, document: &str, list: &str, fact: &Value) {
    home.json(&["edit", document, "--field", &format!("{list}:={fact}")]);
}

/// Returns what a household reads of a contact.
fn read(home: &Home, document: &str) -> Option<String> {
    let told = home.json(&["details", document]);
    let text = told["details"].get(0)?.get("text")?;
    text.as_str().map(str::to_owned)
}

fn holds(bytes: &[u8]) -> bool {
    contains(bytes, NEEDLE)
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    let window = |window: &[u8]| window == needle;
    bytes.windows(needle.len()).any(window)
}

/// Looks through a file, or every file below a folder.
fn found_in(path: &Path) -> Option<String> {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).expect("a folder that can be read");
        return entries.flatten().find_map(|entry| found_in(&entry.path()));
    }
    let bytes = std::fs::read(path).unwrap_or_default();
    holds(&bytes).then(|| path.display().to_string())
}

/// Returns what stands in the memory of a running node that it may write to.
fn memory_of(home: &Home) -> std::io::Result<Vec<Vec<u8>>> {
    let process = Path::new("/proc").join(home.pid().to_string());
    let maps = std::fs::read_to_string(process.join("maps"))?;
    let mut memory = std::fs::File::open(process.join("mem"))?;
    let mut parts = Vec::new();
    for line in maps.lines() {
        let mut words = line.split(' ');
        let (Some(range), Some(rights)) = (words.next(), words.next()) else {
            continue;
        };
        let ends = range.split_once('-').map(|(from, to)| {
            (
                u64::from_str_radix(from, 16).expect("an address"),
                u64::from_str_radix(to, 16).expect("an address"),
            )
        });
        let Some((from, to)) = ends.filter(|_| rights.starts_with("rw")) else {
            continue;
        };
        let mut part = vec![0; usize::try_from(to - from).expect("it fits in memory")];
        memory.seek(SeekFrom::Start(from))?;
        // Parts that are reserved and not there cannot be read.
        if memory.read_exact(&mut part).is_ok() {
            parts.push(part);
        }
    }
    Ok(parts)
}

/// A wire to a node that keeps everything that goes through it.
struct Wire {
    address: String,
    seen: Arc<Mutex<Vec<u8>>>,
}

impl Wire {
    fn to(node: &str) -> Self {
        let port = node.rsplit('/').next().expect("a port").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let own = listener.local_addr().expect("an address").port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let keeper = Arc::clone(&seen);
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let Ok(far) = TcpStream::connect(format!("127.0.0.1:{port}")) else {
                    continue;
                };
                let ways = [(&near, &far), (&far, &near)];
                for (from, to) in ways {
                    let (from, to) = (from.try_clone(), to.try_clone());
                    let keeper = Arc::clone(&keeper);
                    if let (Ok(from), Ok(to)) = (from, to) {
                        std::thread::spawn(move || copy(from, to, &keeper));
                    }
                }
            }
        });
        Self {
            address: format!("/ip4/127.0.0.1/tcp/{own}"),
            seen,
        }
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream, seen: &Mutex<Vec<u8>>) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        seen.lock()
            .expect("no copier panics")
            .extend(&bytes[..count]);
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _closed_already = to.shutdown(Shutdown::Both);
}
