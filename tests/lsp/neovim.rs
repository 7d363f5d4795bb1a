//! A real editor: Neovim opens a script with a mistake and shows what the server says.

use std::process::{Command, Stdio};

use crate::cli::reel::World;

/// Waits for the diagnostics and for a hover, prints both, and quits.
const SCRIPT: &str = r#"
vim.bo.filetype = "rhai"
local found
vim.lsp.handlers["textDocument/publishDiagnostics"] = function(_, result) found = found or result end
local id = vim.lsp.start_client({ name = "reel", cmd = { vim.env.REEL, "lsp" } })
vim.lsp.buf_attach_client(0, id)
vim.wait(20000, function() return found ~= nil end, 20)
for _, it in ipairs(found.diagnostics) do
  print("line " .. it.range.start.line .. ": " .. it.message)
end
local params = { textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = 1, character = 3 } }
local answers = vim.lsp.buf_request_sync(0, "textDocument/hover", params, 20000)
for _, answer in pairs(answers) do print(answer.result.contents.value) end
vim.cmd("qall!")
"#;

#[test]
fn neovim_shows_a_mistake_and_a_manual_page() {
    let world = World::new();
    world.write("bad.rhai", "let s = session();\ns.chat(5);\n");
    world.write("ask.lua", SCRIPT);
    let mut command = Command::new("nvim");
    command.args(["--headless", "--clean", "-n", "bad.rhai", "-c", "luafile ask.lua"]);
    command.current_dir(world.path("")).stdin(Stdio::null());
    command
        .env("HOME", world.home(""))
        .env("REEL", env!("CARGO_BIN_EXE_reel"))
        .env("XDG_STATE_HOME", world.home("state"));
    let output = command.output().expect("nvim is missing: run scripts/dev/setup");
    let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("line 1: `chat` cannot be called with (Session, int)"), "{said}");
    assert!(
        said.contains("s.chat(text, #{timeout, follow_gui})") && said.contains("Says something"),
        "{said}"
    );
}
