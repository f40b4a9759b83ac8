//! `[network]` in the words of the broker.

use std::fs;

use stint_config::{model::Network, value::Proxy};
use stint_plugin_runtime::egress::{ProxyWay, WayOut};

/// The way out, without the proxy's login. What is wrong with it is told to whoever wrote the configuration.
pub(super) fn way_out(network: &Network) -> Result<WayOut, String> {
    let extra_roots = network.ca_file.as_ref().map(|file| {
        fs::read(file.path()).map_err(|error| {
            format!("failed to read the certificates of network.ca_file, {}: {error}", file.written())
        })
    });
    let proxy = match &network.proxy {
        Proxy::System => ProxyWay::System,
        Proxy::Off => ProxyWay::Off,
        Proxy::At(url) => ProxyWay::at(url),
    };
    Ok(WayOut { proxy, extra_roots: extra_roots.transpose()? })
}
