//! A client that somebody else wrote: started, led over the browser, listened to.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

use oauthlens::oauth::http::HttpRequest;

use crate::{oauth2_crate, person, program::Program};

const REGISTERED: &str = "http://127.0.0.1/callback";
/// As it is sent: any port will do on loopback.
const SENT: &str = "http://127.0.0.1:8080/callback";
const WRONG_SECRET: &str = "0000000000000000000000000000000000000000";
/// No client takes longer than this.
const SECONDS: &str = "60";

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    None,
    WrongSecret,
    /// The token request has another redirect URI than the authorization request.
    Mismatch,
    /// The code is sent a second time.
    Spent,
}

/// What it did.
pub struct Said {
    /// Who it says is logged in.
    pub login: Option<String>,
    /// What a person finds in its log.
    pub log: String,
}

/// How a client is run.
pub enum Client {
    /// A program of `tests/real/clients`, by its command line.
    Program(&'static [&'static str]),
    /// The crate `oauth2`, in this process.
    Crate,
    /// `git-credential-oauth`, which opens a browser and listens by itself.
    GitCredential,
}

/// The app as a client knows it.
pub struct App {
    pub base: String,
    pub id: String,
    pub secret: String,
    pub redirect_uri: String,
}

impl Client {
    /// Runs it against a simulator of its own.
    pub fn run(&self, slip: Slip) -> Said {
        let arguments = [
            "simulate",
            "--registered-redirect-uri",
            REGISTERED,
            "--registered-redirect-uri",
            "http://127.0.0.1/",
        ];
        let mut simulator = Program::start(&arguments, None);
        let mut values: HashMap<String, String> = simulator.simulated();
        let mut value = |name: &str| values.remove(name).unwrap_or_else(|| panic!("{name}"));
        let mut app = App {
            base: value("base_url"),
            id: value("client_id"),
            secret: value("client_secret"),
            redirect_uri: SENT.into(),
        };
        if slip == Slip::WrongSecret {
            app.secret = WRONG_SECRET.into();
        }
        match self {
            Self::Program(line) => program(line, &app, slip),
            Self::Crate => oauth2_crate::run(&app, slip),
            Self::GitCredential => git_credential(&app),
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/real")
}

fn start(line: &[&str], environment: &[(&str, &str)]) -> Child {
    let mut command = Command::new("timeout");
    command.arg(SECONDS).args(line).current_dir(folder());
    command.envs(environment.iter().copied());
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = command.spawn();
    child.unwrap_or_else(|error| panic!("{line:?}: {error}; tests/real/install brings the clients"))
}

fn program(line: &[&str], app: &App, slip: Slip) -> Said {
    let slip = match slip {
        Slip::Mismatch => "mismatch",
        Slip::Spent => "spent",
        Slip::None | Slip::WrongSecret => "none",
    };
    let environment = [
        ("BASE", app.base.as_str()),
        ("CLIENT_ID", &app.id),
        ("CLIENT_SECRET", &app.secret),
        ("REDIRECT_URI", &app.redirect_uri),
        ("SLIP", slip),
    ];
    let mut child = start(line, &environment);
    let mut errors = child.stderr.take().expect("piped");
    let log = thread::spawn(move || {
        let mut log = String::new();
        errors.read_to_string(&mut log).expect("text");
        log
    });
    let mut out = BufReader::new(child.stdout.take().expect("piped")).lines();
    let first = out.next().and_then(Result::ok).unwrap_or_default();
    if let Some(url) = first.strip_prefix("open ") {
        let back = person::approves(&app.base, url);
        let mut input = child.stdin.take().expect("piped");
        writeln!(input, "{back}").expect("it reads");
    }
    let login = out
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("login ").map(str::to_owned));
    child.wait().expect("it ends");
    let log = log.join().expect("read");
    assert!(
        first.starts_with("open "),
        "{line:?} shows no authorization URL:\n{log}"
    );
    Said { login, log }
}

/// Asked by Git for a password, it opens the browser, listens on a port of its own, and prints the token.
fn git_credential(app: &App) -> Said {
    let scoped = |name: &str| format!("credential.{}.{name}", app.base);
    let home = tempfile::tempdir().expect("a folder");
    let mut environment = vec![
        ("BROWSER".to_owned(), "true".to_owned()),
        ("HOME".to_owned(), home.path().display().to_string()),
        ("GIT_CONFIG_COUNT".to_owned(), "4".to_owned()),
    ];
    for (number, (name, value)) in [
        ("oauthClientId", app.id.as_str()),
        ("oauthClientSecret", &app.secret),
        ("oauthAuthURL", "/login/oauth/authorize"),
        ("oauthTokenURL", "/login/oauth/access_token"),
    ]
    .into_iter()
    .enumerate()
    {
        environment.push((format!("GIT_CONFIG_KEY_{number}"), scoped(name)));
        environment.push((format!("GIT_CONFIG_VALUE_{number}"), value.to_owned()));
    }
    let environment: Vec<(&str, &str)> = environment
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let mut child = start(&["git-credential-oauth", "get"], &environment);
    let host = app.base.trim_start_matches("http://");
    let mut input = child.stdin.take().expect("piped");
    write!(input, "protocol=http\nhost={host}\n\n").expect("it reads");
    drop(input);

    let mut log = String::new();
    for line in BufReader::new(child.stderr.take().expect("piped"))
        .lines()
        .map_while(Result::ok)
    {
        if line.starts_with(&app.base) {
            let back = person::approves(&app.base, &line);
            person::request(&HttpRequest::get(back));
        } else {
            log.push_str(&line);
            log.push('\n');
        }
    }
    let mut out = String::new();
    let mut answer = child.stdout.take().expect("piped");
    answer.read_to_string(&mut out).expect("text");
    child.wait().expect("it ends");
    let token = out.lines().find_map(|line| line.strip_prefix("password="));
    let login = token.map(|token| {
        let ask = HttpRequest::get(format!("{}/user", app.base));
        let user = person::request(&ask.with_header("Authorization", format!("Bearer {token}")));
        let user: serde_json::Value = serde_json::from_str(&user.text()).expect("a user");
        user["login"].as_str().expect("a name").to_owned()
    });
    Said { login, log }
}
