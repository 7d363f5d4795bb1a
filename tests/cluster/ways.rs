//! The ways around a batch of a cluster: queued, told of, given up, taken up again.

use std::fs;

use crate::cli::reel::World;

use super::Server;

const ROW: &str = "let name = param(\"name\", \"\");\nprint(`hello ${name}`);\n\
                   write_text(\"card.txt\", `to ${name}`);";
/// A backend that no row of these tests speaks to.
const NOBODY: &str = "http://127.0.0.1:9";

fn world(server: &Server) -> World {
    let world = World::new().var("REEL_QUEUE", &server.url());
    world.write("card.rhai", ROW);
    world.write("rows.csv", "name\nAda\nBob\nEve\n");
    world
}

fn queue(world: &World, more: &[&str]) -> crate::cli::reel::Ended {
    let words =
        ["batch", "card.rhai", "--rows", "rows.csv", "--key", "name", "--out", "out", "--backend", NOBODY];
    world.reel_fed(&[&words[..], more].concat(), "")
}

#[test]
fn rows_are_queued_once_made_by_a_worker_and_told_of() {
    let server = Server::start();
    let world = world(&server);
    let said = queue(&world, &["--detach"]).success();
    assert!(said.starts_with("3 rows wait for `reel worker`"), "{said}");
    queue(&world, &["--detach"]).success();
    let said = world.reel(["batch", "status"]).success();
    assert!(said.ends_with(": 0 of 3 rows finished, 3 waiting; 0 credits\n"), "{said}");
    let worked = world.reel(["worker", "--once", "--parallel", "2"]);
    let mut lines: Vec<&str> = worked.stdout.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["Ada | hello Ada", "Bob | hello Bob", "Eve | hello Eve"], "{worked:#?}");
    assert_eq!(fs::read_to_string(world.path("out/Bob/card.txt")).unwrap(), "to Bob");
    let said = world.reel(["batch", "status"]).success();
    assert!(said.ends_with(": 3 of 3 rows finished; 0 credits\n"), "{said}");
    world.reel(["report", "-o", "page", "--no-posters"]).success();
    let table = fs::read_to_string(world.path("page/rows.csv")).unwrap();
    assert_eq!(table.lines().filter(|line| line.contains("finished")).count(), 3, "{table}");
    // Nothing is left: neither for the command nor for a worker.
    let again = queue(&world, &[]);
    assert!(again.stderr.contains("3 rows, 3 done before for 0 credits, 0 to make"), "{again:?}");
    let idle = world.reel(["worker", "--once"]);
    assert_eq!((idle.code, idle.stdout.as_str()), (0, ""), "{idle:?}");
}

#[test]
fn a_batch_that_was_given_up_makes_no_row_until_it_is_asked_for_again() {
    let server = Server::start();
    let world = world(&server);
    queue(&world, &["--detach"]).success();
    let said = world.reel(["batch", "cancel"]).success();
    assert!(said.ends_with(" is given up\n"), "{said}");
    assert_eq!(world.reel(["worker", "--once"]).success(), "");
    let said = world.reel(["batch", "status"]).success();
    assert!(said.ends_with(": 0 of 3 rows finished, 3 given up; 0 credits\n"), "{said}");
    queue(&world, &["--detach", "--per-token", "1"]).success();
    assert_eq!(world.reel(["worker", "--once"]).success().lines().count(), 3);
}

#[test]
fn a_studio_inside_each_worker_and_a_database_that_is_none_are_refused() {
    let server = Server::start();
    let world = world(&server);
    let refused = world.reel(["batch", "card.rhai", "--rows", "rows.csv", "--out", "out"]);
    assert!(refused.code == 2 && refused.stderr.contains("each worker would have a studio"), "{refused:?}");
    let other = World::new();
    let refused = other.reel(["worker", "--queue", "postgres://ada:s3cret@127.0.0.1:1/reel"]);
    assert!(refused.stderr.contains("the database at `127.0.0.1:1/reel` cannot be reached"), "{refused:?}");
    assert!(!refused.stderr.contains("s3cret"), "{refused:?}");
    let refused = other.reel(["worker"]);
    assert!(refused.code == 2 && refused.stderr.contains("REEL_QUEUE"), "{refused:?}");
}
