//! A headless Chromium, spoken to by the `WebDriver` protocol (<https://www.w3.org/TR/webdriver2/>).

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use oauthlens::{io::http_client::Client, oauth::http::HttpRequest};
use serde_json::{Value, json};

/// How long a page may take to become what is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

pub const ENTER: &str = "\u{e007}";
pub const TAB: &str = "\u{e004}";
pub const SHIFT_TAB: &str = "\u{e008}\u{e004}";

/// A browser with one tab and an empty profile. Dropping it ends it.
pub struct Browser {
    runtime: tokio::runtime::Runtime,
    client: Client,
    driver: Child,
    session: String,
    profile: tempfile::TempDir,
}

impl Browser {
    /// Starts one that asks for pages in `language`, dark or light.
    pub fn start(language: &str, dark: bool) -> Self {
        let (driver, port) = chromedriver();
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let mut browser = Self {
            runtime,
            client: Client::new(None),
            driver,
            session: format!("http://127.0.0.1:{port}"),
            profile,
        };
        let flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-proxy-server",
            "--window-size=1000,760",
            &format!("--accept-lang={language}"),
            &format!("--user-data-dir={}", browser.profile.path().display()),
        ]
        .map(str::to_owned);
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": flags},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let session = browser.command("POST", "/session", &wanted);
        browser.session = format!("{}/session/{}", browser.session, text(&session["sessionId"]));
        let scheme = json!([{"name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" }}]);
        browser.devtools("Emulation.setEmulatedMedia", &json!({"features": scheme}));
        browser
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut request = HttpRequest::get(format!("{}{path}", self.session));
        request.method = method.into();
        if method == "POST" {
            request = request.with_header("Content-Type", "application/json");
            request.body = body.to_string().into_bytes();
        }
        let (answer, _) = self.runtime.block_on(self.client.send(&request));
        let answer = answer.unwrap_or_else(|failure| panic!("{method} {path}: chromedriver: {failure:?}"));
        let mut value: Value = serde_json::from_slice(&answer.body).expect("chromedriver answers with JSON");
        assert_eq!(
            answer.status, 200,
            "{method} {path} {body}: {}",
            value["value"]["message"]
        );
        value["value"].take()
    }

    fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.command(
            "POST",
            "/goog/cdp/execute",
            &json!({"cmd": command, "params": parameters}),
        )
    }

    /// Opens an address and waits until the page is loaded.
    pub fn open(&self, url: &str) {
        self.command("POST", "/url", &json!({ "url": url }));
    }

    /// What the address bar shows.
    pub fn address(&self) -> String {
        text(&self.command("GET", "/url", &Value::Null))
    }

    /// What a function body returns in the page.
    pub fn evaluate(&self, body: &str) -> Value {
        self.command("POST", "/execute/sync", &json!({"script": body, "args": []}))
    }

    /// The visible text of the page.
    pub fn page_text(&self) -> String {
        text(&self.evaluate("return document.body.innerText"))
    }

    /// Waits until an expression is true in the page, whatever page that is by then.
    pub fn wait_until(&self, expression: &str) {
        let started = Instant::now();
        while self.evaluate(&format!("return Boolean({expression})")) != true {
            assert!(
                started.elapsed() < PATIENCE,
                "never true: {expression}\n{}\n{}",
                self.address(),
                self.page_text()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses keys one after another; [`SHIFT_TAB`] is pressed as one.
    pub fn press(&self, keys: &str) {
        let mut actions = Vec::new();
        let mut shift = false;
        for key in keys.chars() {
            actions.push(json!({"type": "keyDown", "value": key}));
            if key == '\u{e008}' {
                shift = true;
                continue;
            }
            actions.push(json!({"type": "keyUp", "value": key}));
            if std::mem::take(&mut shift) {
                actions.push(json!({"type": "keyUp", "value": "\u{e008}"}));
            }
        }
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": actions});
        self.command("POST", "/actions", &json!({ "actions": [keyboard] }));
    }

    /// Name and role, as a screen reader says them, of each element that a selector finds.
    pub fn accessible(&self, selector: &str) -> Vec<(String, String)> {
        let found = self.command(
            "POST",
            "/elements",
            &json!({"using": "css selector", "value": selector}),
        );
        let found = found.as_array().cloned().unwrap_or_default();
        let id = |element: &Value| {
            element
                .as_object()
                .and_then(|map| map.values().next())
                .map(text)
                .unwrap_or_default()
        };
        let ask = |element: &Value, what: &str| {
            text(&self.command("GET", &format!("/element/{}/{what}", id(element)), &Value::Null))
        };
        found
            .iter()
            .map(|element| (ask(element, "computedlabel"), ask(element, "computedrole")))
            .collect()
    }

    /// What the console said since it was asked last.
    pub fn console(&self) -> Vec<String> {
        let log = self.command("POST", "/se/log", &json!({"type": "browser"}));
        log.as_array()
            .into_iter()
            .flatten()
            .map(|entry| text(&entry["message"]))
            .collect()
    }

    /// Makes the window so many pixels wide, as on a telephone.
    pub fn set_width(&self, pixels: u32) {
        let metrics = json!({"width": pixels, "height": 760, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics);
    }

    /// Keeps a picture of the page where `OAUTHLENS_SCREENSHOTS` names a folder, so that a person can look at it.
    pub fn keep_picture(&self, name: &str) {
        use base64::Engine as _;
        let Some(folder) = std::env::var_os("OAUTHLENS_SCREENSHOTS") else {
            return;
        };
        let picture = text(&self.command("GET", "/screenshot", &Value::Null));
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(picture)
            .expect("a screenshot is base64");
        std::fs::create_dir_all(&folder).expect("the folder for pictures");
        std::fs::write(Path::new(&folder).join(format!("{name}.png")), bytes).expect("a picture is written");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.command("DELETE", "", &Value::Null);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Starts chromedriver on a port of its own choice.
fn chromedriver() -> (Child, u16) {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("chromedriver cannot be started ({error}); `.ci/run` installs it with Chromium")
        });
    let said = BufReader::new(driver.stdout.take().expect("piped"));
    let port = said
        .lines()
        .map_while(Result::ok)
        .find_map(|line| {
            line.split_once("successfully on port ")?
                .1
                .trim_end_matches('.')
                .parse()
                .ok()
        })
        .expect("chromedriver says its port");
    (driver, port)
}

/// A JSON text as it is.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
