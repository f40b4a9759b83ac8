//! Looking names up. Only addresses that may be connected to are handed to the connection, so what was checked is what
//! is connected to; a name can't change its mind in between.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::is_public;
use crate::grants::Grants;
use crate::services::Later;

/// Finds the addresses of a name.
pub trait Lookup: Send + Sync {
    /// All that there are.
    fn addresses<'a>(&'a self, name: &'a str) -> Later<'a, io::Result<Vec<IpAddr>>>;
}

/// The system's own way.
#[derive(Clone, Copy, Debug)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn addresses<'a>(&'a self, name: &'a str) -> Later<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|found| found.ip()).collect())
        })
    }
}

/// The name leads only to addresses that may not be connected to.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{name}` leads to {address}, which is no public address; to allow that, write its address or a block with it \
     into `allow`"
)]
pub(super) struct NotPublic {
    pub(super) name: String,
    pub(super) address: IpAddr,
}

/// The name leads nowhere.
#[derive(Debug, thiserror::Error)]
#[error("there is no address for `{name}`")]
struct NoAddress {
    name: String,
}

/// Whether an address may be connected to.
pub(super) fn may_connect(grants: &Grants, address: IpAddr) -> bool {
    is_public(address) || grants.names_address(address)
}

/// Looks names up for one target.
#[derive(Clone)]
pub(super) struct CheckedResolver {
    pub(super) lookup: Arc<dyn Lookup>,
    /// What is granted. Without it any address will do: the operator wrote where to go, no plugin.
    pub(super) grants: Option<Arc<Grants>>,
    /// The hosts of proxies. The operator chose them, wherever they are.
    pub(super) proxies: Vec<String>,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (this, name) = (self.clone(), name.as_str().to_owned());
        Box::pin(async move {
            let found = this.lookup.addresses(&name).await?;
            let first = found.first().copied();
            let allowed: Vec<SocketAddr> = found
                .into_iter()
                .filter(|found| this.may_connect(&name, *found))
                .map(|found| SocketAddr::new(found, 0))
                .collect();
            match (allowed.is_empty(), first) {
                (false, _) => Ok(Box::new(allowed.into_iter()) as Addrs),
                (true, Some(address)) => Err(NotPublic { name, address }.into()),
                (true, None) => Err(NoAddress { name }.into()),
            }
        })
    }
}

impl CheckedResolver {
    fn may_connect(&self, name: &str, address: IpAddr) -> bool {
        let is_proxy = || self.proxies.iter().any(|proxy| proxy.eq_ignore_ascii_case(name));
        self.grants.as_ref().is_none_or(|grants| may_connect(grants, address)) || is_proxy()
    }
}
