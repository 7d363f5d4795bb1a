//! The command line: arguments in, one command run, an exit code out.

mod backend;
mod commands;
mod config;
mod delays;
mod exit;
mod kept;
mod limits;
mod place;
#[cfg(feature = "cluster")]
mod queue;
mod repl;
mod rows;
mod sessions;
mod skill;
mod stop;
mod tape;
mod ui;
mod work;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, CommandFactory, Parser, Subcommand};

use commands::resume::Resume;
#[cfg(feature = "cluster")]
use commands::worker;
use commands::{
    api, batch, cancel, chat, check, clean, complete, doctor, export, look, lsp, make, man, new, params,
    plan, report, resume, run, runs, session, settings, show, skills, studio, upload,
};
use config::Config;
use exit::{Exit, Usage, explain};
use ui::Ui;

use crate::secret::without_password;

/// Make videos by script, on the NemoVideo cloud or on the studio inside this program.
#[derive(Debug, Parser)]
#[command(name = "reel", version, after_help = EXAMPLES, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  reel make \"a 10 second promo for a coffee shop\" photo1.jpg photo2.jpg -o promo.mp4
  reel run scripts/quick_edit.rhai -p title=\"Morning Brew\" --out out
  reel plan scripts/photo_promo.rhai
  reel doctor

Without a backend and without NEMO_TOKEN the studio inside this program renders on this machine.";

const CHAT_EXAMPLE: &str = "\
Example:
  reel chat 5529798706024415232 \"add the title 'Morning Brew' and lo-fi music at 35%\"";

const SAY_EXAMPLE: &str = "\
Examples:
  reel say 5529798706024415232 \"make it vertical, then export it\"
  reel say 5529798706024415232 \"how many credits do I have?\"";

/// What every command understands.
#[derive(Args, Clone, Debug, Default)]
struct Global {
    /// Where videos are made: `studio`, `nemo`, or the URL of a server
    #[arg(long, global = true, value_name = "studio|nemo|URL", help_heading = "Everywhere")]
    backend: Option<String>,
    /// Folder that relative outputs land in [default: .]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Everywhere")]
    out: Option<PathBuf>,
    /// Skill profile to speak as; `reel skills` lists them
    #[arg(long, global = true, value_name = "NAME", help_heading = "Everywhere")]
    skill: Option<String>,
    /// Skill document (SKILL.md) to speak as, in place of a named profile
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "skill", help_heading = "Everywhere")]
    skill_file: Option<PathBuf>,
    /// Language of new sessions, such as en or zh-CN
    #[arg(long, global = true, value_name = "CODE", help_heading = "Everywhere")]
    language: Option<String>,
    /// Environment variable that scripts may read with env(); may be repeated
    #[arg(long, global = true, value_name = "NAME", help_heading = "Everywhere")]
    allow_env: Vec<String>,
    /// Folder or file that scripts may read, too; may be repeated
    #[arg(long, global = true, value_name = "PATH", help_heading = "Everywhere")]
    allow_read: Vec<PathBuf>,
    /// Folder that scripts may write into, too; may be repeated
    #[arg(long, global = true, value_name = "DIR", help_heading = "Everywhere")]
    allow_write: Vec<PathBuf>,
    /// Let scripts read nothing but what -p and --allow-read name, and no environment
    #[arg(long, global = true, help_heading = "Everywhere")]
    untrusted: bool,
    /// Stop before the turn that would take the run over so many credits
    #[arg(long, global = true, value_name = "N", value_parser = credits, help_heading = "Everywhere")]
    max_credits: Option<f64>,
    /// File that every call is written to before it takes effect [default: journal.db in REEL_HOME]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    journal: Option<PathBuf>,
    /// Write a JSON object a line to stdout in place of words
    #[arg(long, global = true, help_heading = "Everywhere")]
    json: bool,
    /// Say nothing but results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Everywhere")]
    quiet: bool,
    /// Say more
    #[arg(short, long, global = true, help_heading = "Everywhere")]
    verbose: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a video of words and files, without a script
    Make(make::MakeArgs),
    /// Run a script
    Run(run::RunArgs),
    /// List what a script would do and cost, without sending anything
    Plan(plan::PlanArgs),
    /// Run a script over the rows of a table, each row exactly once
    Batch(batch::BatchArgs),
    /// Make rows of batches that `reel batch --queue` spreads over machines
    #[cfg(feature = "cluster")]
    Worker(worker::WorkerArgs),
    /// Write a script line by line, and speak to the agent in between
    Repl(repl::ReplArgs),
    /// Write a new script to start from
    New(new::NewArgs),
    /// Look for mistakes in scripts without running them
    Check(check::CheckArgs),
    /// List the params of a script
    Params(params::ParamsArgs),
    /// Go on with a run that broke off: nothing that was paid is paid again
    Resume(resume::ResumeArgs),
    /// List what was run here, newest first
    Runs(runs::RunsArgs),
    /// Tell what a run did, step by step
    Show(show::ShowArgs),
    /// Make a page of a batch or a run, to look at and to send
    Report(report::ReportArgs),
    /// Stop a run that goes on elsewhere, or give one up for good
    Cancel(cancel::CancelArgs),
    /// Forget old runs
    Clean(clean::CleanArgs),
    /// Make a project, or list those made here
    Session(session::SessionArgs),
    /// Say something to a session's agent: one paid turn
    #[command(after_help = CHAT_EXAMPLE)]
    Chat(chat::ChatArgs),
    /// Say it in plain words: export, credits, status and upload are done here, the rest is a turn
    #[command(after_help = SAY_EXAMPLE)]
    Say(chat::ChatArgs),
    /// Send files and URLs into a session
    Upload(upload::UploadArgs),
    /// Print the timeline and the media of a session
    #[command(after_help = "Example:\n  reel state 5529798706024415232")]
    State(look::LookArgs),
    /// Render the timeline of a session into a file
    Export(export::ExportArgs),
    /// Print the balance
    #[command(after_help = "Example:\n  reel credits --backend nemo")]
    Credits(look::CreditsArgs),
    /// Print an address that opens a session in a browser
    #[command(after_help = "Example:\n  reel link 5529798706024415232")]
    Link(look::LookArgs),
    /// Print the manual of what scripts may call
    Api(api::ApiArgs),
    /// Serve an editor: mistakes, completion, manual pages, over stdin and stdout
    Lsp(lsp::LspArgs),
    /// List the skill profiles
    Skills(skills::SkillsArgs),
    /// Show every setting, and whether a flag, the environment or the file set it
    Config(settings::ConfigArgs),
    /// Check ffmpeg, fonts, folders, token and backend, and say how to mend what is wrong
    Doctor(doctor::DoctorArgs),
    /// Print what a shell reads to complete the commands of this program
    Completions(complete::CompletionsArgs),
    /// Offer words to a shell
    #[command(hide = true)]
    Complete(complete::CompleteArgs),
    /// Print the manual page, or write those of every command into a folder
    Man(man::ManArgs),
    /// Serve the studio to other programs over HTTP, until Ctrl-C
    Studio(studio::StudioArgs),
}

/// Runs the command that `arguments` name and returns the code for the shell.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = arguments.into_iter().collect();
    let arguments = match Arguments::try_parse_from(&words) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version arrive here, too, and go to stdout with code 0.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { Exit::Usage.code() } else { 0 });
        }
    };
    let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let ui = Arc::new(Ui::new(&arguments.global, &env));
    let ended = Config::load(&arguments.global, &env).map_err(anyhow::Error::from).and_then(|mut config| {
        config.arguments =
            words.iter().skip(1).map(|word| without_password(&word.to_string_lossy())).collect();
        match arguments.command {
            Command::Repl(args) if args.resume.is_some() => {
                let typed = args.resume.as_deref().unwrap_or_default();
                Resume { config: &config, flags: &arguments.global, env: &env, ui: &ui }.repl(typed)
            }
            Command::Resume(args) => {
                Resume { config: &config, flags: &arguments.global, env: &env, ui: &ui }.runs(&args)
            }
            #[cfg(feature = "cluster")]
            Command::Worker(args) => {
                worker::Worker { flags: &arguments.global, env: &env, ui: &ui }.work(&args)
            }
            command => dispatch(command, &Arc::new(config), &ui),
        }
    });
    let exit = ended.unwrap_or_else(|error| {
        let (trouble, exit) = explain(&error);
        // That it was stopped has been said by whoever put the work away.
        if exit != Exit::Stopped {
            ui.error(&trouble);
        }
        exit
    });
    ExitCode::from(exit.code())
}

fn dispatch(command: Command, config: &Arc<Config>, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    match command {
        Command::Make(args) => make::make(&args, config, ui),
        Command::Run(args) => run::run(args, config, ui),
        Command::Plan(args) => plan::plan(&args, config, ui),
        Command::Batch(args) => batch::batch(&args, config, ui),
        #[cfg(feature = "cluster")]
        Command::Worker(_) => Err(Usage::new("a resumed run cannot be a worker", "").into()),
        Command::Repl(args) => repl::repl(&args, config, ui),
        Command::New(args) => new::new(&args, ui),
        Command::Check(args) => check::check(&args, ui),
        Command::Params(args) => params::params(&args, ui),
        Command::Resume(_) => Err(Usage::new("a resumed run cannot resume another", "").into()),
        Command::Runs(args) => runs::runs(&args, config, ui),
        Command::Show(args) => show::show(&args, config, ui),
        Command::Report(args) => report::report(&args, config, ui),
        Command::Cancel(args) => cancel::cancel(&args, config, ui),
        Command::Clean(args) => clean::clean(&args, config, ui),
        Command::Session(args) => session::session(args, config, ui),
        Command::Chat(args) => chat::chat(&args, config, ui),
        Command::Say(args) => chat::say(&args, config, ui),
        Command::Upload(args) => upload::upload(&args, config, ui),
        Command::State(args) => look::state(&args, config, ui),
        Command::Export(args) => export::export(&args, config, ui),
        Command::Credits(args) => look::credits(&args, config, ui),
        Command::Link(args) => look::link(&args, config, ui),
        Command::Api(args) => api::api(&args, ui),
        Command::Lsp(args) => lsp::lsp(&args),
        Command::Skills(args) => skills::skills(&args, config, ui),
        Command::Config(args) => settings::config(&args, config, ui),
        Command::Doctor(args) => doctor::doctor(&args, config, ui),
        Command::Completions(args) => complete::completions(&args, ui),
        Command::Complete(args) => complete::complete(&args, &Arguments::command(), ui),
        Command::Man(args) => man::man(&args, &Arguments::command(), ui),
        Command::Studio(args) => studio::studio(&args, config, ui),
    }
}

fn credits(text: &str) -> Result<f64, String> {
    let credits = text.parse::<f64>().ok().filter(|credits| credits.is_finite() && *credits >= 0.0);
    credits.ok_or_else(|| "write a number of credits".to_owned())
}
