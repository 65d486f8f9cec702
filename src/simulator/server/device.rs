//! The device flow (docs/github.md §6, RFC 8628): the codes, the page where a person types the user code, and what a client
//! that asks for its token is told meanwhile.

use crate::{
    oauth::{
        device::SLOW_DOWN,
        http::{HttpRequest, HttpResponse},
        params::{Params, split_scope},
        time::Moment,
        token::request_params,
    },
    providers::github::{
        errors::{
            AUTHORIZATION_PENDING, DEVICE_ACCESS_DENIED, DEVICE_FLOW_DISABLED, EXPIRED_TOKEN,
            INCORRECT_DEVICE_CODE, NOT_FOUND, Refusal, SLOW_DOWN_REFUSAL,
        },
        scopes::{self, Requested},
    },
    simulator::{
        Simulator,
        options::Dialect,
        server::{
            bounded_store::same,
            pages::{self, DeviceConsentPage, DevicePage},
            response::{Encoding, Members, members, of_rfc_6749},
            texts::Words,
        },
    },
};

/// Where a person types the user code.
pub(crate) const DEVICE: &str = "/login/device";

/// What user codes are made of: no vowels, so that they make no words (RFC 8628 §6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// What became of a device code.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    Pending,
    Approved,
    Denied,
}

/// A device code that was issued, and not redeemed yet.
#[derive(Clone)]
pub(crate) struct DeviceRequest {
    pub(crate) client_id: String,
    user_code: String,
    requested: Requested,
    issued: Moment,
    fate: Fate,
    /// Seconds that the client has to leave between two requests by now.
    interval: u64,
    asked: Option<Moment>,
    /// [`Account::id`](crate::simulator::Account::id) of who decided.
    pub(crate) account: Option<u64>,
}

impl Simulator {
    /// `POST /login/device/code`. The secret is not asked for.
    pub(crate) fn device_code_answer(&mut self, request: &HttpRequest, now: Moment) -> HttpResponse {
        let rfc = self.options.habits.dialect == Dialect::Rfc6749;
        let encoding = if rfc {
            Encoding::Json
        } else {
            Encoding::asked_for(request)
        };
        match self.issue_device_code(&request_params(request), now) {
            Ok(codes) => encoding.write(200, &codes),
            Err(refusal) => {
                let refusal = if rfc { of_rfc_6749(refusal, false) } else { refusal };
                encoding.write(refusal.status, &members(&refusal))
            }
        }
    }

    fn issue_device_code(&mut self, sent: &Params, now: Moment) -> Result<Members, Refusal> {
        let client_id = self.options.app.client_id.clone();
        if sent.get("client_id") != Some(client_id.as_str()) {
            return Err(NOT_FOUND);
        }
        if !self.options.habits.device.enabled {
            return Err(DEVICE_FLOW_DISABLED);
        }
        let scope = sent.get("scope").unwrap_or_default();
        let requested = match self.options.habits.dialect {
            Dialect::GitHub => scopes::read(scope),
            Dialect::Rfc6749 => Requested {
                scopes: split_scope(scope),
                ..Requested::default()
            },
        };
        let device_code = self.entropy.draw_hex(40);
        let user_code = self.new_user_code();
        let habits = self.options.habits.device.clone();
        self.devices.put(
            device_code.clone(),
            DeviceRequest {
                client_id,
                user_code: user_code.clone(),
                requested,
                issued: now,
                fate: Fate::Pending,
                interval: habits.interval,
                asked: None,
                account: None,
            },
        );
        let page = format!("{}{DEVICE}", self.options.base_url);
        let name = if habits.old_name {
            "verification_url"
        } else {
            "verification_uri"
        };
        let mut codes: Members = vec![
            ("device_code", device_code.into()),
            ("user_code", user_code.clone().into()),
            (name, page.clone().into()),
        ];
        if habits.complete_uri {
            let complete = format!("{page}?user_code={user_code}");
            codes.push(("verification_uri_complete", complete.into()));
        }
        codes.push(("expires_in", habits.lifetime.into()));
        if habits.names_interval {
            codes.push(("interval", habits.interval.into()));
        }
        Ok(codes)
    }

    fn new_user_code(&mut self) -> String {
        let mut code = String::new();
        while code.len() < 9 {
            // 240 is the greatest multiple of 20 in a byte: without it some letters would come up more often.
            for byte in self.entropy.draw().into_iter().filter(|byte| *byte < 240) {
                if code.len() == 4 {
                    code.push('-');
                }
                if code.len() < 9 {
                    code.push(char::from(LETTERS[usize::from(byte % 20)]));
                }
            }
        }
        code
    }

    /// The token request with a device code, after the client was recognised.
    pub(crate) fn redeem_device_code(&mut self, sent: &Params, now: Moment) -> Result<Members, Refusal> {
        let name = sent.get("device_code").unwrap_or_default();
        let habits = &self.options.habits;
        let (lifetime, forgets) = (habits.device.lifetime, habits.device.forgets_expiry);
        let client_id = self.options.app.client_id.clone();
        let request = self
            .devices
            .get_mut(name)
            .filter(|request| request.client_id == client_id)
            .ok_or(INCORRECT_DEVICE_CODE)?;
        if now.since(request.issued) >= lifetime * 1000 && !forgets {
            return Err(EXPIRED_TOKEN);
        }
        let since = request.asked.replace(now).map(|asked| now.since(asked));
        if since.is_some_and(|millis| millis < request.interval * 1000) {
            request.interval += SLOW_DOWN;
            return Err(SLOW_DOWN_REFUSAL);
        }
        match request.fate {
            Fate::Pending => return Err(AUTHORIZATION_PENDING),
            Fate::Denied => return Err(DEVICE_ACCESS_DENIED),
            Fate::Approved => {}
        }
        let approved = self.devices.take(name).ok_or(INCORRECT_DEVICE_CODE)?;
        let mut granted = approved.requested.scopes;
        granted.retain(|scope| !self.options.account.withholds.contains(scope));
        let expiring = self.is_expiring(approved.requested.offline);
        Ok(self.issue(granted, expiring, now))
    }

    /// The interval that a device code has come to.
    pub(crate) fn device_interval(&self, sent: &Params) -> Option<u64> {
        let request = self.devices.get(sent.get("device_code")?)?;
        Some(request.interval)
    }

    /// The open request with that user code, however it is typed, and its device code.
    pub(crate) fn device_request(&self, typed: &str, now: Moment) -> Option<(&str, &DeviceRequest)> {
        let letters = |code: &str| -> String {
            let letters = code.chars().filter(char::is_ascii_alphanumeric);
            letters.map(|c| c.to_ascii_uppercase()).collect()
        };
        let typed = letters(typed);
        let lifetime = self.options.habits.device.lifetime * 1000;
        self.devices.iter().find(|(_, request)| {
            request.fate == Fate::Pending
                && now.since(request.issued) < lifetime
                && same(&letters(&request.user_code), &typed)
        })
    }

    /// `GET /login/device`
    pub(crate) fn device_page(&mut self, request: &HttpRequest) -> HttpResponse {
        let target = match request.query() {
            Some(query) => format!("{DEVICE}?{query}"),
            None => DEVICE.to_owned(),
        };
        let Some((_, session)) = self.session(request).filter(|(_, session)| session.signed_in) else {
            return self.sign_in_page(request, &target, None);
        };
        let asked = Params::decode(request.query().unwrap_or_default());
        pages::device(
            Words::asked_for(request),
            &DevicePage {
                account: &self.options.account.login,
                authenticity_token: &session.authenticity_token,
                user_code: asked.get("user_code").unwrap_or_default(),
                is_unknown: false,
            },
        )
    }

    /// `POST /login/device`: the user code, then the decision.
    pub(crate) fn device_form(&mut self, request: &HttpRequest, now: Moment) -> HttpResponse {
        let words = Words::asked_for(request);
        let form = Params::decode(&String::from_utf8_lossy(&request.body));
        let value = |name: &str| form.get(name).unwrap_or_default();
        let Some((_, session)) = self.session(request).filter(|(_, session)| {
            session.signed_in && same(&session.authenticity_token, value("authenticity_token"))
        }) else {
            return pages::stale(words, DEVICE);
        };
        let typed = value("user_code");
        let Some((name, open)) = self.device_request(typed, now) else {
            let page = DevicePage {
                account: &self.options.account.login,
                authenticity_token: &session.authenticity_token,
                user_code: typed,
                is_unknown: true,
            };
            return pages::device(words, &page);
        };
        let fate = match form.get("authorize") {
            None => {
                let page = DeviceConsentPage {
                    app: &self.options.app.name,
                    client_id: &self.options.app.client_id,
                    account: &self.options.account.login,
                    user_code: &open.user_code,
                    requested: &open.requested,
                    authenticity_token: &session.authenticity_token,
                };
                return pages::device_consent(words, &page);
            }
            Some("1") => Fate::Approved,
            Some(_) => Fate::Denied,
        };
        let (name, approved) = (name.to_owned(), fate == Fate::Approved);
        if let Some(open) = self.devices.get_mut(&name) {
            open.fate = fate;
            open.account = Some(self.options.account.id);
        }
        pages::device_decided(words, approved)
    }
}
