//! The program `hako`.

use std::{io::IsTerminal, io::Write, path::Path, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use secrecy::ExposeSecret;
use server::{
    config::{Config, InvalidConfig, LogFormat, local_url, reachable, show},
    program::{Journal, Running, StartError, start_with},
    state::system_clock,
    users,
};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// The exit status for an invalid configuration.
const INVALID: u8 = 2;

/// One console and one API for HCP and S3 stores.
#[derive(Parser)]
#[command(name = "hako", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the console and the API (the default).
    Serve(Serve),
    /// Print the effective configuration, secrets masked; exit 2 when it is invalid.
    Config,
    /// Keep the accounts of `HAKO_USERS_FILE`.
    User(users::User),
    #[command(flatten)]
    Client(cli::ClientCommand),
    /// Look after the embedded store's data.
    #[cfg(feature = "embedded")]
    #[command(subcommand)]
    Local(server::local::Local),
}

#[derive(Args, Clone)]
struct Serve {
    /// Add the tenant `demo` with a user and sample files; every listener must be on loopback.
    #[arg(long)]
    demo: bool,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Whoever only uses a Hako has no configuration of one.
    if let Some(Command::Client(command)) = cli.command {
        return as_client(command);
    }
    if let Some(Command::User(user)) = &cli.command
        && let Some(file) = user.file()
    {
        return keep_users(user, Some(file));
    }
    let config = match Config::load() {
        Ok(config) => config,
        Err(InvalidConfig(problems)) => {
            complain("the configuration is invalid:");
            for problem in problems {
                complain(&format!("  {problem}"));
            }
            return ExitCode::from(INVALID);
        }
    };
    match cli.command {
        Some(Command::Config) => {
            say(show(&config).trim_end());
            ExitCode::SUCCESS
        }
        Some(Command::User(user)) => keep_users(
            &user,
            config.users.as_ref().map(|users| users.file.as_path()),
        ),
        #[cfg(feature = "embedded")]
        Some(Command::Local(command)) => {
            let folder = config.data_dir.join("store");
            let now = system_clock()();
            let (report, exit) = server::local::run(&command, &folder, now);
            match report {
                Ok(text) => say(&text),
                Err(error) => complain(&error.to_string()),
            }
            exit
        }
        Some(Command::Client(command)) => as_client(command),
        Some(Command::Serve(options)) => run(config, options.demo || cli.serve.demo),
        None => run(config, cli.serve.demo),
    }
}

fn as_client(command: cli::ClientCommand) -> ExitCode {
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(exit) => return exit,
    };
    match runtime.block_on(cli::run(command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            error.exit()
        }
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, ExitCode> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all().build().map_err(|e| {
        complain(&format!("the runtime does not start: {e}"));
        ExitCode::FAILURE
    })
}

fn keep_users(user: &users::User, file: Option<&Path>) -> ExitCode {
    let Some(file) = file else {
        complain("which file? Set HAKO_USERS_FILE, or say --file");
        return ExitCode::from(INVALID);
    };
    match users::run(user, file) {
        Ok(text) => {
            if !text.is_empty() {
                say(&text);
            }
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            complain(&sentence);
            ExitCode::FAILURE
        }
    }
}

fn run(config: Config, demo: bool) -> ExitCode {
    let journal = Journal::default();
    log_to_stderr(&config, &journal);
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(exit) => return exit,
    };
    match runtime.block_on(serve(config, demo, journal)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            complain(&e.to_string());
            if e.is_configuration() {
                ExitCode::from(INVALID)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

async fn serve(config: Config, demo: bool, journal: Journal) -> Result<(), StartError> {
    let running = start_with(config, demo, system_clock(), journal).await?;
    announce(&running);
    stop_asked_for().await;
    tracing::info!("stopping: running transfers may finish");
    running.stop().await;
    Ok(())
}

/// Says on standard output where everything is, and how to sign in.
fn announce(running: &Running) {
    let url = |address| {
        local_url(address)
            .to_string()
            .replace("127.0.0.1", "localhost")
    };
    say(&format!(
        "Hako console  {}",
        url(reachable(running.console))
    ));
    if let Some(store) = running.store {
        say(&format!("S3 endpoint   {}", url(store.s3)));
        say(&format!("Management    {}", url(store.mapi)));
    }
    if let Some(first) = &running.first_start {
        if std::io::stdout().is_terminal() {
            say(&format!(
                "Administrator {} with password {} (kept in {})",
                first.username,
                first.password.expose_secret(),
                first.file.display()
            ));
        } else {
            say(&format!(
                "Administrator {} (password in {})",
                first.username,
                first.file.display()
            ));
        }
    }
    if let Some(demo) = &running.demo {
        let password = demo.password.as_deref().unwrap_or("(HAKO_DEMO_PASSWORD)");
        say(&format!(
            "Sign in with  tenant {}, user {}, password {password}",
            demo.tenant, demo.username
        ));
    }
}

async fn stop_asked_for() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

fn log_to_stderr(
    config: &Config,
    #[cfg_attr(
        not(feature = "embedded"),
        expect(unused_variables, reason = "only the embedded store has packages")
    )]
    journal: &Journal,
) {
    let terminal = std::io::stderr().is_terminal();
    let filter = EnvFilter::try_new(directives(&config.log))
        .unwrap_or_else(|_invalid| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    #[cfg(feature = "embedded")]
    let registry = registry.with(server::journal::layer(journal.clone()));
    match config.log_format {
        LogFormat::Json => registry.with(json()).init(),
        LogFormat::Auto if !terminal => registry.with(json()).init(),
        LogFormat::Auto | LogFormat::Pretty => {
            registry
                .with(
                    fmt::layer()
                        .with_writer(std::io::stderr)
                        .with_ansi(terminal),
                )
                .init();
        }
    }
}

/// What is logged: as it was asked for, and the audit in any case, unless it is named there.
fn directives(asked: &str) -> String {
    let names_audit = asked.split(',').any(|one| one.trim().starts_with("audit"));
    if names_audit || asked.trim().is_empty() {
        asked.to_owned()
    } else {
        format!("{asked},audit=info")
    }
}

fn json<S>() -> impl tracing_subscriber::Layer<S>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    fmt::layer()
        .json()
        .flatten_event(true)
        .with_writer(std::io::stderr)
}

/// A line on standard output; a closed pipe is no reason to fail.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// A line on standard error.
fn complain(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "hako: {line}");
}
