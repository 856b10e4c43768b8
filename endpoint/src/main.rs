//! The endpoint's program: command line, socket, signals.
//!
//! One line on stdout says where it listens; everything else goes to stderr. On Ctrl-C or SIGTERM
//! it takes no more connections, gives those it has three seconds, and goes; tasks that did not end
//! by then are worked on after the next start.

use std::io::{IsTerminal, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use reweave_endpoint::{Access, Config, Options, Stop, Upstream, app};
use tokio::net::TcpListener;
use tracing_subscriber::filter::LevelFilter;

/// For requests under way when the endpoint is told to end.
const GRACE: Duration = Duration::from_secs(3);

/// For repairs to notice that they shall end, and for their clients to hear of it.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The reference endpoint of Reweave: takes a picture and what of it is to be repaired, answers
/// with the repaired picture. Accepted keys are read from the file that REWEAVE_KEYS_FILE names,
/// one a line; without it no key is needed.
#[derive(Parser)]
#[command(name = "reweave-endpoint", version)]
struct Arguments {
    /// Port to listen at; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Address to listen at.
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    /// Folder for tasks, their files and the secret of the links.
    #[arg(long, default_value = "data")]
    data_dir: PathBuf,
    /// Folder of the built page, served at /.
    #[arg(long)]
    page_dir: Option<PathBuf>,
    /// Let image_url and mask_url point into private networks: for development only.
    #[arg(long)]
    allow_private_urls: bool,
    /// How many requests may wait beside those that are worked on; more are answered 503.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    queue: u16,
    /// Have the work done by another endpoint: a profile (aliyun, picwish, reseller, iopaint, clipdrop),
    /// a profile at another address (custom+https://…), or an address. Its key is read from the file
    /// that REWEAVE_UPSTREAM_KEY_FILE names.
    #[arg(long, value_name = "PROFILE")]
    upstream: Option<String>,
    #[command(flatten)]
    access: AccessArguments,
}

/// Who may ask, how often, and by which names.
#[derive(clap::Args)]
struct AccessArguments {
    /// Most creates and queries of one key, or of one address without keys, in any second; 0 for
    /// no limit.
    #[arg(long, value_name = "N", default_value_t = 2)]
    qps: u32,
    /// Most creates of one key, or of one address without keys, in a day (UTC); 0 for no limit, which
    /// is the default but for a relay that other machines reach: there it is 100.
    #[arg(long, value_name = "N")]
    quota: Option<u32>,
    /// Ask for a key or for the session that loading the page gives.
    #[arg(long)]
    require_session: bool,
    /// Take the client's address from the end of X-Forwarded-For: only behind a proxy of your own
    /// that sets this header, as anybody else can write it too.
    #[arg(long)]
    behind_proxy: bool,
    /// Let the pages of this origin ask here and read the answers (CORS); * for all. Repeatable.
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
    /// Where browsers reach this server, for result links; a path may follow the host.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// A name that this server answers to, beside localhost and that of the public URL. Repeatable.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
}

fn main() -> ExitCode {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    give_back_what_is_freed();
    let arguments = Arguments::parse();
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(colours).with_max_level(LevelFilter::INFO).init();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    let end = runtime.block_on(run(&arguments));
    // A repair that does not notice in time is left behind.
    runtime.shutdown_timeout(LAST_WORDS);
    end.map_or_else(|error| fail(error.as_ref()), |()| ExitCode::SUCCESS)
}

/// Has glibc take blocks of a megabyte and more from the system and give them back when they are
/// freed. Left to itself it raises that bound to 32 MB with the blocks it sees, and keeps them.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the system's library has no other way")]
fn give_back_what_is_freed() {
    // SAFETY: mallopt takes two numbers and changes nothing but how later blocks are had; no other
    // thread runs yet. With 200 creates of 15 MB at once: 1106 MB without it, 401 to 511 MB with it.
    let taken = unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, 1 << 20) };
    debug_assert_eq!(taken, 1, "glibc knows the option");
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("reweave-endpoint: {error}");
    ExitCode::FAILURE
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::open(&options(arguments))?;
    let address = SocketAddr::new(arguments.bind, arguments.port);
    let listener =
        TcpListener::bind(address).await.map_err(|e| format!("cannot listen at {address}: {}", reason(&e)))?;
    let stop = config.stop();
    let app = app(config);
    writeln!(std::io::stdout(), "Reweave is at http://{}", listener.local_addr()?)?;
    serve(listener, app, stop).await?;
    Ok(())
}

async fn serve(listener: TcpListener, app: axum::Router, stop: Stop) -> std::io::Result<()> {
    let (told, mut heard) = tokio::sync::watch::channel(false);
    let end = async move {
        asked_to_end().await;
        // Who hears it may be gone: then there is nothing left to end.
        let _ = told.send(true);
    };
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, app).with_graceful_shutdown(end);
    let patience = async {
        let _ = heard.wait_for(|told| *told).await;
        tokio::time::sleep(GRACE).await;
        stop.set();
        tokio::time::sleep(LAST_WORDS).await;
    };
    tokio::select! {
        ended = serving => ended?,
        () = patience => {}
    }
    stop.set();
    Ok(())
}

fn options(arguments: &Arguments) -> Options {
    let access = &arguments.access;
    Options {
        qps: Some(access.qps).filter(|limit| *limit > 0),
        quota: match access.quota {
            // None would be the default, which a relay has of its own.
            Some(0) if arguments.upstream.is_some() => Some(u32::MAX),
            other => other.filter(|limit| *limit > 0),
        },
        require: if access.require_session { Access::KeyOrSession } else { Access::Open },
        behind_proxy: access.behind_proxy,
        allow_origins: access.allow_origin.clone(),
        public_url: access.public_url.clone(),
        allow_hosts: access.allow_host.clone(),
        bound_to: Some(arguments.bind),
        page_dir: arguments.page_dir.clone(),
        keys_file: std::env::var_os("REWEAVE_KEYS_FILE").map(PathBuf::from),
        allow_private_urls: arguments.allow_private_urls,
        upstream: arguments.upstream.clone().map(upstream),
        queue: arguments.queue.into(),
        ..Options::new(arguments.data_dir.clone())
    }
}

fn upstream(profile: String) -> Upstream {
    let key_file = std::env::var_os("REWEAVE_UPSTREAM_KEY_FILE").map(PathBuf::from);
    Upstream { profile, key_file, ..Upstream::default() }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::AddrInUse => "the port is in use".into(),
        std::io::ErrorKind::PermissionDenied => "not allowed (ports below 1024 need a right of their own)".into(),
        _ => error.to_string(),
    }
}

#[cfg(unix)]
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

#[cfg(not(unix))]
async fn asked_to_end() {
    // An error means that no signal can be had: the endpoint then ends with its process.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
