//! Why a row had failed, as far as the old program's message tells. Its words were `HTTP 401: Unauthorized`,
//! `Network error: …` and `Token refresh failed: …`.

use stint_domain::failure::Cause;

/// The class of the failure.
pub(super) fn cause(message: Option<&str>) -> Cause {
    let message = message.unwrap_or_default().trim_start();
    if let Some(status) = message.strip_prefix("HTTP ") {
        let digits = status.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        return digits.parse().map_or(Cause::Other, of_status);
    }
    if message.starts_with("Network error") {
        return Cause::Offline;
    }
    if message.starts_with("Token refresh failed") {
        return Cause::Unauthorized;
    }
    Cause::Other
}

const fn of_status(status: u16) -> Cause {
    match status {
        400 | 422 => Cause::Invalid,
        401 => Cause::Unauthorized,
        403 => Cause::Forbidden,
        404 | 410 => Cause::NotFound,
        408 => Cause::Timeout,
        409 => Cause::Conflict,
        413 => Cause::TooLarge,
        429 => Cause::RateLimited,
        500..=599 => Cause::Server,
        _ => Cause::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_messages_that_the_old_program_wrote_have_their_causes() {
        for (message, expected) in [
            ("HTTP 401: Unauthorized", Cause::Unauthorized),
            ("HTTP 403: Forbidden", Cause::Forbidden),
            ("HTTP 404: Not Found", Cause::NotFound),
            ("HTTP 408", Cause::Timeout),
            ("HTTP 409", Cause::Conflict),
            ("HTTP 413", Cause::TooLarge),
            ("HTTP 422: no", Cause::Invalid),
            ("HTTP 429", Cause::RateLimited),
            ("HTTP 500: Internal Server Error", Cause::Server),
            ("HTTP 700", Cause::Other),
            ("HTTP 99999999: ", Cause::Other),
            ("HTTP is hard", Cause::Other),
            ("Network error: timeout", Cause::Offline),
            ("Token refresh failed: no", Cause::Unauthorized),
            ("", Cause::Other),
        ] {
            assert_eq!(cause(Some(message)), expected, "{message}");
        }
        assert_eq!(cause(None), Cause::Other);
    }
}
