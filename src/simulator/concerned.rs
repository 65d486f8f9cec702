//! Which app and which account a request is about. [`Options`](crate::simulator::Options) names one of each; while a request
//! that is about others is answered, those stand there.

use crate::{
    oauth::{http::HttpRequest, params::Params, time::Moment, token::request_params},
    simulator::{
        Simulator,
        server::{device::DEVICE, session::AUTHORIZE, tokens::managed_app},
    },
};

/// What changed places for one request, by number among the further apps and accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Concerned {
    app: Option<usize>,
    account: Option<usize>,
}

impl Simulator {
    /// Puts the app and the account that a request is about in the first place.
    pub(super) fn turn_to(&mut self, request: &HttpRequest, now: Moment) -> Concerned {
        let options = &self.options;
        if options.more_apps.is_empty() && options.more_accounts.is_empty() {
            return Concerned::default();
        }
        let sent = request_params(request);
        let client_id = self.client_asked(request, &sent, now);
        let account = self.account_asked(request, &sent);
        let options = &mut self.options;
        let app = client_id.and_then(|id| options.more_apps.iter().position(|app| app.client_id == id));
        if let Some(at) = app {
            std::mem::swap(&mut options.app, &mut options.more_apps[at]);
        }
        let account =
            account.and_then(|id| options.more_accounts.iter().position(|account| account.id == id));
        if let Some(at) = account {
            std::mem::swap(&mut options.account, &mut options.more_accounts[at]);
        }
        Concerned { app, account }
    }

    /// Puts them back.
    pub(super) fn turn_back(&mut self, concerned: Concerned) {
        let options = &mut self.options;
        if let Some(other) = concerned.app.and_then(|at| options.more_apps.get_mut(at)) {
            std::mem::swap(&mut options.app, other);
        }
        if let Some(other) = concerned.account.and_then(|at| options.more_accounts.get_mut(at)) {
            std::mem::swap(&mut options.account, other);
        }
    }

    /// The client that a request names or means.
    fn client_asked(&self, request: &HttpRequest, sent: &Params, now: Moment) -> Option<String> {
        if let Some((client_id, _)) = managed_app(request.path()) {
            return Some(client_id.to_owned());
        }
        if request.path() == DEVICE {
            let (_, open) = self.device_request(sent.get("user_code")?, now)?;
            return Some(open.client_id.clone());
        }
        if request.path() == "/session" {
            let (_, query) = sent.get("return_to")?.split_once('?')?;
            return Params::decode(query).get("client_id").map(str::to_owned);
        }
        if let Some(client_id) = sent.get("client_id") {
            return Some(client_id.to_owned());
        }
        let token = self.tokens.get(bearer(request)?)?;
        Some(token.client_id.clone())
    }

    /// The account that a request is made by, or that what it carries came of.
    fn account_asked(&self, request: &HttpRequest, sent: &Params) -> Option<u64> {
        let login = sent.get("login").or_else(|| sent.get("login_hint"));
        match request.path() {
            AUTHORIZE | DEVICE => match self.session(request).filter(|(_, session)| session.signed_in) {
                Some((_, session)) => Some(session.account),
                None => self.account_of_login(login?),
            },
            "/session" => None,
            _ => {
                let code = sent.get("code").and_then(|code| self.codes.get(code));
                let device = sent.get("device_code").and_then(|code| self.devices.get(code));
                let named = ["access_token", "refresh_token", "token"].map(|name| sent.get(name));
                let token = named
                    .into_iter()
                    .flatten()
                    .chain(bearer(request))
                    .find_map(|name| {
                        let access = self.tokens.get(name).map(|token| token.family);
                        access.or_else(|| self.refresh_tokens.get(name).map(|token| token.family))
                    });
                code.map(|code| code.account)
                    .or_else(|| device.and_then(|device| device.account))
                    .or_else(|| token.map(|family| family.account))
            }
        }
    }

    /// The account with that login name or address.
    pub(super) fn account_of_login(&self, login: &str) -> Option<u64> {
        let known = self.options.accounts().find(|account| {
            login.eq_ignore_ascii_case(&account.login) || login.eq_ignore_ascii_case(&account.email)
        });
        known.map(|account| account.id)
    }

    /// What the grant of the app and the account at hand is kept under.
    pub(super) fn grant_key(&self) -> String {
        format!("{} {}", self.options.account.id, self.options.app.client_id)
    }
}

/// The token in the `Authorization` header.
pub(super) fn bearer(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = request.header("authorization")?.trim().split_once(' ')?;
    let bearer = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token");
    bearer.then(|| token.trim())
}
