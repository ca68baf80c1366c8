//! The HTTP agent. It keeps connections open and is created on first use.

use super::failure::Problem;
use super::netrc::Netrc;
use super::proxy::Proxies;
use super::relay::{RelayConnector, RelayResolver};
use crate::fetch::options::FetchOptions;
use crate::io::Io;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, RustlsConnector, SocksConnector, TcpConnector};

/// The state that all transfers share.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    pub(super) agent: Agent,
    pub(super) netrc: Arc<Netrc>,
    pub(super) proxies: Arc<Proxies>,
    /// The reason why no server certificate can be verified.
    pub(super) no_trust: Option<Problem>,
    pub(super) patience: u64,
}

/// The usual places of certificates. C++ Nix looks for the first two; its builds know more.
const USUAL: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/nix/var/nix/profiles/default/etc/ssl/certs/ca-bundle.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

impl Shared {
    /// The state for this configuration and environment.
    pub(super) fn new(options: &FetchOptions, io: &dyn Io) -> Self {
        let (roots, no_trust) = match roots(options.certificates.as_deref()) {
            Ok(roots) => (roots, None),
            Err(problem) => (RootCerts::Specific(Arc::default()), Some(problem)),
        };
        let proxies = Arc::new(Proxies::of(io));
        let netrc = options.netrc_file.as_ref().and_then(|path| fs::read(path).ok()).unwrap_or_default();
        Self {
            agent: agent(options, roots, &proxies),
            netrc: Arc::new(Netrc::parse(&String::from_utf8_lossy(&netrc))),
            proxies,
            no_trust,
            patience: options.stalled_timeout,
        }
    }
}

fn agent(options: &FetchOptions, roots: RootCerts, proxies: &Arc<Proxies>) -> Agent {
    let seconds = |count: u64| (count > 0).then(|| Duration::from_secs(count));
    let connect_timeout = if options.offline { 1 } else { options.connect_timeout };
    let mut name = concat!("Nivis/", env!("CARGO_PKG_VERSION")).to_owned();
    if !options.user_agent_suffix.is_empty() {
        name.push(' ');
        name.push_str(&options.user_agent_suffix);
    }
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(name)
        .proxy(None)
        .max_idle_age(Duration::from_secs(90))
        .timeout_resolve(seconds(connect_timeout))
        .timeout_connect(seconds(connect_timeout))
        .timeout_per_read(seconds(options.stalled_timeout))
        .timeout_per_write(seconds(options.stalled_timeout))
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .build();
    let connector =
        ().chain(SocksConnector::default())
            .chain(ConnectProxyConnector::default())
            .chain(TcpConnector::default())
            .chain(RelayConnector { proxies: Arc::clone(proxies) })
            .chain(RustlsConnector::default());
    let resolver = RelayResolver { proxies: Arc::clone(proxies), usual: DefaultResolver::default() };
    Agent::with_parts(config, connector, resolver)
}

/// The trusted certificates. If the system has none, Mozilla's list at the time of the build.
fn roots(file: Option<&Path>) -> Result<RootCerts, Problem> {
    let usual = || USUAL.iter().map(PathBuf::from).find(|path| path.exists());
    let Some(path) = file.map(Path::to_path_buf).or_else(usual) else {
        return Ok(RootCerts::WebPki);
    };
    let pem = fs::read(&path).map_err(|_| Problem::new(77, ""))?;
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    let certificates: Vec<Certificate<'static>> = parse_pem(&pem).filter_map(certificate).collect();
    Ok(RootCerts::Specific(Arc::new(certificates)))
}
