//! What a script may touch, and which flag opens it.

use super::reel::World;

/// A world with a folder beside the working folder that scripts may not see.
fn world() -> (World, String) {
    let world = World::new();
    std::fs::write(world.home("secret.txt"), "hidden").unwrap();
    let outside = world.home("").display().to_string();
    (world, outside.trim_end_matches('/').to_owned())
}

#[test]
fn what_lies_outside_is_read_only_when_it_is_opened() {
    let (world, outside) = world();
    world.write("read.rhai", format!("print(read_text(\"{outside}/secret.txt\"));"));
    let refused = world.reel(["run", "read.rhai"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("--allow-read DIR"), "{}", refused.stderr);
    assert_eq!(world.reel(["run", "read.rhai", "--allow-read", &outside]).success(), "hidden\n");
}

#[test]
fn a_link_is_what_it_points_to() {
    let (world, outside) = world();
    std::os::unix::fs::symlink(format!("{outside}/secret.txt"), world.path("link.txt")).unwrap();
    world.write("read.rhai", "print(read_text(\"link.txt\"));");
    assert_eq!(world.reel(["run", "read.rhai"]).code, 1);
    std::os::unix::fs::symlink(&outside, world.path("out")).unwrap();
    world.write("write.rhai", "write_text(\"out/evil.txt\", \"x\");");
    assert_eq!(world.reel(["run", "write.rhai"]).code, 1);
    assert!(!world.home("evil.txt").exists());
}

#[test]
fn what_lies_outside_is_written_only_when_it_is_opened() {
    let (world, outside) = world();
    world.write("write.rhai", format!("write_text(\"{outside}/new/made.txt\", \"x\");"));
    let refused = world.reel(["run", "write.rhai"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("--allow-write DIR"), "{}", refused.stderr);
    world.reel(["run", "write.rhai", "--allow-write", &outside]).success();
    assert!(world.home("new/made.txt").is_file());
    world.write("up.rhai", format!("write_text(\"{outside}/../desk/up.txt\", \"x\");"));
    assert_eq!(world.reel(["run", "up.rhai", "--allow-write", &outside]).code, 1);
}

#[test]
fn an_untrusted_script_reads_what_is_named_and_nothing_else() {
    let (world, _) = world();
    world.write("mine.txt", "mine");
    world.write("given.txt", "given");
    let script = "let given = param(\"file\", \"\");
        for act in [|| read_text(\"mine.txt\"), || files(\"*.txt\"), || env(\"HOME\")] {
            try { print(act.call()); } catch (e) { print(e.kind); }
        }
        print(read_text(given));
        write_text(\"made.txt\", \"x\");
        print(read_text(\"made.txt\"));
        try { write_text(\"mine.txt\", \"x\"); } catch (e) { print(e.kind); }";
    world.write("guest.rhai", script);
    let said =
        world.reel(["run", "guest.rhai", "--untrusted", "-p", "file=given.txt", "--allow-env", "HOME"]);
    assert_eq!(said.success(), "sandbox\nsandbox\nsandbox\ngiven\nx\nsandbox\n");
}

#[test]
fn small_values_are_kept_for_the_next_run() {
    let (world, _) = world();
    world.write("count.rhai", "let n = store_get(\"runs\", 0) + 1; store_set(\"runs\", n); print(n);");
    assert_eq!(world.reel(["run", "count.rhai"]).success(), "1\n");
    assert_eq!(world.reel(["run", "count.rhai"]).success(), "2\n");
    std::fs::create_dir(world.path("other")).unwrap();
    world.write("other/count.rhai", "print(store_get(\"runs\"));");
    assert_eq!(
        world.reel(["run", "other/count.rhai"]).success(),
        "\n",
        "another folder has a store of its own"
    );
}

#[test]
fn a_tilde_is_the_home_folder() {
    let (world, outside) = world();
    world.write("tilde.rhai", "write_text(\"~/new/made.txt\", \"x\"); print(read_text(\"~/secret.txt\"));");
    let refused = world.reel(["run", "tilde.rhai"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("`~/new/made.txt` lies outside the output folder"), "{}", refused.stderr);
    assert!(refused.stderr.contains("--allow-write DIR"), "{}", refused.stderr);
    let opened = world.reel(["run", "tilde.rhai", "--allow-write", &outside]);
    assert_eq!(opened.success(), "hidden\n");
    assert!(world.home("new/made.txt").is_file());
    assert!(!world.path("~").exists());
}
