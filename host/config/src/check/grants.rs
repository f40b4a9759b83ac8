//! Grants that are wider than they have to be.

use super::Check;
use crate::{
    diagnose::{Code, Finding},
    value::{Grant, GrantedHost, Scheme},
};

pub(super) fn check(check: &mut Check<'_>) {
    for (name, target) in &check.config.targets {
        for (index, grant) in target.allow.iter().enumerate() {
            let position = index.to_string();
            let path = ["targets", name.as_str(), "allow", &position];
            for finding in
                [too_wide(grant), in_the_clear(grant, !target.credentials.is_empty())].into_iter().flatten()
            {
                check.found(&path, finding);
            }
            let covering = target.allow.iter().enumerate().find(|(other, wide)| {
                *other != index && wide.includes(grant) && (*other < index || !grant.includes(wide))
            });
            if let Some((_, wide)) = covering {
                let message = format!("`{grant}` is allowed by `{wide}` already");
                check.found(
                    &path,
                    Finding::warning(Code::BroadGrant, message).hint("take the wider one or this one out"),
                );
            }
        }
    }
}

fn too_wide(grant: &Grant) -> Option<Finding> {
    let (message, hint) = match &grant.host {
        GrantedHost::AnyName => (
            "this lets the plugin reach every host on the internet",
            "name the hosts that it needs: stint plugin inspect FILE shows what it asks for",
        ),
        GrantedHost::Block { address, prefix } if *prefix < if address.is_ipv4() { 8 } else { 7 } => {
            ("this lets the plugin reach a large part of all addresses", "name the network that it needs")
        }
        _ => return None,
    };
    Some(Finding::warning(Code::BroadGrant, message).hint(hint))
}

fn in_the_clear(grant: &Grant, has_credentials: bool) -> Option<Finding> {
    let open = grant.scheme == Scheme::Http && !grant.host.is_private();
    (open && has_credentials).then(|| {
        Finding::warning(Code::Unsafe, "this target's credentials would travel here without encryption")
            .hint("write https, if the server has it")
    })
}
