//! Why a request got no answer, and what is known about it.

use serde::{Deserialize, Serialize};

use crate::oauth::time::Moment;

/// What kept a request from being answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The host name has no address.
    Dns,
    /// Nothing listens there, or the network refused.
    Connect,
    /// The time of the server's certificate is over.
    CertificateExpired,
    /// The time of the server's certificate has not begun.
    CertificateNotYetValid,
    /// The server's certificate is made out to other names.
    CertificateOtherName,
    /// The server's certificate comes from an authority that is not trusted here.
    CertificateUnknownAuthority,
    /// The server speaks no version of TLS that is safe enough.
    TlsVersion,
    /// What answers at the port speaks something else than TLS.
    NotTls,
    /// TLS could not be agreed for another reason.
    Tls,
    /// The proxy cannot be reached.
    ProxyUnreachable,
    /// The proxy refuses to connect to the server.
    ProxyRefused,
    /// The proxy wants a sign-in of its own.
    ProxySignIn,
    /// No answer in time.
    TimedOut,
    /// The connection ended in the middle.
    Interrupted,
    /// What came back is not HTTP.
    NotHttp,
    /// No request can be sent to the URL.
    BadUrl,
    /// The browser kept the request or its answer from the page, since the server does not allow the page's origin (CORS).
    Cors,
    /// The person stopped waiting for the answer.
    GivenUp,
    /// Anything else.
    #[default]
    Other,
}

impl FailureKind {
    /// False when there never was a connection that could have carried the request to the server.
    pub fn may_have_reached_the_server(self) -> bool {
        matches!(
            self,
            Self::TimedOut | Self::Interrupted | Self::NotHttp | Self::Cors | Self::GivenUp | Self::Other
        )
    }
}

/// An exchange that got no response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind.
    pub kind: FailureKind,
    /// The error in the words of the layer that gave it.
    pub detail: String,
    /// The certificate that the server showed, where that was refused and could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Box<Certificate>>,
    /// The proxy that the request was to go by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
}

impl Failure {
    /// A failure of which no more is known.
    pub fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            ..Self::default()
        }
    }
}

/// What a certificate says that was refused. It is a stranger's text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Certificate {
    /// The host that was asked for.
    pub asked_for: String,
    /// The hosts it is made out to; not more than [`Certificate::MOST_NAMES`] of them.
    pub names: Vec<String>,
    /// The authority at the upper end of the chain that was sent.
    pub issuer: String,
    /// True when the server signed its certificate itself.
    pub self_signed: bool,
    /// From when on it is valid.
    pub valid_from: Moment,
    /// Until when it is valid.
    pub valid_until: Moment,
}

impl Certificate {
    /// So many names are kept.
    pub const MOST_NAMES: usize = 20;
    /// So many characters are kept of each name.
    pub const LONGEST_NAME: usize = 255;
}
