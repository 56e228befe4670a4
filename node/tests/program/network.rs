//! What a running node owes its neighbours and whoever runs it: that it stays reachable, and says
//! so when it does not.

use super::*;

const LISTEN: &str = "/ip4/127.0.0.1/tcp/0";

/// The arguments that run a home's node.
fn node_of<'a>(home: &'a str, listen: &'a str) -> [&'a str; 7] {
    [
        "--home", home, "node", "--listen", listen, "--no-mdns", "--json",
    ]
}

/// Resident memory of a process, in bytes.
#[cfg(target_os = "linux")]
fn resident_bytes(pid: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("its status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next());
    kib.expect("a size").parse::<usize>().expect("a number") * 1024
}

/// Beyond `PROCESS_BYTES_MAX` a node takes no connection.
#[cfg(target_os = "linux")]
#[test]
fn whoever_reads_the_description_leaves_the_node_its_memory() {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;

    let homes = Homes::new();
    homes.found("A");
    let node = homes.node(&node_of("A", LISTEN));
    let committed = include_str!("../../../docs/openapi.json");
    for _ in 0..2 {
        let socket = homes.0.path().join("A/run/api.sock");
        let mut stream = UnixStream::connect(socket).expect("the node");
        let request = "GET /v1/openapi.json HTTP/1.1\r\nhost: linli\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).expect("it listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(body == committed, "the served document is the committed one");
    }
    let resident = resident_bytes(node.child.id());
    assert!(
        resident < node::limits::PROCESS_BYTES_MAX / 2,
        "{resident} bytes"
    );
    assert_eq!(node.stop(), 0);
}
