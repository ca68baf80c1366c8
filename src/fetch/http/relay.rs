//! Plain HTTP requests through a proxy: they are sent to the proxy with the full address of the server.
//!
//! The agent supports proxies only as tunnels, which many proxies refuse for plain HTTP. So the proxy's address
//! replaces the server's here, and the first line of each request is rewritten.

use super::address::{Address, basic};
use super::proxy::Proxies;
use std::io::{Read, Write};
use std::sync::Arc;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport, TransportAdapter,
};

/// A resolver that returns the proxy's address instead of the server's.
#[derive(Debug)]
pub(super) struct RelayResolver {
    pub(super) proxies: Arc<Proxies>,
    pub(super) usual: DefaultResolver,
}

impl Resolver for RelayResolver {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        match relay(&self.proxies, uri) {
            Some(proxy) => {
                let uri = proxy.text().parse::<Uri>().map_err(|_| ureq::Error::InvalidProxyUrl)?;
                self.usual.resolve(&uri, config, timeout)
            }
            None => self.usual.resolve(uri, config, timeout),
        }
    }
}

/// The proxy that receives requests for an address directly.
fn relay(proxies: &Proxies, uri: &Uri) -> Option<Address> {
    let address = Address::parse(&uri.to_string()).ok()?;
    proxies.relay(&address)
}

/// A connector whose connections name the server.
#[derive(Debug)]
pub(super) struct RelayConnector {
    pub(super) proxies: Arc<Proxies>,
}

impl<In: Transport> Connector<In> for RelayConnector {
    type Out = Either<In, Relayed>;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        let Some(transport) = chained else { return Ok(None) };
        let Some(proxy) = relay(&self.proxies, details.uri) else {
            return Ok(Some(Either::A(transport)));
        };
        let server = Address::parse(&details.uri.to_string()).map(|it| Address { rest: String::new(), ..it }.text());
        let user = proxy.user.map(|(name, password)| format!("Proxy-Authorization: {}\r\n", basic(&name, &password)));
        let config = details.config;
        Ok(Some(Either::B(Relayed {
            server: server.unwrap_or_default(),
            header: user.unwrap_or_default(),
            buffers: LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size()),
            adapter: TransportAdapter::new(Box::new(transport), Arc::clone(&details.current_time)),
        })))
    }
}

/// A connection to a proxy.
pub(super) struct Relayed {
    /// The prefix of paths, for example `http://host`.
    server: String,
    /// The authentication header for the proxy.
    header: String,
    buffers: LazyBuffers,
    adapter: TransportAdapter,
}

impl std::fmt::Debug for Relayed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relayed").field("server", &self.server).finish_non_exhaustive()
    }
}

impl Transport for Relayed {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.adapter.set_timeout(timeout);
        let output = &self.buffers.output()[..amount];
        // The head of a request is sent in one piece.
        let rewritten = output.strip_prefix(b"GET /").map(|rest| {
            let line = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let header = if line < rest.len() { self.header.as_bytes() } else { b"" };
            [b"GET ", self.server.as_bytes(), b"/", &rest[..line], header, &rest[line..]].concat()
        });
        self.adapter.write_all(rewritten.as_deref().unwrap_or(output))?;
        self.adapter.flush()?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.adapter.set_timeout(timeout);
        let amount = self.adapter.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.adapter.get_mut().is_open()
    }
}
