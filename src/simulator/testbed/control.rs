//! The control API: `/_control` and what lies below it. JSON in, JSON out; what is wrong is said in a sentence.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::Params,
        time::Moment,
    },
    simulator::{
        Account, App, AppKind,
        server::response,
        testbed::{
            Start, Testbed,
            fault::FAULTS,
            records::FILTERS,
            settings::{AppSetting, Approve, ClockTime, FaultSetting, UserSetting},
            wrong::{Wrong, told},
        },
    },
    text::{nearest::nearest, time::rfc3339},
};

/// Where it is.
pub(super) const ROOT: &str = "/_control";
pub(super) const BELOW: &str = "/_control/";

/// What a test says about the clock.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockSetting {
    /// Seconds by which it goes forward.
    #[serde(default)]
    advance: u64,
    /// The time that it is from now on.
    set: Option<ClockTime>,
    /// It stands still, or goes on.
    stopped: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApproveSetting {
    approve: Approve,
}

/// Why a request to the control API gets nothing.
enum Refused {
    /// It says something that is wrong.
    Wrong(u16, Wrong),
    /// Its body cannot be read.
    Body(String),
}

impl From<Wrong> for Refused {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(400, wrong)
    }
}

/// What is wrong with a request, in the language that it asks for.
pub(super) fn refused(status: u16, wrong: &Wrong, request: &HttpRequest) -> HttpResponse {
    let sentences = &Testbed::words(request).control;
    let mut answer = json!({ "error": wrong.key, "message": wrong.told(sentences) });
    if wrong.key.starts_with("fault") {
        answer["faults"] = FAULTS.iter().map(|fault| fault.name).collect();
    }
    response::json(status, &answer)
}

impl Testbed {
    pub(super) fn control(&mut self, request: &HttpRequest, told_time: Moment) -> HttpResponse {
        match self.controlled_by(request, told_time) {
            Ok(Value::Null) => response::answer(204, "application/json; charset=utf-8", ""),
            Ok(value) => response::json(200, &value),
            Err(Refused::Wrong(status, wrong)) => refused(status, &wrong, request),
            Err(Refused::Body(message)) => {
                let message = told(&message, &Self::words(request).control);
                response::json(400, &json!({ "error": "body", "message": message }))
            }
        }
    }

    fn controlled_by(&mut self, request: &HttpRequest, told_time: Moment) -> Result<Value, Refused> {
        self.is_no_page_of_another(request)?;
        let path = request.path().trim_end_matches('/');
        let below = path.strip_prefix(BELOW).unwrap_or_default();
        let (thing, name) = below.split_once('/').unwrap_or((below, ""));
        let name = percent_decoded(name);
        match (request.method.as_str(), thing, name.as_str()) {
            ("GET", "", "") => Ok(self.state(told_time)),
            ("GET", "apps", "") => Ok(self.simulator.options().apps().map(app_json).collect()),
            ("POST", "apps", "") => self.put_app(body(request)?),
            ("DELETE", "apps", id) if !id.is_empty() => self.drop_app(id),
            ("GET", "users", "") => Ok(self.simulator.options().accounts().map(account_json).collect()),
            ("POST", "users", "") => self.put_user(body(request)?),
            ("DELETE", "users", login) if !login.is_empty() => self.drop_user(login),
            ("GET", "faults", "") => Ok(self.planned()),
            ("GET", "faults", "known") => Ok(known_faults(request)),
            ("POST", "faults", "") => {
                let number = self.plan.add(body::<FaultSetting>(request)?.into())?;
                Ok(json!({ "number": number }))
            }
            ("DELETE", "faults", "") => {
                self.plan.clear();
                Ok(Value::Null)
            }
            ("DELETE", "faults", number) => match number.parse() {
                Ok(known) if self.plan.remove(known) => Ok(Value::Null),
                _ => Err(Refused::Wrong(404, Wrong::new("no_such", number, ""))),
            },
            ("GET", "clock", "") => Ok(self.clock(told_time)),
            ("POST", "clock", "") => {
                self.set_clock(&body(request)?, told_time);
                Ok(self.clock(told_time))
            }
            ("POST", "approve", "") => {
                self.approve = body::<ApproveSetting>(request)?.approve;
                Ok(json!({ "approve": self.approve.name() }))
            }
            ("GET", "requests", "") => self.asked_records(request),
            ("DELETE", "requests", "") => {
                self.records.clear();
                Ok(Value::Null)
            }
            ("POST", "reset", "") => {
                self.reset();
                Ok(Value::Null)
            }
            (method, _, _) => {
                let asked = format!("{method} {path}");
                Err(Refused::Wrong(404, Wrong::new("no_such", asked, "")))
            }
        }
    }

    /// A page of another site that a browser shows must not control a simulator on the same computer: browsers say where a
    /// request comes from, and the name that they were led to.
    fn is_no_page_of_another(&self, request: &HttpRequest) -> Result<(), Refused> {
        let own = &self.simulator.options().base_url;
        let foreign = request
            .header("origin")
            .filter(|origin| origin != own)
            .or_else(|| {
                let host = request.header("host")?;
                let is_own = own
                    .split_once("://")
                    .is_some_and(|(_, authority)| authority == host);
                (!self.any_host && !is_here(host) && !is_own).then_some(host)
            });
        match foreign {
            Some(foreign) => Err(Refused::Wrong(403, Wrong::new("foreign", foreign, ""))),
            None => Ok(()),
        }
    }

    fn reset(&mut self) {
        if let Some(start) = &self.start {
            let Start {
                simulator,
                approve,
                plan,
                time,
            } = start.as_ref().clone();
            (self.simulator, self.approve, self.plan, self.time) = (simulator, approve, plan, time);
            self.records.forget();
        }
    }

    fn state(&self, told_time: Moment) -> Value {
        let simulator = &self.simulator;
        let options = simulator.options();
        json!({
            "base_url": options.base_url,
            "issuer": simulator.issuer(),
            "approve": self.approve.name(),
            "clock": self.clock(told_time),
            "apps": options.apps().map(|app| app.client_id.as_str()).collect::<Vec<_>>(),
            "users": options.accounts().map(|account| account.login.as_str()).collect::<Vec<_>>(),
            "faults": self.planned(),
            "codes": simulator.codes.len(),
            "access_tokens": simulator.tokens.len(),
            "refresh_tokens": simulator.refresh_tokens.len(),
            "device_codes": simulator.devices.len(),
            "sessions": simulator.sessions.len(),
            "remembered": simulator.codes.room(),
            "requests": self.records.count(),
            "recorded": self.records.room(),
        })
    }

    fn clock(&self, told_time: Moment) -> Value {
        json!({
            "now": rfc3339(self.time.now(told_time).0),
            "stopped": self.time.stopped_at.is_some(),
        })
    }

    fn set_clock(&mut self, asked: &ClockSetting, told_time: Moment) {
        let from = asked.set.map_or(self.time.now(told_time), |set| set.0);
        let now = from.plus(asked.advance.saturating_mul(1000));
        match asked.stopped {
            Some(true) => self.time.stopped_at = Some(now),
            Some(false) => self.time.stopped_at = None,
            None => {}
        }
        self.time.set(told_time, now);
    }

    fn planned(&self) -> Value {
        let told = self.plan.iter().map(|planned| {
            let scheduled = &planned.scheduled;
            json!({
                "number": planned.number,
                "name": scheduled.fault.name,
                "nth": scheduled.nth,
                "every": scheduled.every,
                "client": scheduled.client,
                "met": planned.met,
                "happened": planned.happened,
            })
        });
        told.collect()
    }

    fn put_app(&mut self, setting: AppSetting) -> Result<Value, Refused> {
        let secret = self.new_secret();
        let known = self.simulator.options_mut().apps_mut();
        let mut same = known.filter(|app| app.client_id == setting.client_id);
        // An app that is told anew keeps its secret.
        let app = if let Some(app) = same.next() {
            let kept = app.client_secret.clone();
            *app = setting.app(|| kept);
            app_json(app)
        } else {
            drop(same);
            let options = self.simulator.options_mut();
            if options.more_apps.len() >= MOST {
                return Err(Wrong::new("too_many", MOST.to_string(), "").into());
            }
            let app = setting.app(|| secret);
            let told = app_json(&app);
            options.more_apps.push(app);
            told
        };
        Ok(app)
    }

    fn drop_app(&mut self, id: &str) -> Result<Value, Refused> {
        let options = self.simulator.options_mut();
        let (app, more) = (&mut options.app, &mut options.more_apps);
        drop_named(app, more, |app| app.client_id == id).ok_or_else(|| missing(id))
    }

    fn put_user(&mut self, setting: UserSetting) -> Result<Value, Refused> {
        let options = self.simulator.options_mut();
        let free = options.accounts().map(|account| account.id).max().unwrap_or(0) + 1;
        let mut known = options.accounts_mut();
        if let Some(account) = known.find(|account| account.login == setting.login) {
            *account = setting.account(account.id);
            return Ok(account_json(account));
        }
        drop(known);
        if options.more_accounts.len() >= MOST {
            return Err(Wrong::new("too_many", MOST.to_string(), "").into());
        }
        let account = setting.account(free);
        let told = account_json(&account);
        options.more_accounts.push(account);
        Ok(told)
    }

    fn drop_user(&mut self, login: &str) -> Result<Value, Refused> {
        let options = self.simulator.options_mut();
        let (account, more) = (&mut options.account, &mut options.more_accounts);
        drop_named(account, more, |account| account.login == login).ok_or_else(|| missing(login))
    }

    fn asked_records(&self, request: &HttpRequest) -> Result<Value, Refused> {
        let wanted = Params::decode(request.query().unwrap_or_default());
        for (name, _) in wanted.iter() {
            if !FILTERS.contains(&name) {
                let meant = nearest(name, FILTERS).map_or_else(|| FILTERS.join(", "), str::to_owned);
                return Err(Wrong::new("filter", name, meant).into());
            }
        }
        let plain = wanted.get("secrets") == Some("plain");
        let fitting = self.records.iter().filter(|recorded| recorded.fits(&wanted));
        Ok(fitting.map(|recorded| recorded.to_json(plain)).collect())
    }
}

/// Every fault with what it does.
fn known_faults(request: &HttpRequest) -> Value {
    let sentences = &Testbed::words(request).faults;
    let told = FAULTS
        .iter()
        .map(|fault| json!({ "name": fault.name, "does": sentences.get(fault.name) }));
    told.collect()
}

/// Apps, and accounts, beside the first.
const MOST: usize = 1_000;

fn missing(name: &str) -> Refused {
    Refused::Wrong(404, Wrong::new("no_such", name, ""))
}

/// Takes one away, the first as well as another; the last one stays, since there is always one.
fn drop_named<T>(first: &mut T, more: &mut Vec<T>, is_meant: impl Fn(&T) -> bool) -> Option<Value> {
    if let Some(at) = more.iter().position(&is_meant) {
        more.remove(at);
    } else if is_meant(first) && !more.is_empty() {
        *first = more.remove(0);
    } else {
        return None;
    }
    Some(Value::Null)
}

fn app_json(app: &App) -> Value {
    let uris = app
        .registered
        .iter()
        .map(|known| json!({ "uri": known.uri, "wildcard": known.wildcard }));
    json!({
        "client_id": app.client_id,
        // Made up for tests, and what the test needs: it opens nothing but this simulator.
        "client_secret": app.client_secret.reveal(),
        "name": app.name,
        "kind": match app.kind {
            AppKind::OAuthApp => "oauth",
            AppKind::GitHubApp => "github-app",
        },
        "redirect_uris": uris.collect::<Vec<_>>(),
        "suspended": app.suspended,
        "expiring_tokens": app.expiring_tokens,
    })
}

fn account_json(account: &Account) -> Value {
    json!({
        "login": account.login,
        "name": account.name,
        "email": account.email,
        "email_verified": account.email_verified,
        "id": account.id,
        "withholds": account.withholds,
    })
}

fn body<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, Refused> {
    serde_json::from_slice(&request.body).map_err(|error| Refused::Body(error.to_string()))
}

fn percent_decoded(text: &str) -> String {
    let named = Params::decode(&format!("n={}", text.replace('+', "%2B")));
    named.get("n").unwrap_or_default().to_owned()
}

/// True for a `Host` of this computer.
fn is_here(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, port)| {
        if port.bytes().all(|byte| byte.is_ascii_digit()) {
            name
        } else {
            host
        }
    });
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
