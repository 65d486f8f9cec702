//! Requests that got no answer, each kind by itself.

use crate::{
    diagnosis::{
        Verdict,
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

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// The host name has no address.
        DnsFailed = "dns_failed": Transport, Cause, |f| failed(f, Code::DnsFailed);

        /// Nothing answers at the address.
        ConnectionFailed = "connection_failed": Transport, Cause, |f| failed(f, Code::ConnectionFailed);

        /// The server's certificate has expired.
        CertificateExpired = "certificate_expired": Transport, Cause, |f| failed(f, Code::CertificateExpired);

        /// The server's certificate is not valid yet.
        CertificateNotYetValid = "certificate_not_yet_valid": Transport, Cause,
            |f| failed(f, Code::CertificateNotYetValid);

        /// The server's certificate is made out to other names than the host's.
        CertificateForOtherName = "certificate_for_other_name": Transport, Cause,
            |f| failed(f, Code::CertificateForOtherName);

        /// The server's certificate comes from an authority that is not trusted here.
        CertificateAuthorityUnknown = "certificate_authority_unknown": Transport, Cause,
            |f| failed(f, Code::CertificateAuthorityUnknown);

        /// The server speaks only versions of TLS that are too old.
        TlsVersionTooOld = "tls_version_too_old": Transport, Cause, |f| failed(f, Code::TlsVersionTooOld);

        /// What answers at the port of an https URL does not speak TLS.
        PortWithoutTls = "port_without_tls": Transport, Cause, |f| failed(f, Code::PortWithoutTls);

        /// The TLS handshake failed for another reason.
        TlsFailed = "tls_failed": Transport, Cause, |f| failed(f, Code::TlsFailed);

        /// The proxy does not answer.
        ProxyUnreachable = "proxy_unreachable": Transport, Cause, |f| failed(f, Code::ProxyUnreachable);

        /// The proxy refuses to connect to the server.
        ProxyRefusedConnection = "proxy_refused_connection": Transport, Cause,
            |f| failed(f, Code::ProxyRefusedConnection);

        /// No answer in time.
        RequestTimedOut = "request_timed_out": Transport, Cause, |f| failed(f, Code::RequestTimedOut);

        /// The connection ended in the middle.
        ConnectionInterrupted = "connection_interrupted": Transport, Cause,
            |f| failed(f, Code::ConnectionInterrupted);

        /// What came back cannot be read as HTTP.
        AnswerNotHttp = "answer_not_http": Transport, Cause, |f| failed(f, Code::AnswerNotHttp);

        /// The endpoint's URL cannot be asked.
        EndpointUrlBad = "endpoint_url_bad": Transport, Cause, |f| failed(f, Code::EndpointUrlBad);

        /// The browser did not let the page send the token request, or read its answer (CORS).
        ExchangeBlockedByCors = "exchange_blocked_by_cors": Transport, Cause,
            |f| failed(f, Code::ExchangeBlockedByCors);

        /// The request failed for another reason.
        RequestFailed = "request_failed": Transport, Cause, |f| failed(f, Code::RequestFailed);

        /// A proxy asks for a sign-in of its own: 407.
        ProxyRefused = "proxy_refused": Answer, NoAnswer, proxy_refused;
    } };
}
pub(crate) use rows;

rows! { as_checks }

fn proxy_refused(facts: &Facts<'_>) -> Verdict {
    match failed(facts, Code::ProxyRefused) {
        Verdict::Found(finding) => Verdict::Found(finding),
        _ => answered(facts, Code::ProxyRefused),
    }
}

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
        FailureKind::GivenUp | FailureKind::Other => Code::RequestFailed,
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
    Verdict::Found(mend(facts, finding, code))
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

fn mend(facts: &Facts<'_>, finding: Finding, code: Code) -> Finding {
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
        Code::ExchangeBlockedByCors => finding.advise(RemedyCode::ExchangeOnServer).begin_again(facts),
        Code::AnswerNotHttp => endpoint(finding).exchange_again().begin_again(facts),
        Code::EndpointUrlBad => endpoint(finding),
        _ => finding
            .exchange_again()
            .begin_again(facts)
            .advise(RemedyCode::CheckNetwork),
    }
}
