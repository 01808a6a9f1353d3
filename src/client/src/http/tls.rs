//! Whom to trust, loaded once and shared by every connection, so that TLS sessions are resumed.

use std::sync::{Arc, OnceLock};

use rustls::{ClientConfig, RootCertStore, client::WebPkiServerVerifier, crypto::ring};
use rustls_pki_types::{CertificateDer, pem::PemObject};

use super::pinned::Pinned;
use crate::{environment::plain_file, error::Error, settings::HttpVersion, shown};

/// The TLS configuration of a connection. The authorities are read when the first `https` URL is called.
#[derive(Debug)]
pub struct Tls {
    version: HttpVersion,
    bundle: Option<Bundle>,
    config: OnceLock<Result<Trust, String>>,
}

/// A PEM file of authorities, and what names it.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The file.
    pub path: String,
    /// The argument, the variable or the key that names it.
    pub place: String,
}

/// What a handshake needs, and whom it trusts.
#[derive(Clone, Debug)]
pub(super) struct Trust {
    pub(super) config: Arc<ClientConfig>,
    /// The same for a proxy, which speaks HTTP/1.1.
    pub(super) of_proxy: Arc<ClientConfig>,
    /// For the error that nobody of them knows a certificate.
    pub(super) authorities: String,
}

impl Tls {
    /// Trusts the authorities of a bundle, or the system's, or Mozilla's where the system has none.
    #[must_use]
    pub fn new(bundle: Option<Bundle>, version: HttpVersion) -> Self {
        Self {
            version,
            bundle,
            config: OnceLock::new(),
        }
    }

    /// Fails where the bundle cannot be read: for a bundle that was given by hand, at once.
    pub fn check(&self) -> Result<(), Error> {
        let trust = self.trust().map(drop);
        trust.map_err(|reason| Error::InvalidSetting { reason })
    }

    /// Whom is trusted, in words; `None` before anybody was asked.
    pub fn authorities(&self) -> Result<String, String> {
        self.trust().map(|trust| trust.authorities)
    }

    pub(super) fn trust(&self) -> Result<Trust, String> {
        self.config.get_or_init(|| self.build()).clone()
    }

    fn build(&self) -> Result<Trust, String> {
        let mut roots = RootCertStore::empty();
        let mut own = vec![];
        let authorities = if let Some(bundle) = &self.bundle {
            own = bundle.read()?;
            roots.add_parsable_certificates(own.iter().cloned());
            format!("those of {} ({})", bundle.path, bundle.place)
        } else {
            let system = rustls_native_certs::load_native_certs().certs;
            roots.add_parsable_certificates(system);
            if roots.is_empty() {
                roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
                format!("Mozilla's {}, since the system has none", roots.len())
            } else {
                format!("the system's {}", roots.len())
            }
        };
        let provider = Arc::new(ring::default_provider());
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let verifier = verifier
            .build()
            .map_err(|error| format!("no certificate of {authorities} is fit: {error}"))?;
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring has the default protocol versions")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Pinned::new(verifier, own)))
            .with_no_client_auth();
        let of_proxy = Arc::new(config.clone());
        config.alpn_protocols = match self.version {
            HttpVersion::Automatic => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
            HttpVersion::Http1 => vec![b"http/1.1".to_vec()],
            HttpVersion::Http2 => vec![b"h2".to_vec()],
        };
        Ok(Trust {
            config: Arc::new(config),
            of_proxy,
            authorities,
        })
    }
}

impl Bundle {
    fn read(&self) -> Result<Vec<CertificateDer<'static>>, String> {
        let Self { path, place } = self;
        let invalid = |reason: String| {
            format!(
                "{place} must be a PEM file of certificates, but {:?} {reason}",
                shown::text(path)
            )
        };
        let pem =
            plain_file::bytes(path).map_err(|error| invalid(format!("cannot be read: {error}")))?;
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        match certificates {
            Ok(certificates) if certificates.is_empty() => Err(invalid("has none".into())),
            Ok(certificates) => Ok(certificates),
            Err(error) => Err(invalid(format!("cannot be parsed: {error}"))),
        }
    }
}
