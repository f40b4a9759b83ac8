//! Signatures that a plugin has made and never holds the key for.

use ring::hmac::{HMAC_SHA256, Key, sign};
use stint_domain::secret::Secret;
use zeroize::Zeroizing;

use crate::services::AwsScope;

/// How long a part of a scope may be.
const PART_BYTES_MAX: usize = 64;

/// AWS Signature Version 4 of a string to sign, with the key for its scope.
pub(super) fn aws4(secret: &Secret, scope: AwsScope<'_>, message: &str) -> Result<Vec<u8>, String> {
    if scope.date.len() != 8 || !scope.date.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("the date of a signature has eight digits, as 20250131".to_owned());
    }
    for (what, part) in [("region", scope.region), ("service", scope.service)] {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if part.is_empty() || part.len() > PART_BYTES_MAX || !part.bytes().all(fits) {
            return Err(format!("the {what} of a signature has small letters, digits and `-` alone"));
        }
    }
    let first = Zeroizing::new(format!("AWS4{}", secret.expose()));
    let date = mac(first.as_bytes(), scope.date);
    let region = mac(&date, scope.region);
    let service = mac(&region, scope.service);
    let key = mac(&service, "aws4_request");
    Ok(webhook_of(&key, message.as_bytes()))
}

/// HMAC-SHA256 with the secret itself.
pub(super) fn webhook(secret: &Secret, message: &[u8]) -> Vec<u8> {
    webhook_of(secret.expose().as_bytes(), message)
}

fn webhook_of(key: &[u8], message: &[u8]) -> Vec<u8> {
    sign(&Key::new(HMAC_SHA256, key), message).as_ref().to_vec()
}

fn mac(key: &[u8], message: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(webhook_of(key, message.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachment::hexadecimal;

    /// The key of all examples that AWS publishes.
    const EXAMPLE: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    fn signed(date: &str, region: &str, service: &str, message: &str) -> Result<String, String> {
        let scope = AwsScope { date, region, service };
        aws4(&Secret::new(EXAMPLE.into()), scope, message).map(|bytes| hexadecimal(&bytes))
    }

    /// The suite `aws-sig-v4-test-suite`: `get-vanilla` and `post-vanilla`.
    #[test]
    fn signatures_are_those_of_the_published_suite() {
        let to_sign = |hash: &str| {
            format!("AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n{hash}")
        };
        for (hash, signature) in [
            (
                "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "553f88c9e4d10fc9e109e2aeb65f030801b70c2f6468faca261d401ae622fc87",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
        ] {
            assert_eq!(signed("20150830", "us-east-1", "service", &to_sign(hash)).unwrap(), signature);
        }
    }

    #[test]
    fn a_scope_that_is_none_is_refused() {
        for (date, region, service) in [
            ("2015-08-30", "us-east-1", "s3"),
            ("20150830", "", "s3"),
            ("20150830", "us east", "s3"),
            ("20150830", "us-east-1", "S3"),
        ] {
            assert!(signed(date, region, service, "x").unwrap_err().contains("of a signature"), "{date}");
        }
    }

    /// RFC 4231, test case 2.
    #[test]
    fn a_webhook_is_signed_by_hmac_sha256() {
        let signature = webhook(&Secret::new("Jefe".into()), b"what do ya want for nothing?");
        assert_eq!(
            hexadecimal(&signature),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
