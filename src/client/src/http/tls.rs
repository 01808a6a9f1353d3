//! Whom to trust, loaded once and shared by every connection, so that TLS sessions are resumed.

use std::sync::{Arc, OnceLock};

use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_pki_types::{CertificateDer, pem::PemObject};

use crate::{error::Error, settings::HttpVersion};

/// The TLS configuration of a connection. The system's authorities are read when the first `https` URL is called.
#[derive(Debug)]
pub struct Tls {
    version: HttpVersion,
    bundle: Option<Vec<CertificateDer<'static>>>,
    config: OnceLock<Arc<ClientConfig>>,
}

impl Tls {
    /// Trusts the authorities of the PEM file `ca_bundle`, or the system's.
    pub fn new(ca_bundle: Option<&str>, version: HttpVersion) -> Result<Self, Error> {
        let bundle = ca_bundle.map(read_bundle).transpose()?;
        Ok(Self {
            version,
            bundle,
            config: OnceLock::new(),
        })
    }

    pub(super) fn config(&self) -> Arc<ClientConfig> {
        Arc::clone(self.config.get_or_init(|| Arc::new(self.build())))
    }

    fn build(&self) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        match &self.bundle {
            Some(bundle) => roots.add_parsable_certificates(bundle.iter().cloned()),
            // An unreadable store leaves no roots, and then the handshake says that the authority is unknown.
            None => roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs),
        };
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has the default protocol versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = match self.version {
            HttpVersion::Automatic => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
            HttpVersion::Http1 => vec![b"http/1.1".to_vec()],
            HttpVersion::Http2 => vec![b"h2".to_vec()],
        };
        config
    }
}

fn read_bundle(path: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let invalid = |reason: String| Error::InvalidSetting {
        reason: format!("ca_bundle must be a PEM file of certificates, but {path:?} {reason}"),
    };
    let pem = std::fs::read(path).map_err(|error| invalid(format!("cannot be read: {error}")))?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match certificates {
        Ok(certificates) if certificates.is_empty() => Err(invalid("has none".into())),
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(invalid(format!("cannot be parsed: {error}"))),
    }
}
