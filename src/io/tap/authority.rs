//! A certificate authority for one run. It speaks for the provider's hosts alone, its key is never written anywhere, and it
//! is worthless after a day.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, Error,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivatePkcs8KeyDer},
};

/// How long its certificates are good.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// A clock that is behind accepts them all the same.
const EARLIER: Duration = Duration::from_secs(60 * 60);

/// Signs certificates for the hosts of one provider.
pub struct Authority {
    pem: String,
    der: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
    configs: Mutex<HashMap<String, Arc<ServerConfig>>>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl Authority {
    /// An authority for these hosts, names or addresses.
    ///
    /// # Errors
    /// A host that no certificate can name, or a system without random numbers.
    pub fn new(hosts: &[String]) -> Result<Self, Error> {
        let mut params = lasting(CertificateParams::new(Vec::new())?);
        let mut name = DistinguishedName::new();
        name.push(DnType::CommonName, "oauthlens tap, for this run only");
        params.distinguished_name = name;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: hosts.iter().map(|host| subtree(host)).collect(),
            excluded_subtrees: Vec::new(),
        });
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?;
        Ok(Self {
            pem: certificate.pem(),
            der: certificate.der().clone(),
            issuer: Issuer::new(params, key),
            configs: Mutex::default(),
        })
    }

    /// Its certificate, as programs are given it.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// How the tap answers a TLS connection to `host`; made at the first one.
    ///
    /// # Errors
    /// A host that no certificate can name.
    pub fn config(&self, host: &str) -> Result<Arc<ServerConfig>, String> {
        let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
        let mut configs = self.configs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = configs.get(&host) {
            return Ok(config.clone());
        }
        let config = Arc::new(self.made_for(&host).map_err(|error| error.to_string())?);
        configs.insert(host, config.clone());
        Ok(config)
    }

    fn made_for(&self, host: &str) -> Result<ServerConfig, Box<dyn std::error::Error>> {
        let mut params = lasting(CertificateParams::new(vec![host.to_owned()])?);
        let mut name = DistinguishedName::new();
        name.push(DnType::CommonName, host);
        params.distinguished_name = name;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone(), self.der.clone()], key.into())?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn lasting(mut params: CertificateParams) -> CertificateParams {
    let now = SystemTime::now();
    params.not_before = (now - EARLIER).into();
    params.not_after = (now + DAY).into();
    params
}

fn subtree(host: &str) -> GeneralSubtree {
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(address) => {
            let bits = if address.is_ipv4() { 32 } else { 128 };
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, bits))
        }
        Err(_) => GeneralSubtree::DnsName(host.to_ascii_lowercase()),
    }
}
