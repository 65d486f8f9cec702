//! The device authorization grant (RFC 8628): the device authorization request, its answer, and what the token request adds.

use serde::{Deserialize, Serialize};

use crate::oauth::{
    http::HttpRequest,
    params::Params,
    secret::Secret,
    token::{ANYTHING, ClientAuthentication, GrantParameters, Reading, USER_AGENT},
};

/// Seconds between two token requests where the answer names no `interval` (RFC 8628 §3.2).
pub const DEFAULT_INTERVAL: u64 = 5;

/// Seconds by which `slow_down` lengthens the interval (RFC 8628 §3.5).
pub const SLOW_DOWN: u64 = 5;

/// A server that asks for longer pauses than an hour does not get them.
pub const LONGEST_INTERVAL: u64 = 3600;

/// The token request's own parameters (RFC 8628 §3.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCode {
    /// `device_code`.
    pub device_code: Secret,
}

impl GrantParameters for DeviceCode {
    const GRANT_TYPE: &'static str = "urn:ietf:params:oauth:grant-type:device_code";

    fn push(&self, params: &mut Params) {
        params.push("device_code", self.device_code.reveal());
    }
}

/// The device authorization request (RFC 8628 §3.1). Every value may be wrong on purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceAuthorizationRequest {
    /// The device authorization endpoint.
    pub endpoint: String,
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`, where the client has one.
    pub client_secret: Option<Secret>,
    /// `scope`.
    pub scopes: Vec<String>,
    /// Where id and secret stand.
    pub authentication: ClientAuthentication,
    /// The `Accept` header; `None` asks for anything.
    pub accept: Option<String>,
}

impl DeviceAuthorizationRequest {
    /// Its parameters, without the credentials that stand in a header.
    pub fn params(&self) -> Params {
        let mut params = Params::default();
        self.authentication
            .push(&mut params, &self.client_id, self.client_secret.as_ref());
        if !self.scopes.is_empty() {
            params.push("scope", self.scopes.join(" "));
        }
        params
    }

    /// The request as it goes over the wire.
    pub fn to_http(&self) -> HttpRequest {
        let request = HttpRequest {
            method: "POST".into(),
            url: self.endpoint.clone(),
            headers: vec![("User-Agent".into(), USER_AGENT.into())],
            body: self.params().encode().into_bytes(),
        }
        .with_header("Content-Type", "application/x-www-form-urlencoded")
        .with_header("Accept", self.accept.as_deref().unwrap_or(ANYTHING));
        self.authentication
            .authorize(request, &self.client_id, self.client_secret.as_ref())
    }
}

/// The name that the verification URI had before the RFC, and still has at some servers.
pub const OLD_VERIFICATION_URI: &str = "verification_url";

/// The device authorization response (RFC 8628 §3.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceAuthorization {
    /// `device_code`.
    pub device_code: Secret,
    /// `user_code`, which the person types.
    pub user_code: String,
    /// `verification_uri`, where the person types it; [`OLD_VERIFICATION_URI`] is read as well. Empty where there is neither.
    pub verification_uri: String,
    /// `verification_uri_complete`: the same with the code in it.
    pub verification_uri_complete: Option<String>,
    /// `expires_in`, in seconds; `None` where it is left out or is no number.
    pub expires_in: Option<u64>,
    /// `interval`, in seconds, where the answer names one.
    pub interval: Option<u64>,
}

impl DeviceAuthorization {
    /// The response in a body that was read; `None` where it lacks what the flow cannot go on without.
    pub fn of(reading: &Reading) -> Option<Self> {
        let given = |name: &str| reading.value(name).filter(|value| !value.is_empty());
        let number = |name: &str| given(name)?.parse().ok();
        Some(Self {
            device_code: Secret::new(given("device_code")?),
            user_code: given("user_code")?.to_owned(),
            verification_uri: given("verification_uri")
                .or_else(|| given(OLD_VERIFICATION_URI))
                .unwrap_or_default()
                .to_owned(),
            verification_uri_complete: given("verification_uri_complete").map(str::to_owned),
            expires_in: number("expires_in"),
            interval: number("interval"),
        })
    }

    /// Where a browser goes: with the code in the address where the server offers that. Nothing but a web address is given
    /// to a browser.
    pub fn page(&self) -> Option<&str> {
        let complete = self.verification_uri_complete.as_deref();
        complete
            .into_iter()
            .chain([self.verification_uri.as_str()])
            .find(|uri| is_web_address(uri))
    }
}

fn is_web_address(uri: &str) -> bool {
    url::Url::parse(uri).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use crate::oauth::{device::*, token::read_body};

    #[test]
    fn what_a_server_leaves_out_or_calls_otherwise_is_known() {
        let of = |body: &str| DeviceAuthorization::of(&read_body(body));
        let whole = of(
            r#"{"device_code":"d1","user_code":"WXYZ-1234","verification_uri":"https://id.example/d","verification_uri_complete":"https://id.example/d?user_code=WXYZ-1234","expires_in":600,"interval":7}"#,
        )
        .unwrap();
        assert_eq!((whole.expires_in, whole.interval), (Some(600), Some(7)));
        assert_eq!(whole.page(), Some("https://id.example/d?user_code=WXYZ-1234"));
        let old =
            of("device_code=d1&user_code=AB&verification_url=https%3A%2F%2Fid.example%2Fd&expires_in=soon")
                .unwrap();
        assert_eq!(old.page(), Some("https://id.example/d"));
        assert_eq!((old.expires_in, old.interval), (None, None));
        assert_eq!(of(r#"{"device_code":"d1"}"#), None);
        assert_eq!(of(r#"{"error":"device_flow_disabled"}"#), None);
    }

    #[test]
    fn a_browser_is_given_web_addresses_only() {
        let page = |uri: &str, complete: Option<&str>| {
            let answer = DeviceAuthorization {
                verification_uri: uri.into(),
                verification_uri_complete: complete.map(str::to_owned),
                ..DeviceAuthorization::default()
            };
            answer.page().map(str::to_owned)
        };
        assert_eq!(page("file:///etc/hosts", None), None);
        assert_eq!(
            page("https://id.example/d", Some("javascript:alert(1)")).as_deref(),
            Some("https://id.example/d")
        );
    }

    #[test]
    fn the_request_names_client_and_scopes_and_no_more() {
        let request = DeviceAuthorizationRequest {
            endpoint: "https://id.example/device".into(),
            client_id: "app".into(),
            scopes: vec!["read".into(), "write".into()],
            ..DeviceAuthorizationRequest::default()
        };
        let http = request.to_http();
        assert_eq!(
            (http.method.as_str(), String::from_utf8_lossy(&http.body).as_ref()),
            ("POST", "client_id=app&scope=read+write")
        );
    }
}
