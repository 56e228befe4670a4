//! The terminal: entered, drawn on, left. However the program ends, it is left as it was found.

use std::io::{self, IsTerminal, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use ratatui::Terminal;
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
    EventStream,
};
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::crossterm::{cursor, execute};
use rustix::process::{Signal, getpid, kill_process};

use crate::app::App;

/// Whether the terminal is ours: what a panic must restore.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
    events: EventStream,
}

impl Screen {
    /// Takes the terminal over.
    pub fn enter() -> io::Result<Self> {
        if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
            return Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "standard input and output are no terminal",
            ));
        }
        restore_after_panic();
        take_over()?;
        Ok(Self {
            terminal: Terminal::new(CrosstermBackend::new(io::stdout()))?,
            events: EventStream::new(),
        })
    }

    /// Columns and lines.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// What the person types and clicks.
    pub fn events(&mut self) -> &mut EventStream {
        &mut self.events
    }

    /// Draws one frame: only cells that changed are written.
    pub fn draw(&mut self, app: &mut App) -> io::Result<()> {
        self.terminal.draw(|frame| app.draw(frame))?;
        Ok(())
    }

    /// Rings the bell.
    pub fn bell(&mut self) -> io::Result<()> {
        let mut out = io::stdout();
        out.write_all(b"\x07")?;
        out.flush()
    }

    /// Gives the terminal back to the shell until the person returns.
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back();
        kill_process(getpid(), Signal::TSTP)?;
        // The program goes on here after SIGCONT.
        take_over()?;
        // Another terminal knows nothing of what was drawn before, and draws everything. Clearing
        // this one would ask where the cursor is, and the answer would go to the stream of events.
        self.terminal = Terminal::new(CrosstermBackend::new(io::stdout()))?;
        self.terminal.backend_mut().clear()?;
        self.events = EventStream::new();
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn take_over() -> io::Result<()> {
    enable_raw_mode()?;
    ENTERED.store(true, Ordering::SeqCst);
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        EnableMouseCapture
    )
}

/// Undoes [`take_over`]. What fails here fails because the terminal is gone.
fn give_back() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    let _gone = execute!(
        io::stdout(),
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _gone = disable_raw_mode();
}

/// Sees to it that a panic's words are readable and the shell usable.
fn restore_after_panic() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            before(panic);
        }));
    });
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Read;
    use std::process::{Command, Stdio};

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

    use super::*;

    const CHILD: &str = "LINLI_TEST_PANICS_ON_A_TERMINAL";
    const WORDS: &str = "what the panic says";

    /// A test that is a program of its own when the other starts it.
    #[test]
    fn panics_on_a_terminal() {
        if std::env::var_os(CHILD).is_none() {
            return;
        }
        let _screen = Screen::enter().expect("it has a terminal");
        panic!("{WORDS}");
    }

    #[test]
    fn a_panic_gives_the_terminal_back_before_it_speaks() {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).expect("it is ours");
        unlockpt(&master).expect("it is ours");
        let name = ptsname(&master, Vec::new()).expect("it has a name");
        let slave = || {
            let path = name.to_str().expect("ASCII");
            let opened = File::options().read(true).write(true).open(path);
            opened.expect("it is unlocked")
        };
        let terminal = slave();
        let size = Winsize {
            ws_row: 24,
            ws_col: 80,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&terminal, size).expect("a terminal has a size");
        let before = tcgetattr(&terminal).expect("a terminal").local_modes;
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args([
                "--exact",
                "--nocapture",
                "run::terminal::tests::panics_on_a_terminal",
            ])
            .env(CHILD, "1")
            .stdin(Stdio::from(slave()))
            .stdout(Stdio::from(slave()))
            .stderr(Stdio::from(slave()))
            .spawn()
            .expect("this test runs");
        let reading = std::thread::spawn(move || {
            let (mut master, mut all) = (File::from(master), Vec::new());
            // The end of a terminal is an error.
            let _ended = master.read_to_end(&mut all);
            String::from_utf8_lossy(&all).into_owned()
        });
        let ended = child.wait().expect("it is ours");
        let after = tcgetattr(&terminal).expect("a terminal").local_modes;
        drop(terminal);
        let written = reading.join().expect("reading does not panic");
        assert!(!ended.success(), "{written}");
        let place = |text: &str| {
            written
                .find(text)
                .unwrap_or_else(|| panic!("{text}: {written:?}"))
        };
        assert!(place("\x1b[?1049h") < place("\x1b[?1049l"), "{written:?}");
        assert!(place("\x1b[?1049l") < place(WORDS), "{written:?}");
        assert!(place("\x1b[?25h") < place(WORDS), "{written:?}");
        assert!(before.contains(LocalModes::ICANON | LocalModes::ECHO));
        assert_eq!(after, before, "what is typed is seen and edited again");
    }
}
