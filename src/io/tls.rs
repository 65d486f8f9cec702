//! TLS: which certificates are trusted, and what a failed handshake says.

use std::{error::Error as StdError, fmt, sync::Arc};

use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error, InvalidMessage,
    OtherError, PeerIncompatible, SignatureScheme,
    client::{
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
};
use rustls_platform_verifier::Verifier as PlatformVerifier;
use x509_parser::{
    certificate::X509Certificate, extensions::GeneralName, prelude::FromDer, time::ASN1Time, x509::X509Name,
};

use crate::{
    flow::transcript::{Certificate, Failure, FailureKind},
    oauth::time::Moment,
};

/// A configuration that trusts the system's authorities and the certificates that are `given`.
pub fn client_config(given: Vec<CertificateDer<'static>>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let system = if given.is_empty() {
        PlatformVerifier::new(provider.clone())?
    } else {
        PlatformVerifier::new_with_extra_roots(given.iter().cloned(), provider.clone())?
    };
    let verifier = Verifier {
        system: Arc::new(system),
        given,
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}

/// Checks as the system does and keeps what a refused certificate says. A certificate that the person gave as a file is
/// trusted at a server as well, not only as an authority, so long as its name and its dates are right.
#[derive(Debug)]
struct Verifier {
    system: Arc<dyn ServerCertVerifier>,
    given: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let checked =
            self.system
                .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let checked = if checked.is_err() && self.given.contains(end_entity) {
            name_and_dates(end_entity, server_name, now).map(|()| ServerCertVerified::assertion())
        } else {
            checked
        };
        checked.map_err(|error| {
            let certificate = read(end_entity, intermediates, server_name);
            Error::Other(OtherError(Arc::new(Refused { error, certificate })))
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.system.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.system.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.system.supported_verify_schemes()
    }
}

/// What is left to check of a certificate that is trusted by itself.
fn name_and_dates(
    end_entity: &CertificateDer<'_>,
    server_name: &ServerName<'_>,
    now: UnixTime,
) -> Result<(), Error> {
    let (_, parsed) = X509Certificate::from_der(end_entity)
        .map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))?;
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    if now > parsed.validity().not_after.timestamp() {
        return Err(Error::InvalidCertificate(CertificateError::Expired));
    }
    if now < parsed.validity().not_before.timestamp() {
        return Err(Error::InvalidCertificate(CertificateError::NotValidYet));
    }
    verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)
}

/// A certificate that was refused, and why.
#[derive(Debug)]
struct Refused {
    error: Error,
    certificate: Option<Box<Certificate>>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl StdError for Refused {}

/// What a certificate says; `None` if it cannot be read.
fn read(
    end_entity: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    server_name: &ServerName<'_>,
) -> Option<Box<Certificate>> {
    let (_, server) = X509Certificate::from_der(end_entity).ok()?;
    let chain: Vec<X509Certificate<'_>> = intermediates
        .iter()
        .filter_map(|der| Some(X509Certificate::from_der(der).ok()?.1))
        .collect();
    let mut top = &server;
    // Each certificate is followed once at most: a chain can be a circle.
    for _ in 0..chain.len() {
        match chain
            .iter()
            .find(|above| above.subject().as_raw() == top.issuer().as_raw())
        {
            Some(above) if !is_self_signed(top) => top = above,
            _ => break,
        }
    }
    let issuer = shown(top.issuer());
    let names = match server.subject_alternative_name() {
        Ok(Some(names)) => names.value.general_names.iter().filter_map(name).collect(),
        _ => Vec::new(),
    };
    let names: Vec<String> = names
        .into_iter()
        .take(Certificate::MOST_NAMES)
        .map(|name| cut(&name))
        .collect();
    Some(Box::new(Certificate {
        asked_for: server_name.to_str().into_owned(),
        names,
        issuer,
        self_signed: is_self_signed(&server),
        valid_from: moment(server.validity().not_before),
        valid_until: moment(server.validity().not_after),
    }))
}

fn is_self_signed(certificate: &X509Certificate<'_>) -> bool {
    certificate.subject().as_raw() == certificate.issuer().as_raw()
}

/// The common name, with the organisation where there is one: what a person looks for in a list of authorities.
fn shown(name: &X509Name<'_>) -> String {
    let common = name.iter_common_name().find_map(|part| part.as_str().ok());
    let organisation = name.iter_organization().find_map(|part| part.as_str().ok());
    cut(&match (common, organisation) {
        (Some(common), Some(organisation)) if common != organisation => format!("{common} ({organisation})"),
        (Some(one), _) | (None, Some(one)) => one.to_owned(),
        (None, None) => name.to_string(),
    })
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => Some(std::net::IpAddr::from(<[u8; 4]>::try_from(*bytes).ok()?).to_string()),
            16 => Some(std::net::IpAddr::from(<[u8; 16]>::try_from(*bytes).ok()?).to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn cut(text: &str) -> String {
    text.chars().take(Certificate::LONGEST_NAME).collect()
}

fn moment(time: ASN1Time) -> Moment {
    Moment(
        u64::try_from(time.timestamp())
            .unwrap_or_default()
            .saturating_mul(1000),
    )
}

/// The TLS error in a chain of causes.
pub fn find<'e>(cause: &'e (dyn StdError + 'static)) -> Option<&'e Error> {
    if let Some(error) = cause.downcast_ref() {
        return Some(error);
    }
    // An `io::Error` gives its content's source, not its content, so it is opened by hand.
    find(cause.downcast_ref::<std::io::Error>()?.get_ref()?)
}

/// What a failed handshake says.
pub fn failure(error: &Error) -> Failure {
    if let Error::Other(OtherError(other)) = error
        && let Some(refused) = other.downcast_ref::<Refused>()
    {
        let told = Failure {
            certificate: refused.certificate.clone(),
            ..failure(&refused.error)
        };
        // A certificate that the server signed itself may also sign others, and is refused for that.
        return match &told.certificate {
            Some(certificate) if told.kind == FailureKind::Tls && certificate.self_signed => {
                let kind = FailureKind::CertificateUnknownAuthority;
                Failure {
                    kind,
                    detail: detail(kind, error),
                    ..told
                }
            }
            _ => told,
        };
    }
    let kind = match error {
        Error::InvalidCertificate(error) => match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                FailureKind::CertificateExpired
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                FailureKind::CertificateNotYetValid
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                FailureKind::CertificateOtherName
            }
            CertificateError::UnknownIssuer => FailureKind::CertificateUnknownAuthority,
            _ => FailureKind::Tls,
        },
        Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        )
        | Error::AlertReceived(AlertDescription::ProtocolVersion) => FailureKind::TlsVersion,
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => FailureKind::NotTls,
        _ => FailureKind::Tls,
    };
    Failure::new(kind, detail(kind, error))
}

/// The library's words. Of a date or a name they say no more than the certificate does, and less readably.
fn detail(kind: FailureKind, error: &Error) -> String {
    let short = match kind {
        FailureKind::CertificateExpired => CertificateError::Expired,
        FailureKind::CertificateNotYetValid => CertificateError::NotValidYet,
        FailureKind::CertificateOtherName => CertificateError::NotValidForName,
        FailureKind::CertificateUnknownAuthority => CertificateError::UnknownIssuer,
        _ => return error.to_string(),
    };
    Error::InvalidCertificate(short).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn each_refusal_has_a_kind_and_no_seconds_in_its_words() {
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        for (error, kind) in [
            (
                CertificateError::ExpiredContext {
                    time: at(1_790_000_000),
                    not_after: at(1_780_000_000),
                },
                FailureKind::CertificateExpired,
            ),
            (
                CertificateError::NotValidYetContext {
                    time: at(1_790_000_000),
                    not_before: at(1_799_000_000),
                },
                FailureKind::CertificateNotYetValid,
            ),
            (
                CertificateError::NotValidForName,
                FailureKind::CertificateOtherName,
            ),
            (
                CertificateError::UnknownIssuer,
                FailureKind::CertificateUnknownAuthority,
            ),
            (CertificateError::Revoked, FailureKind::Tls),
        ] {
            let told = failure(&Error::InvalidCertificate(error));
            assert_eq!(told.kind, kind);
            assert!(
                !told.detail.contains(|c: char| c.is_ascii_digit()),
                "{}",
                told.detail
            );
        }
        for (error, kind) in [
            (
                Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13),
                FailureKind::TlsVersion,
            ),
            (
                Error::AlertReceived(AlertDescription::ProtocolVersion),
                FailureKind::TlsVersion,
            ),
            (
                Error::InvalidMessage(InvalidMessage::InvalidContentType),
                FailureKind::NotTls,
            ),
            (
                Error::AlertReceived(AlertDescription::HandshakeFailure),
                FailureKind::Tls,
            ),
        ] {
            assert_eq!(failure(&error).kind, kind, "{error:?}");
        }
    }

    #[test]
    fn a_tls_error_is_found_inside_what_wraps_it() {
        let inner = std::io::Error::other(Error::DecryptError);
        let outer = std::io::Error::other(inner);
        assert_eq!(find(&outer), Some(&Error::DecryptError));
        assert_eq!(find(&std::io::Error::other("words")), None);
    }
}
