//! Browser sessions: the cookie, the token that ties a form to it, and signing in.

use crate::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::Params,
    },
    simulator::{
        Simulator,
        server::{
            bounded_store::same,
            device::DEVICE,
            pages::{self, SignInPage, SignInProblem},
            response::redirect,
            texts::Words,
        },
    },
};

/// Where an authorization request goes; a sign-in returns to nothing else.
pub(crate) const AUTHORIZE: &str = "/login/oauth/authorize";

/// One browser, before or after it signed in.
#[derive(Clone)]
pub(crate) struct Session {
    /// What a form of this session has to carry, so that no other site can post it.
    pub(crate) authenticity_token: String,
    pub(crate) signed_in: bool,
    /// [`Account::id`](crate::simulator::Account::id) of who signed in.
    pub(crate) account: u64,
}

/// True for the pages in front of which a person signs in.
fn is_ours(return_to: &str) -> bool {
    match return_to.split_once('?') {
        Some((path, _)) => path == AUTHORIZE || path == DEVICE,
        None => return_to == DEVICE,
    }
}

impl Simulator {
    /// The session whose cookie the request carries, as id and content.
    pub(crate) fn session(&self, request: &HttpRequest) -> Option<(&str, &Session)> {
        let name = self.cookie_name();
        request
            .headers
            .iter()
            .filter(|(field, _)| field.eq_ignore_ascii_case("cookie"))
            .flat_map(|(_, cookies)| cookies.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .filter(|(cookie, _)| *cookie == name)
            .find_map(|(_, id)| self.sessions.get_key_value(id))
    }

    /// Cookies know no ports, so two simulators on one host need two names.
    fn cookie_name(&self) -> String {
        let port = self.options.base_url.rsplit(':').next().unwrap_or_default();
        let digits = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
        format!("oauthlens_simulator_{}", if digits { port } else { "session" })
    }

    /// `Lax`, not `Strict`: an authorization request comes from another site and still belongs to the person signed in.
    fn set_cookie(&self, response: &mut HttpResponse, id: &str) {
        let secure = if self.options.base_url.starts_with("https:") {
            "; Secure"
        } else {
            ""
        };
        let cookie = format!(
            "{}={id}; Path=/; HttpOnly; SameSite=Lax{secure}",
            self.cookie_name()
        );
        response.headers.push(("Set-Cookie".into(), cookie));
    }

    fn new_session(&mut self, signed_in: bool) -> (String, Session) {
        let id = self.entropy.draw_hex(40);
        let session = Session {
            authenticity_token: self.entropy.draw_hex(40),
            signed_in,
            account: self.options.account.id,
        };
        self.sessions.put(id.clone(), session.clone());
        (id, session)
    }

    /// The sign-in page in front of an authorization request, with a session of its own where there is none yet.
    pub(crate) fn sign_in_page(
        &mut self,
        request: &HttpRequest,
        return_to: &str,
        problem: Option<SignInProblem>,
    ) -> HttpResponse {
        let known = self.session(request).map(|(_, session)| session.clone());
        let (new_id, session) = if let Some(session) = known {
            (None, session)
        } else {
            let (id, session) = self.new_session(false);
            (Some(id), session)
        };
        let asked = Params::decode(return_to.split_once('?').map_or("", |(_, query)| query));
        let account = &self.options.account.login;
        let content = SignInPage {
            app: &self.options.app.name,
            account,
            login: asked
                .get("login")
                .filter(|login| !login.is_empty())
                .unwrap_or(account),
            authenticity_token: &session.authenticity_token,
            return_to,
            redirect_uri: asked
                .get("redirect_uri")
                .or_else(|| self.options.app.registered.first().map(|r| r.uri.as_str())),
            problem,
        };
        let mut response = pages::sign_in(Words::asked_for(request), &content);
        if let Some(id) = new_id {
            self.set_cookie(&mut response, &id);
        }
        response
    }

    /// `POST /session`: any password will do, but only for an account that there is.
    pub(crate) fn sign_in(&mut self, request: &HttpRequest) -> HttpResponse {
        let form = Params::decode(&String::from_utf8_lossy(&request.body));
        let value = |name: &str| form.get(name).unwrap_or_default();
        let return_to = value("return_to");
        if !is_ours(return_to) {
            return pages::not_found(Words::asked_for(request));
        }
        let Some(id) = self
            .session(request)
            .filter(|(_, session)| same(&session.authenticity_token, value("authenticity_token")))
            .map(|(id, _)| id.to_owned())
        else {
            return self.sign_in_page(request, return_to, Some(SignInProblem::Stale));
        };
        let login = value("login").trim();
        let Some(account) = self.account_of_login(login) else {
            return self.sign_in_page(request, return_to, Some(SignInProblem::UnknownLogin(login)));
        };
        // A new id from here on: one that was planted before the sign-in is worth nothing after it.
        self.sessions.take(&id);
        let (id, _) = self.new_session(true);
        if let Some(session) = self.sessions.get_mut(&id) {
            session.account = account;
        }
        let mut response = redirect(return_to);
        self.set_cookie(&mut response, &id);
        response
    }
}
