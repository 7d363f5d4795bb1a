//! `reel studio`: a server that says where it is, ends on Ctrl-C, and refuses odd addresses.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Stdio;

use crate::cli::reel::{World, interrupt};

#[test]
fn a_studio_serves_where_it_says_until_ctrl_c() {
    let world = World::new();
    let mut studio = world.command(["studio", "--port", "0"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(studio.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("http://").expect("its first line is its URL");
    TcpStream::connect(address).unwrap();
    interrupt(&studio);
    assert_eq!(studio.wait().unwrap().code(), Some(0));
    assert!(world.home(".local/share/reelscript/studio/studio.db").is_file());
}

#[test]
fn a_taken_port_is_named_with_what_to_do() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = format!(
        "error: `127.0.0.1:{port}` is taken by another program\n   \
         hint: choose another port with --port, or 0 for any free one\n"
    );
    World::new().reel(["studio", "--port", &port]).says(3, &said);
}

#[test]
fn other_machines_are_not_served_without_a_token() {
    let said = "error: `0.0.0.0:0` can be reached by other machines, and the studio has no token\n   \
                hint: set REEL_STUDIO_TOKEN, or listen on 127.0.0.1\n";
    World::new().reel(["studio", "--port", "0", "--listen", "0.0.0.0"]).says(3, said);
}

#[test]
fn a_wrong_file_of_faults_is_said_with_its_line_before_anything_starts() {
    let world = World::new();
    std::fs::write(world.path("faults.toml"), "[[fault]]\non = \"turn\"\ndo = \"explode\"\n").unwrap();
    let said = "error: `faults.toml`, line 3: there is no way to fail `explode`\n   \
                hint: `do` is one of hang_up, refuse, stall, cut, short, garble, silent, duplicate, malformed, \
                error, say, split, heartbeats, typed, partial, fail, pending, no_url, wrapped, wrong_size\n";
    world.reel(["studio", "--port", "0", "--chaos", "faults.toml"]).says(2, said);
    assert!(!world.home(".local/share/reelscript/studio/studio.db").exists());
    let said = "error: cannot read `none.toml`: No such file or directory (os error 2)\n   hint: name a file of faults\n";
    world.reel(["studio", "--port", "0", "--chaos", "none.toml"]).says(2, said);
}
