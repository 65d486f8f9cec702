//! The program that is run by way of the tap: its files, its variables and its end.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tempfile::TempDir;
use tokio::process::Child;

use crate::sources::tap::environment::{NODE_HOOK, Places, needs_store, variables};

/// How long a program may take to end by itself after Ctrl-C, and how long after it was asked to.
const BY_ITSELF: Duration = Duration::from_secs(1);
const WHEN_ASKED: Duration = Duration::from_secs(3);

/// What the run needs on disk: certificates and a script, never a key. The folder is its owner's alone and goes with this.
#[derive(Debug)]
pub struct Files {
    folder: TempDir,
    places: Places,
}

impl Files {
    /// Writes what `program` needs: the authority's certificate `pem` alone, and with those that the system trusts.
    ///
    /// # Errors
    /// The system's error.
    pub fn new(program: &str, pem: &str, port: u16, hosts: Vec<String>) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("oauthlens-tap-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = builder.tempdir()?;
        let path = |name: &str| folder.path().join(name);
        let mut bundle = pem.to_owned();
        // One that the system holds and cannot be read is left out, as the system itself would.
        for certificate in rustls_native_certs::load_native_certs().certs {
            bundle.push_str(&as_pem(&certificate));
        }
        write(&path("ca.pem"), pem)?;
        write(&path("bundle.pem"), &bundle)?;
        write(&path("node.cjs"), NODE_HOOK)?;
        let store = if needs_store(program) {
            java_store(&path("ca.pem"), &path("java.store"))
        } else {
            None
        };
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        let places = Places {
            port,
            ca: text(path("ca.pem")),
            bundle: text(path("bundle.pem")),
            hook: text(path("node.cjs")),
            store: store.map(text),
            hosts,
        };
        Ok(Self { folder, places })
    }

    /// Where the certificate is.
    pub fn certificate(&self) -> &str {
        &self.places.ca
    }

    /// True where there is a trust store for Java.
    pub fn has_store(&self) -> bool {
        self.places.store.is_some()
    }

    /// Where they are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts the program with the variables of the table, and says whether `NO_PROXY` would have left the tap out. With
    /// `quiet` what it prints goes to standard error, since standard output is taken. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The system's error, [`io::ErrorKind::NotFound`] where there is no such program.
    pub fn start(&self, command: &[OsString], quiet: bool) -> io::Result<(Running, bool)> {
        let (program, arguments) = command
            .split_first()
            .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        let before = |name: &str| std::env::var(name).ok();
        let (variables, spared) = variables(&program.to_string_lossy(), &self.places, before);
        let mut starting = Command::new(program);
        starting.args(arguments).envs(variables);
        if quiet {
            starting.stdout(Stdio::from(io::stderr()));
        }
        let mut starting = tokio::process::Command::from(starting);
        Ok((Running(starting.kill_on_drop(true).spawn()?), spared))
    }
}

/// The program while it runs.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    /// Waits until it has ended, and gives its status.
    pub async fn ended(&mut self) -> i32 {
        self.0.wait().await.map_or(1, status)
    }

    /// Makes it end: it is given a moment in which it may do so by itself, since a terminal tells it of Ctrl-C as well, then
    /// it is asked, and at last it is ended.
    pub async fn end(&mut self) -> i32 {
        for patience in [BY_ITSELF, WHEN_ASKED] {
            if let Ok(status) = tokio::time::timeout(patience, self.ended()).await {
                return status;
            }
            self.terminate();
        }
        let _ = self.0.start_kill();
        self.ended().await
    }

    #[cfg(unix)]
    fn terminate(&self) {
        let id = self.0.id().and_then(|id| i32::try_from(id).ok());
        if let Some(id) = id.and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        }
    }

    #[cfg(not(unix))]
    #[expect(clippy::unused_self, reason = "there is no such request here")]
    fn terminate(&self) {}
}

/// The status as a shell tells it: that of the program, or 128 and the signal that ended it.
fn status(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal;
    }
    status.code().unwrap_or(1)
}

fn as_pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

/// Java reads none of these files: its own trust store with the certificate in it, made by its own tool. `None` where that is
/// not found or fails.
fn java_store(ca: &Path, store: &Path) -> Option<PathBuf> {
    let name = if cfg!(windows) { "keytool.exe" } else { "keytool" };
    let home = std::env::var_os("JAVA_HOME").map(|home| Path::new(&home).join("bin"));
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let tool = home
        .into_iter()
        .chain(std::env::split_paths(&on_path))
        .map(|folder| folder.join(name))
        .find(|tool| tool.is_file())
        .and_then(|tool| fs::canonicalize(tool).ok())?;
    let java = tool.parent()?.parent()?;
    let known = [
        java.join("lib/security/cacerts"),
        java.join("jre/lib/security/cacerts"),
    ];
    let known = known.iter().find(|store| store.is_file())?;
    // Only its owner may read the copy, whatever the original allows.
    write(store, "").ok()?;
    fs::write(store, fs::read(known).ok()?).ok()?;
    let imported = Command::new(&tool)
        .args([
            "-importcert",
            "-noprompt",
            "-alias",
            "oauthlens-tap",
            "-storepass",
            "changeit",
            "-file",
        ])
        .arg(ca)
        .arg("-keystore")
        .arg(store)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    imported.success().then(|| store.to_owned())
}
