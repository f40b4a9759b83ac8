//! What a plugin's requests and signatures meet: services that grant everything, and a network that never answers.

use std::future::{pending, ready};

use stint_plugin_runtime::services::{
    AwsScope, Broker, CredentialInfo, Credentials, HostFault, HttpError, HttpRequest, HttpResponse, Later,
};

/// Answers every request, signs whatever it is given, and remembers nothing.
pub(crate) struct Willing;

impl Broker for Willing {
    fn send(&self, _request: HttpRequest) -> Later<'_, Result<HttpResponse, HttpError>> {
        Box::pin(ready(Ok(HttpResponse { status: 200, headers: Vec::new(), body: Vec::new() })))
    }
}

impl Credentials for Willing {
    fn describe(&self, _name: &str) -> Option<CredentialInfo> {
        None
    }

    fn sign_aws4<'a>(
        &'a self,
        _name: &'a str,
        _scope: AwsScope<'a>,
        _message: &'a str,
    ) -> Later<'a, Result<Result<Vec<u8>, String>, HostFault>> {
        Box::pin(ready(Ok(Ok(vec![0; 32]))))
    }

    fn sign_webhook<'a>(
        &'a self,
        _name: &'a str,
        _message: &'a [u8],
    ) -> Later<'a, Result<Result<Vec<u8>, String>, HostFault>> {
        Box::pin(ready(Ok(Ok(vec![0; 32]))))
    }
}

/// A network that never answers, as behind a firewall that drops everything.
pub(crate) struct Silence;

impl Broker for Silence {
    fn send(&self, _request: HttpRequest) -> Later<'_, Result<HttpResponse, HttpError>> {
        Box::pin(pending())
    }
}
