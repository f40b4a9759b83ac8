//! `credentials`: descriptions and signatures. A secret never comes near the sandbox.

use super::OverBound;
use crate::bindings::stint::plugin::credentials::{Host, Info};
use crate::manifest::Kind;
use crate::sandbox::Sandbox;
use crate::services::AwsScope;

const NAME_BYTES_MAX: usize = 256;
/// Signing is the host's work, which no plugin's processor time is charged for, so it has a bound of its own: more
/// than any call has requests to sign.
const SIGNATURES_MAX: u32 = 1000;

impl Sandbox {
    fn may_use(&self, name: &str) -> Result<(), String> {
        self.permit(&[Kind::Target], "credentials", |grants| grants.credential(name))
    }

    /// Counts a signature.
    fn may_sign(&mut self, name: &str) -> Result<(), String> {
        self.may_use(name)?;
        if self.signatures >= SIGNATURES_MAX {
            return Err(format!("this call has had its {SIGNATURES_MAX} signatures"));
        }
        self.signatures += 1;
        Ok(())
    }
}

impl Host for Sandbox {
    fn describe(&mut self, name: String) -> wasmtime::Result<Option<Info>> {
        if name.len() > NAME_BYTES_MAX {
            return Err(OverBound(format!("it named a credential by {} bytes", name.len())).into());
        }
        if self.may_use(&name).is_err() {
            return Ok(None);
        }
        let found = self.around.credentials.describe(&name);
        Ok(found.map(|found| Info {
            scheme: found.scheme,
            public_id: found.public_id,
            expires_at: found.expires_at_unix_ms,
        }))
    }

    async fn sign_aws4(
        &mut self,
        name: String,
        date: String,
        region: String,
        service: String,
        message: String,
    ) -> wasmtime::Result<Result<Vec<u8>, String>> {
        if let Err(refusal) = self.may_sign(&name) {
            return Ok(Err(refusal));
        }
        let credentials = std::sync::Arc::clone(&self.around.credentials);
        self.meter.pause();
        let scope = AwsScope { date: &date, region: &region, service: &service };
        let signed = credentials.sign_aws4(&name, scope, &message).await;
        self.meter.resume();
        Ok(signed?)
    }

    async fn sign_webhook(
        &mut self,
        name: String,
        message: Vec<u8>,
    ) -> wasmtime::Result<Result<Vec<u8>, String>> {
        if let Err(refusal) = self.may_sign(&name) {
            return Ok(Err(refusal));
        }
        let credentials = std::sync::Arc::clone(&self.around.credentials);
        self.meter.pause();
        let signed = credentials.sign_webhook(&name, &message).await;
        self.meter.resume();
        Ok(signed?)
    }
}
