//! Requests that got no answer, each kind by itself.

use crate::{
    diagnosis::{
        Check, Verdict,
        context::Facts,
        finding::Finding,
        rule::{Code, RemedyCode},
    },
    flow::{configuration::Field, transcript::FailureKind},
};

pub const CHECKS: &[Check] = &[
    Check {
        code: Code::DnsFailed,
        look: |f| failed(f, Code::DnsFailed),
    },
    Check {
        code: Code::ConnectionFailed,
        look: |f| failed(f, Code::ConnectionFailed),
    },
    Check {
        code: Code::TlsFailed,
        look: |f| failed(f, Code::TlsFailed),
    },
    Check {
        code: Code::RequestTimedOut,
        look: |f| failed(f, Code::RequestTimedOut),
    },
    Check {
        code: Code::ConnectionInterrupted,
        look: |f| failed(f, Code::ConnectionInterrupted),
    },
    Check {
        code: Code::EndpointUrlBad,
        look: |f| failed(f, Code::EndpointUrlBad),
    },
    Check {
        code: Code::RequestFailed,
        look: |f| failed(f, Code::RequestFailed),
    },
];

fn failed(facts: &Facts<'_>, code: Code) -> Verdict {
    let Some(current) = facts.current() else {
        return Verdict::NotEnough;
    };
    let Some(failure) = current.exchange.failure else {
        return Verdict::NotEnough;
    };
    let kind = match failure.kind {
        FailureKind::Dns => Code::DnsFailed,
        FailureKind::Connect => Code::ConnectionFailed,
        FailureKind::Tls => Code::TlsFailed,
        FailureKind::TimedOut => Code::RequestTimedOut,
        FailureKind::Interrupted => Code::ConnectionInterrupted,
        FailureKind::BadUrl => Code::EndpointUrlBad,
        FailureKind::Other => Code::RequestFailed,
    };
    if kind != code {
        return Verdict::Fine(None);
    }
    let url = current
        .exchange
        .request
        .map_or("", |request| request.url.split('?').next().unwrap_or_default());
    let mut finding = Finding::observed(code);
    if !url.is_empty() {
        finding = finding.show("request_url", url);
    }
    finding = finding.show("failure", &failure.detail);
    if !facts.is_pasted() {
        finding = finding.lasts("duration", current.exchange.millis.unwrap_or_default());
    }
    Verdict::Found(match code {
        // The request never reached the server, so the code is as good as before.
        Code::DnsFailed | Code::ConnectionFailed => finding
            .edit(RemedyCode::EditTokenEndpoint, Field::TokenEndpoint)
            .exchange_again()
            .advise(RemedyCode::CheckNetwork),
        Code::TlsFailed => finding.advise(RemedyCode::TrustCertificate).exchange_again(),
        Code::EndpointUrlBad => finding.edit(RemedyCode::EditTokenEndpoint, Field::TokenEndpoint),
        _ => finding
            .exchange_again()
            .authorize_again()
            .advise(RemedyCode::CheckNetwork),
    })
}
