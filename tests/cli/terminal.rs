//! The REPL on a terminal of its own: what is said while somebody types, what is pasted, and
//! how little room it needs. util-linux's `script` makes the terminal.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::cli::reel::World;

/// What takes longer than this will never come.
const LIMIT: Duration = Duration::from_secs(120);
/// What a line editor says when it begins to read.
const READS: &str = "\u{1b}[?2004h";

/// A terminal with `reel` in it.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    shown: Receiver<Vec<u8>>,
    /// Everything that was shown.
    seen: String,
    /// How much of it was waited for.
    at: usize,
}

impl Terminal {
    fn start(world: &World, columns: usize, arguments: &str) -> Self {
        let reel = world.command([""; 0]);
        let program = reel.get_program().to_str().unwrap();
        let command = format!("stty cols {columns} rows 40; exec '{program}' {arguments}");
        let envs = reel.get_envs().filter_map(|(name, value)| Some((name, value?)));
        let mut script = Command::new("script");
        script.args(["-qfec", &command, "/dev/null"]).current_dir(world.path(""));
        script.env_clear().envs(envs).env("TERM", "xterm").env("SHELL", "/bin/sh");
        let pipes = script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = pipes.spawn().expect("util-linux has `script`");
        let (keys, mut screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (tell, shown) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = screen.read(&mut bytes) {
                if tell.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let mut terminal = Self { child, keys, shown, seen: String::new(), at: 0 };
        terminal.wait_for(READS);
        terminal
    }

    /// Waits until this is shown behind what was waited for before; returns what came before it.
    #[track_caller]
    fn wait_for(&mut self, text: &str) -> String {
        let began = Instant::now();
        let mut bytes = Vec::new();
        loop {
            if let Some(found) = self.seen[self.at..].find(text) {
                let before = self.seen[self.at..self.at + found].to_owned();
                self.at += found + text.len();
                return before;
            }
            let left = LIMIT.saturating_sub(began.elapsed());
            let Ok(more) = self.shown.recv_timeout(left) else {
                panic!("`{text}` never came in {:?}", &self.seen[self.at..])
            };
            bytes.extend(more);
            // A sign may come in two pieces.
            let whole = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
            self.seen.push_str(std::str::from_utf8(&bytes[..whole]).unwrap());
            bytes.drain(..whole);
        }
    }

    fn keys(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Types a line and waits until the next one is read; returns what was shown.
    #[track_caller]
    fn line(&mut self, line: &str) -> String {
        self.keys(&format!("{line}\r"));
        plain(&self.wait_for(READS))
    }

    /// Pastes a text and sends it, as terminals do.
    #[track_caller]
    fn paste(&mut self, text: &str) -> String {
        self.line(&format!("\u{1b}[200~{text}\u{1b}[201~"))
    }

    /// Leaves with Ctrl-D.
    #[track_caller]
    fn leave(mut self) {
        self.keys("\u{4}");
        assert_eq!(self.child.wait().unwrap().code(), Some(0), "{:?}", self.seen);
    }
}

/// What was shown without colours and cursor movements.
fn plain(shown: &str) -> String {
    let mut text = String::new();
    let mut rest = shown.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '\u{1b}' {
            text.push(c);
        } else if rest.next() == Some('[') {
            while rest.next().is_some_and(|c| !c.is_ascii_alphabetic()) {}
        }
    }
    text
}

#[test]
fn what_goes_on_in_the_background_is_said_above_the_prompt() {
    let world = World::new();
    let mut terminal = Terminal::start(&world, 100, "repl");
    terminal.line("let s = session();");
    terminal.line("s.chat(\"make a 2 second video about the sea\");");
    terminal.line("let e = s.start_export(\"sea.mp4\", #{ resolution: \"360p\" });");
    terminal.keys("let half");
    let before = terminal.wait_for("made sea.mp4");
    assert!(before.contains("rendering: "), "{before:?}");
    // What was typed stands below it again, and goes on.
    terminal.wait_for("reel> let half");
    terminal.line(" = 42;");
    assert!(terminal.line("half * 2").contains("84"));
    assert!(terminal.line("e.wait().path").contains("sea.mp4"));
    terminal.leave();
}

#[test]
fn two_thousand_pasted_lines_are_one_input() {
    let world = World::new();
    let mut terminal = Terminal::start(&world, 80, "repl -q");
    let lines = "n += 1;\n".repeat(1_998);
    let shown = terminal.paste(&format!("let n = 0;\n{lines}n"));
    assert!(shown.trim_end().ends_with("1998"), "{:?}", &shown[shown.len().saturating_sub(300)..]);
    // As an editor on another system saves it.
    let shown = terminal.paste("\u{feff}#!/usr/bin/env reel\r\nlet a = 40;\r\na + 2");
    assert!(shown.trim_end().ends_with("42"), "{shown:?}");
    terminal.leave();
}

#[test]
fn forty_columns_are_enough() {
    let world = World::new();
    let mut terminal = Terminal::start(&world, 40, "repl");
    terminal.line("let s = session();");
    let words = "make a 12 second video about the long way from the harbour to the lighthouse";
    terminal.line(&format!("s.chat(\"{words}\");"));
    terminal.line("let n = [#{ number: 1, words: \"so and so\" }];");
    for look in ["s.state()", "n", ":help"] {
        let shown = terminal.line(look);
        let answer = shown.split("\r\r\n").last().unwrap().lines();
        let wide: Vec<&str> = answer.filter(|line| line.chars().count() > 40).collect();
        assert!(wide.is_empty(), "{wide:#?} of {shown:?}");
    }
    // The one line that is rewritten never wraps: nothing could take it back.
    terminal.keys("s.export(\"way.mp4\", #{ resolution: \"360p\" });\r");
    let shown = terminal.wait_for(READS);
    let rewritten: Vec<String> = shown.split("\r\u{1b}[2K").skip(1).map(plain).collect();
    let lines = rewritten.iter().filter_map(|line| line.lines().next());
    assert!(lines.clone().any(|line| line.starts_with("rendering")), "{shown:?}");
    assert!(lines.clone().all(|line| line.chars().count() < 40), "{rewritten:#?}");
    terminal.leave();
}
