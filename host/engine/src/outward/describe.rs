//! What the configuration says of its credentials, in the words of the vault.

use stint_config::{
    Config,
    model::{self, CredentialScheme},
    value::{Name, SecretRef, TokenStore},
};
use stint_plugin_runtime::{
    egress::Scheme,
    vault::{Description, Place, Refresh, Store},
};

/// All credentials of a configuration.
pub fn descriptions(config: &Config) -> Vec<Description> {
    config.credentials.iter().map(|(name, credential)| described(name, credential)).collect()
}

fn described(name: &Name, credential: &model::Credential) -> Description {
    Description {
        name: name.as_str().to_owned(),
        scheme: scheme(credential),
        public_id: credential.public_id.as_ref().map(|id| id.as_str().to_owned()),
        value: credential.value.as_ref().map(place),
        refresh: credential.refresh.as_ref().map(refresh),
        store: credential.store.as_ref().map(|store| match store {
            TokenStore::Keyring => Store::Keyring,
            TokenStore::File(path) => Store::File(path.path().to_owned()),
        }),
    }
}

fn scheme(credential: &model::Credential) -> Scheme {
    // The configuration was refused where the name is missing that these two need.
    let name = credential.name.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default();
    match credential.scheme {
        CredentialScheme::Bearer => Scheme::Bearer,
        CredentialScheme::Basic => {
            Scheme::Basic { user: credential.user.as_ref().map(|user| user.as_str().to_owned()) }
        }
        CredentialScheme::Header => Scheme::Header { name },
        CredentialScheme::Query => Scheme::Query { name },
    }
}

fn place(reference: &SecretRef) -> Place {
    match reference {
        SecretRef::Env(name) => Place::Env(name.clone()),
        SecretRef::File(path) => Place::File(path.path().to_owned()),
        SecretRef::Keyring(name) => Place::Keyring(name.as_str().to_owned()),
        SecretRef::Command(words) => Place::Command(words.clone()),
    }
}

fn refresh(refresh: &model::Refresh) -> Refresh {
    Refresh {
        url: refresh.url.url().clone(),
        body: refresh.body.clone(),
        refresh_token: place(&refresh.refresh_token),
        access: refresh.access.as_str().to_owned(),
        refresh: refresh.refresh.as_ref().map(|pointer| pointer.as_str().to_owned()),
        expires: refresh.expires.as_ref().map(|pointer| pointer.as_str().to_owned()),
    }
}
