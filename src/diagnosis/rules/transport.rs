//! Requests that got no answer, each kind by itself.

use crate::{
    diagnosis::{
        Check, Verdict,
        context::Facts,
        finding::Finding,
        rule::{Code, RemedyCode},
        rules::response::answered,
    },
    flow::{
        configuration::Field,
        transcript::{Certificate, FailureKind},
    },
    text::time,
};

macro_rules! failures {
    ($($code:ident),+ $(,)?) => { &[$(Check { code: Code::$code, look: |f| failed(f, Code::$code) }),+] };
}

pub const CHECKS: &[Check] = failures![
    DnsFailed,
    ConnectionFailed,
    CertificateExpired,
    CertificateNotYetValid,
    CertificateForOtherName,
    CertificateAuthorityUnknown,
    TlsVersionTooOld,
    PortWithoutTls,
    TlsFailed,
    ProxyUnreachable,
    ProxyRefusedConnection,
    RequestTimedOut,
    ConnectionInterrupted,
    AnswerNotHttp,
    EndpointUrlBad,
    ExchangeBlockedByCors,
    RequestFailed,
];

/// A proxy says that it wants a sign-in as the answer to the request, or when it is asked for a connection.
pub const PROXY: &[Check] = &[Check {
    code: Code::ProxyRefused,
    look: |f| match failed(f, Code::ProxyRefused) {
        Verdict::Found(finding) => Verdict::Found(finding),
        _ => answered(f, Code::ProxyRefused),
    },
}];

fn code_of(kind: FailureKind) -> Code {
    match kind {
        FailureKind::Dns => Code::DnsFailed,
        FailureKind::Connect => Code::ConnectionFailed,
        FailureKind::CertificateExpired => Code::CertificateExpired,
        FailureKind::CertificateNotYetValid => Code::CertificateNotYetValid,
        FailureKind::CertificateOtherName => Code::CertificateForOtherName,
        FailureKind::CertificateUnknownAuthority => Code::CertificateAuthorityUnknown,
        FailureKind::TlsVersion => Code::TlsVersionTooOld,
        FailureKind::NotTls => Code::PortWithoutTls,
        FailureKind::Tls => Code::TlsFailed,
        FailureKind::ProxyUnreachable => Code::ProxyUnreachable,
        FailureKind::ProxyRefused => Code::ProxyRefusedConnection,
        FailureKind::ProxySignIn => Code::ProxyRefused,
        FailureKind::TimedOut => Code::RequestTimedOut,
        FailureKind::Interrupted => Code::ConnectionInterrupted,
        FailureKind::NotHttp => Code::AnswerNotHttp,
        FailureKind::BadUrl => Code::EndpointUrlBad,
        FailureKind::Cors => Code::ExchangeBlockedByCors,
        FailureKind::Other => Code::RequestFailed,
    }
}

fn failed(facts: &Facts<'_>, code: Code) -> Verdict {
    let Some(current) = facts.current() else {
        return Verdict::NotEnough;
    };
    let exchange = &current.exchange;
    let Some(failure) = exchange.failure else {
        return Verdict::NotEnough;
    };
    if code_of(failure.kind) != code {
        return Verdict::Fine(None);
    }
    let url = exchange
        .request
        .map_or("", |request| request.url.split('?').next().unwrap_or_default());
    let mut finding = Finding::observed(code);
    if !url.is_empty() {
        finding = finding.show("request_url", url);
    }
    if let Some(proxy) = &failure.proxy {
        finding = finding.show("proxy", proxy);
    }
    if let Some(certificate) = &failure.certificate {
        let asked_at = facts.transcript.started.0.saturating_add(exchange.sent_at);
        finding = of_the_certificate(finding, certificate, asked_at);
    }
    finding = finding.show("failure", &failure.detail);
    if !facts.is_pasted() {
        finding = finding.lasts("duration", exchange.millis.unwrap_or_default());
    }
    Verdict::Found(mend(finding, code))
}

/// What the certificate says that decides: its dates, its names or its issuer.
fn of_the_certificate(finding: Finding, certificate: &Certificate, asked_at: u64) -> Finding {
    let until = certificate.valid_until.0;
    let from = certificate.valid_from.0;
    match finding.code {
        Code::CertificateExpired => finding
            .show("certificate_valid_until", time::minute(until))
            .lasts("certificate_expired_since", asked_at.saturating_sub(until)),
        Code::CertificateNotYetValid => finding
            .show("certificate_valid_from", time::minute(from))
            .lasts("certificate_valid_in", from.saturating_sub(asked_at)),
        Code::CertificateForOtherName => {
            let finding = finding.show("host_asked_for", &certificate.asked_for);
            if certificate.names.is_empty() {
                finding
            } else {
                finding.show("certificate_names", certificate.names.join(", "))
            }
        }
        Code::CertificateAuthorityUnknown => {
            let finding = finding.show("certificate_issuer", &certificate.issuer);
            if certificate.self_signed {
                finding.show("certificate_signed_by", "itself")
            } else {
                finding
            }
        }
        _ => finding,
    }
}

fn mend(finding: Finding, code: Code) -> Finding {
    let endpoint = |finding: Finding| finding.edit(RemedyCode::EditTokenEndpoint, Field::TokenEndpoint);
    match code {
        // The request never reached the server, so the code is as good as before.
        Code::DnsFailed | Code::ConnectionFailed => endpoint(finding)
            .exchange_again()
            .advise(RemedyCode::CheckNetwork),
        Code::CertificateExpired => finding
            .advise(RemedyCode::RenewCertificate)
            .advise(RemedyCode::SetClock)
            .exchange_again(),
        Code::CertificateNotYetValid => finding.advise(RemedyCode::SetClock).exchange_again(),
        Code::CertificateForOtherName => endpoint(finding).advise(RemedyCode::ReissueCertificate),
        Code::CertificateAuthorityUnknown | Code::TlsFailed => {
            finding.advise(RemedyCode::TrustCertificate).exchange_again()
        }
        Code::TlsVersionTooOld => finding.advise(RemedyCode::TurnOnNewerTls).exchange_again(),
        Code::PortWithoutTls => endpoint(finding).exchange_again(),
        Code::ProxyUnreachable | Code::ProxyRefusedConnection => {
            finding.advise(RemedyCode::CheckProxy).exchange_again()
        }
        Code::ProxyRefused => finding.advise(RemedyCode::SignInAtProxy).exchange_again(),
        Code::ExchangeBlockedByCors => finding.advise(RemedyCode::ExchangeOnServer).authorize_again(),
        Code::AnswerNotHttp => endpoint(finding).exchange_again().authorize_again(),
        Code::EndpointUrlBad => endpoint(finding),
        _ => finding
            .exchange_again()
            .authorize_again()
            .advise(RemedyCode::CheckNetwork),
    }
}
