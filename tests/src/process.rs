//! Real nodes as processes: homes in a folder of their own, commands, and the local interface over
//! its socket. Nothing here knows the inside of the program.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long anything may take before it counts as a hang.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Returns the program: what `LINLI_BIN` names, or the one that was built beside this test.
///
/// # Panics
///
/// When there is none and it cannot be built.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        if let Some(named) = std::env::var_os("LINLI_BIN") {
            return PathBuf::from(named);
        }
        let own = std::env::current_exe().expect("a test knows its own path");
        let profile = own
            .ancestors()
            .find(|folder| folder.join("deps").is_dir())
            .expect("a test is built into a profile's folder");
        let program = profile.join("linli");
        if !program.exists() {
            let release = profile.ends_with("release");
            let mut build = Command::new(env!("CARGO"));
            build.args(["build", "-p", "node", "--bin", "linli"]);
            if release {
                build.arg("--release");
            }
            let built = build.status().expect("cargo runs");
            assert!(built.success(), "the program can be built");
        }
        program
    })
}

/// Returns an example of a package, built beside this; it is built when it is missing.
///
/// # Panics
///
/// When it cannot be built.
pub fn example(package: &str, name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a program knows its own path");
    let profile = own
        .ancestors()
        .find(|folder| folder.join("deps").is_dir())
        .expect("a program is built into a profile's folder");
    let example = profile.join("examples").join(name);
    if !example.exists() {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "-p", package, "--example", name]);
        if profile.ends_with("release") {
            build.arg("--release");
        }
        let built = build.status().expect("cargo runs");
        assert!(built.success(), "the example can be built");
    }
    example
}

/// A home of a node, and the node while it runs.
#[derive(Debug)]
pub struct Home {
    path: PathBuf,
    node: Option<Child>,
}

impl Home {
    /// Names a home in a folder; nothing is made yet.
    pub fn new(folder: &Path, name: &str) -> Self {
        Self {
            path: folder.join(name),
            node: None,
        }
    }

    /// Returns the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the process id of the running node.
    ///
    /// # Panics
    ///
    /// When none runs.
    pub fn pid(&self) -> u32 {
        self.node.as_ref().expect("a node runs").id()
    }

    /// Tells whether a node was started and not stopped again.
    pub fn is_running(&self) -> bool {
        self.node.is_some()
    }

    /// Runs a command on the home and waits for it.
    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new(program())
            .arg("--home")
            .arg(&self.path)
            .args(arguments)
            .env("LINLI_PASSPHRASE", "")
            .env_remove("LINLI_HOME")
            .stdin(Stdio::null())
            .output()
            .expect("the program starts")
    }

    /// Runs a command with `--json` and reads its one object.
    ///
    /// # Panics
    ///
    /// When the command fails; its messages are shown.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let lines = self.lines(arguments);
        lines.into_iter().next().unwrap_or(Value::Null)
    }

    /// Runs a command with `--json` and reads its objects, one a line.
    ///
    /// # Panics
    ///
    /// When the command fails; its messages are shown.
    pub fn lines(&self, arguments: &[&str]) -> Vec<Value> {
        let mut with_json = arguments.to_vec();
        with_json.push("--json");
        let output = self.run(&with_json);
        assert!(
            output.status.success(),
            "{arguments:?} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout)
            .expect("output is UTF-8")
            .lines()
            .map(|line| serde_json::from_str(line).expect("a line is JSON"))
            .collect()
    }

    /// Starts a node and waits until its socket answers.
    ///
    /// # Panics
    ///
    /// When it does not within [`PATIENCE`].
    pub fn start(&mut self, arguments: &[&str]) {
        self.start_as(&mut Command::new(program()), "node", arguments);
    }

    /// Starts a node that may have so much memory of its own, in KiB, and waits until its socket
    /// answers.
    ///
    /// # Panics
    ///
    /// When it does not within [`PATIENCE`].
    pub fn start_within(&mut self, memory_kib: u64, arguments: &[&str]) {
        let mut shell = Command::new("sh");
        shell.args(["-c", r#"ulimit -d "$0" && exec "$@""#]);
        shell.arg(memory_kib.to_string()).arg(program());
        self.start_as(&mut shell, "node", arguments);
    }

    /// Starts a relay and waits until its socket answers.
    ///
    /// # Panics
    ///
    /// When it does not within [`PATIENCE`].
    pub fn start_relay(&mut self, arguments: &[&str]) {
        self.start_as(&mut Command::new(program()), "relay", arguments);
    }

    fn start_as(&mut self, program: &mut Command, command: &str, arguments: &[&str]) {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.path.with_extension("log"))
            .expect("a log can be written");
        let node = program
            .arg("--home")
            .arg(&self.path)
            .arg(command)
            .arg("--no-mdns")
            .args(arguments)
            .env("LINLI_PASSPHRASE", "")
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log can be shared"))
            .stderr(log)
            .spawn()
            .expect("the program starts");
        self.node = Some(node);
        let since = Instant::now();
        loop {
            if let Ok((200, _)) = self.request("GET", "/v1/status", None) {
                return;
            }
            let ended = self
                .node
                .as_mut()
                .and_then(|node| node.try_wait().ok().flatten());
            assert!(ended.is_none(), "the node ended: {ended:?}");
            assert!(since.elapsed() < PATIENCE, "the node does not answer");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Kills the node where it stands, as a power cut of the process would.
    pub fn kill(&mut self) {
        if let Some(mut node) = self.node.take() {
            let _ended_already = node.kill();
            let _reaped = node.wait();
        }
    }

    /// Asks the local interface.
    ///
    /// # Errors
    ///
    /// When the socket cannot be reached or closes early.
    pub fn request(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> std::io::Result<(u16, Value)> {
        let body = body.map(ToString::to_string).unwrap_or_default();
        self.send(method, path, "application/json", body.as_bytes())
    }

    /// Gives the local interface a file.
    ///
    /// # Errors
    ///
    /// As [`Home::request`].
    pub fn upload(&self, path: &str, file: &[u8]) -> std::io::Result<(u16, Value)> {
        self.send("POST", path, "application/octet-stream", file)
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        content: &str,
        body: &[u8],
    ) -> std::io::Result<(u16, Value)> {
        let socket = self.path.join("run/api.sock");
        let mut stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nhost: linli\r\nconnection: close\r\n\
             content-type: {content}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        request.extend(body);
        stream.write_all(&request)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        parse(&answer).ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
    }

    /// Listens to what the node tells: one line after the other, of HTTP and of its events.
    ///
    /// # Panics
    ///
    /// When the node does not answer.
    pub fn listen(&self) -> impl Iterator<Item = String> + use<> {
        let socket = self.path.join("run/api.sock");
        let mut stream = UnixStream::connect(socket).expect("a running node");
        let timeout = stream.set_read_timeout(Some(PATIENCE));
        timeout.expect("a socket has a timeout");
        write!(stream, "GET /v1/events HTTP/1.1\r\nhost: linli\r\n\r\n").expect("a running node");
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        let status = lines.next();
        assert!(
            status.as_deref().is_some_and(|line| line.contains("200")),
            "{status:?}"
        );
        lines
    }

    /// Asks how the node is.
    ///
    /// # Panics
    ///
    /// When it does not say.
    pub fn status(&self) -> Value {
        let (code, status) = self
            .request("GET", "/v1/status", None)
            .expect("a running node answers");
        assert_eq!(code, 200, "{status}");
        status
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits until a condition holds.
///
/// # Panics
///
/// When it does not within [`PATIENCE`].
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let since = Instant::now();
    while !holds() {
        assert!(since.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Founds a neighbourhood and lets two households join it over loopback. The founder's node runs.
///
/// # Panics
///
/// When a command fails.
pub fn neighbourhood(folder: &Path) -> [Home; 3] {
    let mut founder = Home::new(folder, "a");
    founder.json(&[
        "init",
        "--lang",
        "zh",
        "--household",
        "林家",
        "--building",
        "3",
        "--found",
        "梧桐里",
    ]);
    founder.start(&["--listen", "/ip4/127.0.0.1/tcp/0"]);
    let address = address(&founder);
    let invitation = founder.json(&["invite", "--uses", "2", "--expires", "7d"]);
    let invitation = invitation["invitation"].as_str().expect("an invitation");
    let joined = ["b", "c"].map(|name| {
        let home = Home::new(folder, name);
        let joined = home.json(&[
            "join",
            invitation,
            "--lang",
            "en",
            "--household",
            name,
            "--building",
            "5",
            "--dial",
            &address,
        ]);
        assert_eq!(joined["pending"], json!(false), "{joined}");
        home
    });
    let [b, c] = joined;
    [founder, b, c]
}

/// Waits until a node listens, and returns where.
///
/// # Panics
///
/// When it does not within [`PATIENCE`].
pub fn address(home: &Home) -> String {
    let mut found = String::new();
    until("the node listens", || {
        let status = home.status();
        match status["listening"].as_array().and_then(|all| all.first()) {
            Some(address) => {
                found = address.as_str().expect("an address").to_owned();
                true
            }
            None => false,
        }
    });
    found
}

/// Waits until nodes hold and show the same.
pub fn until_same(homes: &[&Home]) {
    until("the nodes agree", || {
        let mut digests = homes.iter().map(|home| {
            let status = home.status();
            (
                status["frontier_digest"].clone(),
                status["view_digest"].clone(),
            )
        });
        // A node shows no digest while documents wait to be projected.
        let first = digests.next().filter(|(_, views)| !views.is_null());
        first.is_some_and(|first| digests.all(|digest| digest == first))
    });
}

/// Reads status and JSON body of an HTTP/1.1 answer with a length or in chunks.
fn parse(answer: &[u8]) -> Option<(u16, Value)> {
    let split = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..split]).ok()?;
    let code = head.split(' ').nth(1)?.parse().ok()?;
    let body = &answer[split + 4..];
    let chunked = head
        .to_ascii_lowercase()
        .contains("transfer-encoding: chunked");
    let body = if chunked {
        unchunk(body)?
    } else {
        body.to_vec()
    };
    Some((code, serde_json::from_slice(&body).ok()?))
}

fn unchunk(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = body.windows(2).position(|two| two == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&body[..end]).ok()?, 16).ok()?;
        if length == 0 {
            return Some(whole);
        }
        whole.extend(body.get(end + 2..end + 2 + length)?);
        body = body.get(end + 4 + length..)?;
    }
}
