//! The thread of the sockets, and of the program that is run by way of them.

use std::{
    ffi::OsString,
    sync::mpsc::{self, RecvTimeoutError},
    thread::JoinHandle,
    time::Duration,
};

use tokio::runtime::Runtime;

use crate::{
    cli::{
        commands::{Exit, Streams, signals},
        settings::{Problem, SettingsError},
        words::messages::TapProse,
    },
    io::{
        self, files,
        tap::{
            Tap,
            child::{Files, Running},
        },
    },
    sources::tap::environment::needs_store,
    text::template::filled,
};

/// How long the output is waited for once the sockets are closed: its reader may have stopped reading, and that does not keep
/// the program from ending.
const PATIENCE: Duration = Duration::from_secs(2);

/// The sockets while they are open.
pub(super) struct Sockets {
    thread: JoinHandle<Option<i32>>,
    /// Dropped when all is printed.
    printed: mpsc::Sender<()>,
    files: Option<Files>,
}

impl Sockets {
    /// Opens them, and starts the program, where there is one.
    pub(super) fn open(
        runtime: Runtime,
        tap: Tap,
        run: Option<(Vec<OsString>, Files)>,
        quiet: bool,
        words: &TapProse,
        streams: &mut Streams<'_>,
    ) -> Result<Self, SettingsError> {
        let (running, files) = match run {
            Some((command, files)) => {
                let running = start(&runtime, &command, &files, quiet, words, streams)?;
                (Some(running), Some(files))
            }
            None => (None, None),
        };
        let (printed, all_printed) = mpsc::channel();
        let folder = files.as_ref().map(|files| files.folder().to_owned());
        let thread = std::thread::spawn(move || {
            let status = runtime.block_on(serve(tap, running));
            // Closes every connection: what was under way is told as ended. A name that is still looked up is not waited for.
            runtime.shutdown_background();
            if all_printed.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                if let Some(folder) = folder {
                    files::remove_folder(&folder);
                }
                io::exit(status.unwrap_or(Exit::Unanswered as i32));
            }
            status
        });
        Ok(Self {
            thread,
            printed,
            files,
        })
    }

    /// All is printed: the program's status, where one was run. Its files are gone then.
    pub(super) fn closed(self) -> Option<i32> {
        drop(self.printed);
        let status = self.thread.join().ok().flatten();
        drop(self.files);
        status
    }
}

fn start(
    runtime: &Runtime,
    command: &[OsString],
    files: &Files,
    quiet: bool,
    words: &TapProse,
    streams: &mut Streams<'_>,
) -> Result<Running, SettingsError> {
    let program = command
        .first()
        .map(|program| program.to_string_lossy())
        .unwrap_or_default();
    if needs_store(&program) && !files.has_store() {
        streams.remark(&filled(&words.no_store, &[("certificate", files.certificate())]));
    }
    let _inside = runtime.enter();
    let (running, spared) = files.start(command, quiet).map_err(|error| {
        SettingsError::new(Problem::NotStarted)
            .with("program", program)
            .with("reason", error.to_string())
    })?;
    if spared {
        streams.remark(&words.spared);
    }
    Ok(running)
}

/// Until the program has ended, or a signal comes.
async fn serve(tap: Tap, running: Option<Running>) -> Option<i32> {
    let Some(mut running) = running else {
        tokio::select! {
            () = tap.serve() => {}
            () = signals::ended() => {}
        }
        return None;
    };
    tokio::spawn(tap.serve());
    let ended = tokio::select! {
        status = running.ended() => Some(status),
        () = signals::ended() => None,
    };
    Some(match ended {
        Some(status) => status,
        None => running.end().await,
    })
}
