//! `reel batch` as its users meet it: rows made once, gone on with, and told of.

use std::process::{Command, Stdio};

use reelscript::journal::{Call, Class, Entry, Event, Journal, NewRun, Sqlite, StepId};
use serde_json::Value;

use crate::cli::reel::{Ended, World};

const GREET: &str = "let name = param(\"name\", \"\");\nlet city = param(\"city\", \"Rome\");\n\
                     print(`hello ${name}`);\nwrite_text(\"card.txt\", `${name} in ${city}`);";

fn world() -> World {
    let world = World::new();
    world.write("greet.rhai", GREET);
    world.write("rows.csv", "name,city\nAda,London\nBob,\nEve,Oslo\n");
    world
}

const BATCH: [&str; 8] = ["batch", "greet.rhai", "--rows", "rows.csv", "--key", "name", "--out", "out"];

/// The batch with one more flag.
fn with(world: &World, flag: &str) -> Ended {
    world.reel_fed(&[&BATCH[..], &[flag]].concat(), "")
}

/// The id of the newest batch.
fn newest(world: &World) -> String {
    let records = world.reel(["runs", "--json"]).lines();
    let batch = records.iter().find(|record| record["event"] == "batch").expect("there is a batch");
    batch["batch"].as_str().unwrap().to_owned()
}

#[test]
fn each_row_is_made_once_and_the_same_command_goes_on() {
    let world = world();
    let first = world.reel(BATCH);
    assert_eq!(first.code, 0, "{}", first.stderr);
    let mut lines: Vec<&str> = first.stdout.lines().collect();
    lines.sort_unstable();
    let done = "3 of 3 rows finished; 0 credits, 0 in all";
    assert_eq!(lines, [done, "Ada | hello Ada", "Bob | hello Bob", "Eve | hello Eve"]);
    assert!(first.stderr.contains(": 3 rows, 3 to make"), "{}", first.stderr);
    // An empty cell leaves the param to its default.
    assert_eq!(std::fs::read_to_string(world.path("out/Bob/card.txt")).unwrap(), "Bob in Rome");
    let again = world.reel(BATCH);
    assert!(again.code == 0 && again.stdout.is_empty(), "{again:?}");
    assert!(again.stderr.contains("3 rows, 3 done before for 0 credits, 0 to make"), "{}", again.stderr);
}

#[test]
fn only_rows_that_are_new_or_have_changed_are_made() {
    let world = world();
    world.reel(BATCH).success();
    world.write("rows.csv", "name,city\nEve,Oslo\nBob,Bern\nAda,London\nZoe,Kyoto\n");
    let told = world.reel(BATCH).success();
    let mut lines: Vec<&str> = told.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["4 of 4 rows finished; 0 credits, 0 in all", "Bob | hello Bob", "Zoe | hello Zoe"]);
    assert_eq!(std::fs::read_to_string(world.path("out/Bob/card.txt")).unwrap(), "Bob in Bern");
}

#[test]
fn a_changed_script_wants_a_word() {
    let world = world();
    world.reel(BATCH).success();
    world.write("rows.csv", "name,city\nAda,London\nZoe,Kyoto\n");
    world.write("greet.rhai", GREET.replace("hello", "good day"));
    let refused = world.reel(BATCH);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.stderr.contains("`greet.rhai` has changed since batch "), "{}", refused.stderr);
    assert!(refused.stderr.contains("`--edited`") && refused.stderr.contains("`--anew`"));
    let edited = with(&world, "--edited").success();
    assert_eq!(edited.lines().next(), Some("Zoe | good day Zoe"));
    let anew = with(&world, "--anew").success();
    assert!(anew.contains("Ada | good day Ada") && anew.contains("Zoe | good day Zoe"), "{anew}");
}

#[test]
fn bad_rows_are_told_with_their_place_and_nothing_begins() {
    let world = world();
    world.write("rows.csv", "name,town\nAda,London\nAda,Paris\n");
    let refused = world.reel(BATCH);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.stderr.contains("town") && refused.stderr.contains("row 2"), "{}", refused.stderr);
    world.reel(["runs"]).says(0, "nothing was run yet; `reel run SCRIPT` runs a script\n");
    assert!(!world.path("out").exists());
}

#[test]
fn a_failed_row_does_not_stop_the_others_and_resume_tries_it_again() {
    let world = world();
    world.write("greet.rhai", format!("{GREET}\nif name == \"Bob\" {{ throw \"no such card\"; }}"));
    let failed = world.reel(BATCH);
    assert_eq!(failed.code, 1, "{failed:?}");
    assert!(failed.stdout.contains("2 of 3 rows finished, 1 failed; 0 credits"), "{}", failed.stdout);
    assert!(failed.stderr.contains("Bob | error[script]: no such card"), "{}", failed.stderr);
    world.write("greet.rhai", GREET);
    let id = newest(&world);
    let resumed = world.reel(["resume", &id, "--edited"]);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert!(resumed.stdout.contains("3 of 3 rows finished"), "{}", resumed.stdout);
    // Its lines were shown before it failed, and its file is there.
    assert!(!resumed.stdout.contains("hello"), "{}", resumed.stdout);
}

#[test]
fn machines_are_told_which_row_it_is() {
    let world = world();
    let records = with(&world, "--json").lines();
    let of = |event: &str| records.iter().filter(|record| record["event"] == event).collect::<Vec<_>>();
    assert_eq!((of("row_began").len(), of("row_ended").len()), (3, 3));
    let ended = of("row_ended").into_iter().find(|record| record["key"] == "Eve").unwrap();
    assert_eq!((&ended["row"], &ended["state"]), (&Value::from(3), &Value::from("finished")));
    assert_eq!(ended["files"], serde_json::json!(["out/Eve/card.txt"]));
    let print = of("print").into_iter().find(|record| record["key"] == "Ada").unwrap();
    assert_eq!(print["text"], "hello Ada");
    assert_eq!(of("result")[0]["value"]["finished"], 3);
}

#[test]
fn a_dry_run_lists_the_rows_and_begins_none() {
    let world = world();
    let told = with(&world, "--dry-run").success();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        lines[1].split_whitespace().collect::<Vec<_>>(),
        ["1", "Ada", "Ada", "city=London", "name=Ada"]
    );
    assert_eq!(lines.last(), Some(&"3 rows are right; nothing was sent"));
    world.reel(["runs"]).says(0, "nothing was run yet; `reel run SCRIPT` runs a script\n");
}

#[test]
fn a_batch_is_listed_shown_by_its_rows_and_forgotten() {
    let world = world();
    world.reel(BATCH).success();
    let listed = world.reel(["runs"]).success();
    assert!(listed.lines().nth(1).is_some_and(|line| line.contains("3 of 3 rows")), "{listed}");
    assert_eq!(listed.lines().count(), 2, "its rows are not listed one by one: {listed}");
    assert_eq!(world.reel(["clean", "--older-than", "0d"]).success(), "forgot 0 runs and 1 batch\n");
    world.reel(["runs"]).says(0, "nothing was run yet; `reel run SCRIPT` runs a script\n");
}

#[test]
fn a_row_that_moves_in_the_table_keeps_its_outputs() {
    let world = world();
    let command = ["batch", "greet.rhai", "--rows", "rows.csv", "--out", "out"];
    world.reel(command).success();
    let card = |name: &str| std::fs::read_to_string(world.path(&format!("out/{name}/card.txt"))).unwrap();
    assert_eq!(card("0001"), "Ada in London");
    world.write("rows.csv", "name,city\nZoe,Kyoto\nAda,London\nBob,\nEve,Oslo\n");
    let refused = world.reel(command);
    assert_eq!(refused.code, 2, "{refused:?}");
    let words = "the outputs of row 1 would land in `0001`, where row 2 has put its own before";
    assert!(refused.stderr.contains(words) && refused.stderr.contains("--name '{key}'"), "{refused:?}");
    assert_eq!(card("0001"), "Ada in London");
    let command = ["batch", "greet.rhai", "--rows", "rows.csv", "--out", "out", "--name", "new-{row}"];
    assert_eq!(world.reel(command).success().lines().next(), Some("new-0001 | hello Zoe"));
    assert_eq!([card("0001"), card("new-0001")], ["Ada in London", "Zoe in Kyoto"]);
}

#[test]
fn a_row_that_goes_on_from_another_place_has_one_folder() {
    let world = world();
    world.write("greet.rhai", format!("{GREET}\nthrow \"wait\";"));
    let command = ["batch", "greet.rhai", "--rows", "rows.csv", "--out", "out"];
    assert_eq!(world.reel(command).code, 1);
    world.write("rows.csv", "name,city\nAda,London\nEve,Oslo\n");
    world.write("greet.rhai", format!("{GREET}\nwrite_text(\"last.txt\", name);"));
    world.reel(["batch", "greet.rhai", "--rows", "rows.csv", "--out", "out", "--edited"]).success();
    assert!(world.path("out/0003/card.txt").exists() && world.path("out/0003/last.txt").exists());
}

#[test]
fn first_commands_at_the_same_time_have_one_batch() {
    let world = world();
    let shards: Vec<_> = (1..=6)
        .map(|index| {
            let mut command = world.command(BATCH);
            command.args(["--shard", &format!("{index}/6")]).stdout(Stdio::null()).stderr(Stdio::null());
            command.spawn().unwrap()
        })
        .collect();
    for mut shard in shards {
        assert_eq!(shard.wait().unwrap().code(), Some(0));
    }
    let records = world.reel(["runs", "--json"]).lines();
    assert_eq!(records.len(), 1, "{records:?}");
    assert_eq!(records[0]["finished"], 3, "{records:?}");
}

#[test]
fn what_goes_on_is_the_last_command_and_not_the_first() {
    let world = world();
    world.write("greet.rhai", format!("{GREET}\nthrow \"wait\";"));
    assert_eq!(world.reel_fed(&[&BATCH[..], &["--limit", "1"]].concat(), "").code, 1);
    assert_eq!(world.reel(BATCH).code, 1);
    let resumed = world.reel(["resume", &newest(&world)]);
    assert!(resumed.stdout.contains("0 of 3 rows finished, 3 failed"), "{resumed:?}");
}

#[test]
fn a_batch_of_many_rows_is_forgotten_with_few_files_open() {
    let world = world();
    let names: String = (1..=80).map(|number| format!("name-{number}\n")).collect();
    world.write("rows.csv", format!("name\n{names}"));
    world.reel(BATCH).success();
    let mut command = Command::new("sh");
    let clean = "ulimit -n 40 && exec \"$0\" clean --older-than 0d";
    command.args(["-c", clean, env!("CARGO_BIN_EXE_reel")]).current_dir(world.path(""));
    let output = command.env_clear().env("HOME", world.home("")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "forgot 0 runs and 1 batch\n", "{output:?}");
}

#[test]
fn a_batch_and_the_run_of_a_row_are_known_to_every_command() {
    let world = world();
    world.write("greet.rhai", format!("{GREET}\nif name == \"Bob\" {{ throw \"no such card\"; }}"));
    let records = with(&world, "--json").lines();
    let run = |key: &str| {
        let ended = |record: &&Value| record["event"] == "row_ended" && record["key"] == key;
        records.iter().find(ended).unwrap()["run"].as_str().unwrap()[..8].to_owned()
    };
    let (id, ada, bob) = (newest(&world)[..8].to_owned(), run("Ada"), run("Bob"));
    let hint = format!("`reel report {id}` shows its rows, `reel resume {id}` goes on with it");
    world.reel(["show", &id]).says(2, &format!("error: {id} is a batch, not a run\n   hint: {hint}\n"));
    let hint = format!("`reel resume {id}` goes on with it, `reel clean` forgets batches");
    let words = format!("error: no process makes rows of batch {id}\n   hint: {hint}\n");
    world.reel(["cancel", &id]).says(2, &words);
    let told = world.reel(["show", &bob]).success();
    assert!(told.contains(&format!("what    row `Bob` of batch {id}: greet.rhai\n")), "{told}");
    assert!(told.contains("backend studio\n"), "{told}");
    let resumed = world.reel(["resume", &ada]);
    assert_eq!(resumed.code, 2, "{resumed:?}");
    assert!(resumed.stderr.contains(&format!("row `Ada` of batch {id} is finished")), "{resumed:?}");
    let again = world.reel(BATCH);
    assert!(again.stderr.contains(&format!("0 credits; `reel show {bob}` tells its steps")), "{again:?}");
    world.reel(["cancel", &bob]).success();
    let resumed = world.reel(["resume", &bob]);
    assert!(resumed.stderr.contains(&format!("row `Bob` of batch {id} is cancelled")), "{resumed:?}");
}

#[test]
fn what_a_killed_run_took_is_known_when_it_is_given_up() {
    let world = World::new();
    let journal = Sqlite::open(&world.path("journal.db")).unwrap();
    let made_of = NewRun { title: "a.rhai".to_owned(), source: None, setup: Value::Null };
    let run = journal.create(&made_of, 1).unwrap();
    let lease = journal.lease(&run).unwrap();
    let [name, told, args_hash] = ["chat", "chat(\"hi\")", "ab"].map(str::to_owned);
    let call = Call { name, told, args_hash, class: Class::Paid };
    let events = [
        Event::Begun { call, intent: Value::Null },
        Event::Finished { outcome: Value::Null, credits: Some(150.0) },
    ];
    let id = StepId { row: String::new(), seq: 0 };
    let entries = events.map(|event| Entry::Step { id: id.clone(), event });
    journal.append(&lease, 0, 2, &entries).unwrap();
    drop(lease);
    world.reel(["cancel", run.as_str(), "--journal", "journal.db"]).success();
    assert_eq!(journal.find(run.as_str()).unwrap().credits, 150.0);
}

#[test]
fn resume_without_an_id_goes_on_with_the_newest_batch_that_is_not_whole() {
    let world = world();
    world.write("greet.rhai", format!("{GREET}\nif name == \"Bob\" {{ exit(1); }}"));
    // The first row that fails keeps the others from beginning.
    let begun = world.reel_fed(&[&BATCH[..], &["--parallel", "1", "--fail-fast"]].concat(), "");
    assert_eq!(begun.code, 1, "{begun:?}");
    assert!(begun.stdout.contains("1 of 3 rows finished, 1 failed, 1 not made"), "{}", begun.stdout);
    let resumed = world.reel(["resume"]);
    assert!(resumed.stderr.contains("going on with batch "), "{resumed:?}");
    assert!(resumed.stdout.contains("1 of 3 rows finished, 1 failed, 1 not made"), "{resumed:?}");
    world.write("greet.rhai", GREET);
    assert!(world.reel(["resume", "--all", "--edited"]).code == 2, "`--edited` is about one");
    let whole = world.reel(["resume", "--edited"]);
    assert!(whole.stdout.contains("3 of 3 rows finished"), "{whole:?}");
    world.reel(["resume"]).says(2, "error: nothing to resume\n   hint: `reel runs` lists what was run\n");
}

#[test]
fn more_rows_at_once_than_the_system_has_files_for_are_refused_before_one_begins() {
    let world = world();
    let names: String = (0..100).map(|nth| format!("n{nth}\n")).collect();
    world.write("rows.csv", format!("name\n{names}"));
    let reel = world.command([&BATCH[..], &["--parallel", "100"]].concat());
    let mut limited = Command::new("sh");
    // Both limits: one that is only soft is raised.
    limited.args(["-c", "ulimit -n 200; exec \"$0\" \"$@\""]).arg(reel.get_program()).args(reel.get_args());
    let vars = reel.get_envs().filter_map(|(name, value)| Some((name, value?)));
    limited.env_clear().envs(vars).current_dir(reel.get_current_dir().unwrap());
    let refused = limited.output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(
        said.contains("100 rows at once need about 428 open files, and this system allows 200"),
        "{said}"
    );
    assert!(!world.path("out").exists());
}
