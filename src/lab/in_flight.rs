//! A fault put into a flow of another program as it passes the tap. The same faults as in the laboratory, as far as they can
//! be made from outside: values of the two requests, the redirect, and what the token endpoint answers.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    flow::configuration::{Configuration, Origins},
    lab::faults::{Expected, Fault, Group},
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::{Params, encode_value},
        pkce,
        random::Entropy,
        secret::Secret,
        time::Moment,
        token::{AuthorizationCode, TokenRequest, request_params},
    },
    simulator::Simulator,
};

/// A fault, and in which flow it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InFlight {
    fault: Fault,
    /// Counted from 1; `None` is every one.
    nth: Option<u32>,
}

/// What a fault changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The authorization request.
    Authorization,
    /// The redirect back to the client.
    Redirect,
    /// The token request.
    TokenRequest,
    /// The token request is sent once more before the client's own.
    Before,
    /// The token endpoint's place is taken.
    Answer,
    /// There is no answer at all.
    Silence,
}

impl InFlight {
    /// Reads `NAME` or `NAME@N`; `None` where there is no such fault, it cannot be made in flight, or N is no number from 1.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, nth) = match text.split_once('@') {
            Some((name, nth)) => (name, Some(nth.parse().ok().filter(|nth| *nth > 0)?)),
            None => (text, None),
        };
        let fault = Fault::from_name(name)?;
        target(fault)?;
        Some(Self { fault, nth })
    }

    /// The names of all faults that can be made in flight.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Fault::ALL
            .iter()
            .filter(|fault| target(**fault).is_some())
            .map(|fault| fault.name())
    }

    /// The name, as it is given.
    pub fn name(self) -> String {
        match self.nth {
            Some(nth) => format!("{}@{nth}", self.fault.name()),
            None => self.fault.name().to_owned(),
        }
    }

    /// What it changes.
    pub fn target(self) -> Option<Target> {
        target(self.fault)
    }

    /// True when it is made in the flow of that number, counted from 1.
    pub fn hits(self, number: u32) -> bool {
        self.nth.is_none_or(|nth| nth == number)
    }

    /// The address of the authorization request, with the fault in it.
    pub fn authorization(self, url: &str) -> String {
        let Some((endpoint, query)) = url.split_once('?') else {
            return url.to_owned();
        };
        let mut params = Params::decode(query);
        let value = |name: &str| params.get(name).unwrap_or_default().to_owned();
        let before = Configuration {
            client_id: value("client_id"),
            redirect_uri: value("redirect_uri"),
            ..Configuration::default()
        };
        let mut after = before.clone();
        self.fault.alter_configuration(&mut after);
        set(&mut params, "client_id", &before.client_id, &after.client_id);
        set(
            &mut params,
            "redirect_uri",
            &before.redirect_uri,
            &after.redirect_uri,
        );
        if after.challenge_method == pkce::PLAIN {
            params.0.retain(|(name, _)| name != "code_challenge_method");
            params.push("code_challenge_method", pkce::PLAIN);
        }
        format!("{endpoint}?{}", params.encode())
    }

    /// The address that the browser is sent back with, with the fault in it.
    pub fn redirect(self, location: &str) -> String {
        self.fault.alter_redirect(location)
    }

    /// The token request with the fault in it, and which of its values are the fault's.
    pub fn token_request(self, mut request: HttpRequest) -> (HttpRequest, Origins) {
        let mut origins = Origins::default();
        let params = request_params(&request);
        let value = |name: &str| params.get(name).map(str::to_owned);
        let before = TokenRequest {
            endpoint: request.url.clone(),
            client_id: value("client_id").unwrap_or_default(),
            client_secret: value("client_secret").map(Secret::new),
            grant: AuthorizationCode {
                code: value("code").unwrap_or_default(),
                redirect_uri: value("redirect_uri"),
                code_verifier: value("code_verifier").map(Secret::new),
            },
            ..TokenRequest::default()
        };
        let mut after = before.clone();
        self.fault.alter_exchange(&mut after, &mut origins);
        request.url.clone_from(&after.endpoint);
        if self.fault == Fault::FormEncodedAnswer {
            request
                .headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("accept"));
        }
        let reveal = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.reveal().to_owned());
        let changes: Vec<(&str, Option<String>)> = [
            ("client_id", Some(before.client_id), Some(after.client_id)),
            (
                "client_secret",
                reveal(&before.client_secret),
                reveal(&after.client_secret),
            ),
            ("code", Some(before.grant.code), Some(after.grant.code)),
            (
                "redirect_uri",
                before.grant.redirect_uri,
                after.grant.redirect_uri,
            ),
            (
                "code_verifier",
                reveal(&before.grant.code_verifier),
                reveal(&after.grant.code_verifier),
            ),
        ]
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(name, _, after)| (name, after))
        .collect();
        write(&mut request, &params, &changes);
        (request, origins)
    }

    /// What is answered in the token endpoint's place.
    pub fn answer(self, request: &HttpRequest, now: Moment) -> HttpResponse {
        let mut simulator = Simulator::demo(
            "http://127.0.0.1",
            "http://127.0.0.1",
            Entropy::from_seed([0; 32]),
        );
        self.fault
            .prepare(&mut Configuration::default(), simulator.options_mut());
        let request = HttpRequest {
            url: "/login/oauth/access_token".into(),
            ..request.clone()
        };
        simulator.respond(&request, now)
    }
}

fn target(fault: Fault) -> Option<Target> {
    Some(match fault {
        Fault::StateTampered | Fault::StateMissing | Fault::StateRepeated | Fault::IssuerDiffers => {
            Target::Redirect
        }
        Fault::RateLimited | Fault::HtmlAnswer => Target::Answer,
        Fault::TokenEndpointSilent => Target::Silence,
        Fault::CodeReused => Target::Before,
        Fault::UnknownClient
        | Fault::ClientIdUndefined
        | Fault::ClientIdWithNewline
        | Fault::CodeChallengePlain => Target::Authorization,
        Fault::FormEncodedAnswer
        | Fault::RedirectUriOmitted
        | Fault::TokenEndpointUnknownHost
        | Fault::TokenEndpointUnreachable => Target::TokenRequest,
        // What only the server, the person or time can do.
        Fault::CodeOfAnotherClient
        | Fault::CodeAfterUnreadAnswer
        | Fault::BasicPairWithColon
        | Fault::BasicAndBody => return None,
        fault if fault.public_address().is_some() => Target::Authorization,
        fault if fault.needs_simulator() || fault.group() == Group::Around => return None,
        fault => match fault.expected() {
            Expected::TokenError(_) => Target::TokenRequest,
            _ => return None,
        },
    })
}

fn set(params: &mut Params, name: &str, before: &str, after: &str) {
    if before == after {
        return;
    }
    for (known, value) in &mut params.0 {
        if known == name {
            after.clone_into(value);
        }
    }
}

/// Puts changed values where the client put its own: in the `Basic` header, in a JSON body, or in a form. `None` takes the
/// parameter out.
fn write(request: &mut HttpRequest, sent: &Params, changes: &[(&str, Option<String>)]) {
    if changes.is_empty() {
        return;
    }
    let value_of = |name: &str| {
        let change = changes.iter().find(|(changed, _)| *changed == name);
        change.map_or_else(|| sent.get(name).map(str::to_owned), |(_, value)| value.clone())
    };
    let basic = request
        .headers
        .iter_mut()
        .find(|(name, value)| name.eq_ignore_ascii_case("authorization") && value.starts_with("Basic "));
    if let Some((_, header)) = basic {
        let part = |name: &str| {
            value_of(name)
                .map(|value| encode_value(&value))
                .unwrap_or_default()
        };
        *header = format!(
            "Basic {}",
            STANDARD.encode(format!("{}:{}", part("client_id"), part("client_secret")))
        );
    }
    let is_json = request.media_type().is_some_and(|kind| kind.ends_with("json"));
    if is_json && let Ok(serde_json::Value::Object(mut object)) = serde_json::from_slice(&request.body) {
        for (name, value) in changes {
            match value {
                Some(value) if object.contains_key(*name) => {
                    object.insert((*name).to_owned(), value.clone().into());
                }
                Some(_) => {}
                None => {
                    object.shift_remove(*name);
                }
            }
        }
        request.body = serde_json::Value::Object(object).to_string().into_bytes();
        return;
    }
    let mut form = Params::decode(&String::from_utf8_lossy(&request.body));
    let mut in_query = request
        .url
        .split_once('?')
        .map(|(_, query)| Params::decode(query));
    for params in std::iter::once(&mut form).chain(&mut in_query) {
        for (name, value) in changes {
            match value {
                Some(value) => params
                    .0
                    .iter_mut()
                    .filter(|(known, _)| known == name)
                    .for_each(|(_, old)| {
                        old.clone_from(value);
                    }),
                None => params.0.retain(|(known, _)| known != name),
            }
        }
    }
    request.body = form.encode().into_bytes();
    if let Some(query) = in_query {
        let endpoint = request.url.split('?').next().unwrap_or_default();
        request.url = format!("{endpoint}?{}", query.encode());
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::configuration::{Field, Origin};
    use crate::lab::in_flight::*;

    const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f001122334";

    fn fault(name: &str) -> InFlight {
        InFlight::parse(name).unwrap_or_else(|| panic!("{name}"))
    }

    fn request(kind: &str, body: &str) -> HttpRequest {
        HttpRequest {
            method: "POST".into(),
            url: "https://h/token".into(),
            headers: vec![("Content-Type".into(), kind.into())],
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn a_name_may_say_which_flow() {
        assert!(fault("code_truncated").hits(1) && fault("code_truncated").hits(7));
        assert!(!fault("code_truncated@2").hits(1) && fault("code_truncated@2").hits(2));
        for wrong in [
            "code_truncatd",
            "code_truncated@0",
            "code_truncated@x",
            "user_denies",
            "",
        ] {
            assert_eq!(InFlight::parse(wrong), None, "{wrong}");
        }
        assert!(InFlight::names().count() > 40);
    }

    #[test]
    fn only_the_value_of_the_fault_changes_wherever_it_is_sent() {
        let form = format!("grant_type=authorization_code&client_id=i&client_secret={SECRET}&code=abcdef");
        let (sent, origins) =
            fault("code_truncated").token_request(request("application/x-www-form-urlencoded", &form));
        assert_eq!(
            String::from_utf8(sent.body).unwrap(),
            form.replace("abcdef", "abc")
        );
        assert_eq!(origins.of(Field::Code), Origin::Fault);

        let json =
            format!("{{\"client_id\":\"i\",\"client_secret\":\"{SECRET}\",\"code\":\"abcdef\",\"n\":1}}");
        let (sent, _) = fault("client_secret_omitted").token_request(request("application/json", &json));
        assert_eq!(
            String::from_utf8(sent.body).unwrap(),
            r#"{"client_id":"i","code":"abcdef","n":1}"#
        );

        let basic = STANDARD.encode(format!("i:{SECRET}"));
        let request = request("application/x-www-form-urlencoded", "code=abcdef")
            .with_header("Authorization", format!("Basic {basic}"));
        let (sent, _) = fault("client_secret_with_space").token_request(request);
        assert_eq!(
            request_params(&sent).get("client_secret"),
            Some(&*format!("{SECRET} "))
        );
        assert_eq!(sent.body, b"code=abcdef");
    }

    #[test]
    fn each_fault_in_flight_changes_what_it_says() {
        let form = format!(
            "client_id=i&client_secret={SECRET}&code=0123456789abcdef0123&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcb\
             &code_verifier=vvvv"
        );
        let good =
            request("application/x-www-form-urlencoded", &form).with_header("Accept", "application/json");
        let asked = "https://h/authorize?client_id=i&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcb&state=s";
        let back = "http://127.0.0.1:1/cb?code=c&state=s&iss=x";
        for name in InFlight::names() {
            let fault = fault(name);
            let changed = match fault.target().unwrap() {
                Target::Authorization => fault.authorization(asked) != asked,
                Target::Redirect => fault.redirect(back) != back,
                Target::TokenRequest => fault.token_request(good.clone()).0 != good,
                Target::Answer => fault.answer(&good, Moment(0)).status >= 400,
                Target::Before | Target::Silence => true,
            };
            assert!(changed, "{name}");
        }
    }
}
