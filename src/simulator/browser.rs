//! A browser and a person in one, for tests and for the key that approves from inside the terminal.

use crate::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::Params,
        time::Moment,
    },
    simulator::{Simulator, server::device::DEVICE},
    text::html::{unescape, visible_text},
};

/// What the person does on the consent page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Presses Authorize.
    Approve,
    /// Presses Cancel.
    Deny,
}

/// A page from which no redirect leads back to the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// The status of the page.
    pub status: u16,
    /// What a person can read on it.
    pub text: String,
}

/// No walk takes more: the request, the sign-in form, the request again, the decision.
const STEPS: usize = 6;

impl Simulator {
    /// Signs in and decides by the requests a person's browser would make, each answered by [`Simulator::respond`].
    ///
    /// The browser is a fresh one without cookies. Where no consent page comes (a returning user and no `scope`), nothing
    /// is asked and [`Decision::Deny`] has no say.
    ///
    /// # Errors
    /// [`Stuck`] with the page that was reached when the simulator does not redirect, for example 404 for an unknown
    /// `client_id`.
    pub fn decide(
        &mut self,
        authorization_url: &str,
        decision: Decision,
        now: Moment,
    ) -> Result<String, Stuck> {
        self.browse(authorization_url, decision, None, now)
    }

    /// Signs in, types the user code at the page where it is asked for, and decides.
    ///
    /// # Errors
    /// [`Stuck`] with the page that was reached when the simulator knows no such code.
    pub fn decide_device(&mut self, user_code: &str, decision: Decision, now: Moment) -> Result<(), Stuck> {
        match self.browse(DEVICE, decision, Some(user_code), now) {
            // The last page says what was decided, and leads nowhere.
            Ok(_) | Err(Stuck { status: 200, .. }) => Ok(()),
            Err(stuck) => Err(stuck),
        }
    }

    fn browse(
        &mut self,
        url: &str,
        decision: Decision,
        user_code: Option<&str>,
        now: Moment,
    ) -> Result<String, Stuck> {
        let mut cookie = None;
        let mut request = HttpRequest::get(url);
        let mut response = HttpResponse::default();
        for _ in 0..STEPS {
            if let Some(cookie) = &cookie {
                request = request.with_header("Cookie", cookie);
            }
            response = self.respond(&request, now);
            if let Some(set) = response.header("set-cookie") {
                cookie = set.split(';').next().map(str::to_owned);
            }
            let next = match response.header("location") {
                Some(target) if target.starts_with('/') => HttpRequest::get(target),
                Some(target) => return Ok(target.to_owned()),
                None => match submit_form(&response.text(), decision, user_code)
                    .filter(|_| response.status == 200)
                {
                    Some(filled_in) => filled_in,
                    None => break,
                },
            };
            request = next;
        }
        Err(Stuck {
            status: response.status,
            text: body_text(&response.text()),
        })
    }
}

/// Fills in the page's form and presses the button; `None` where there is no form.
fn submit_form(page: &str, decision: Decision, user_code: Option<&str>) -> Option<HttpRequest> {
    let form = page.split_once("<form ")?.1.split_once("</form>")?.0;
    let action = attribute(form, "action")?;
    let mut params = Params::default();
    for input in form.split("<input ").skip(1) {
        let tag = input.split('>').next().unwrap_or_default();
        if let Some(name) = attribute(tag, "name") {
            let typed = user_code.filter(|_| name == "user_code").map(str::to_owned);
            let value = typed.or_else(|| attribute(tag, "value")).unwrap_or_default();
            params.push(&name, value);
        }
    }
    if form.contains("name=\"authorize\"") {
        params.push("authorize", if decision == Decision::Approve { "1" } else { "0" });
    }
    Some(HttpRequest {
        method: "POST".into(),
        url: action,
        body: params.encode().into_bytes(),
        ..HttpRequest::default()
    })
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!("{name}=\""))?.1.split_once('"')?.0;
    Some(unescape(value))
}

/// What a page says: not its title, which is not on it, and not the simulator's own words around it.
fn body_text(page: &str) -> String {
    let (_, body) = page.split_once("<body>").unwrap_or(("", page));
    let main = body
        .split_once("<main>")
        .and_then(|(_, main)| main.split_once("</main>"));
    visible_text(main.map_or(body, |(main, _)| main))
}
