//! What the numbers of an answer mean: the backend's own codes and HTTP's, in one table.

/// The meaning of a `code`, or of the HTTP status that stands in for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// 0: all well.
    Ok,
    /// 1001: the token is wrong or expired.
    BadToken,
    /// 1002: no such session.
    NoSession,
    /// 2001: no credits left.
    NoCredits,
    /// 4001: a file of a kind that is not taken.
    MediaType,
    /// 4002: a file that is too large.
    MediaSize,
    /// 400: a request that lacks something; of the token call, its `X-Client-Id`.
    BadRequest,
    /// 402: the plan does not allow an export, or the attribution headers were missing.
    Plan,
    /// 403: the token lacks the scope.
    Scope,
    /// 404: nothing there.
    NotFound,
    /// 429: too many requests.
    RateLimited,
    /// 408 and 5xx: a fault that may pass.
    Transient,
    /// Any other number.
    Other,
}

impl Code {
    /// Reads a number, the backend's code or an HTTP status alike.
    pub fn of(number: i64) -> Self {
        match number {
            0 | 200..=299 => Self::Ok,
            // 1010 and 1011 come from a sister gateway of the same house.
            1001 | 1010 | 1011 | 401 => Self::BadToken,
            1002 => Self::NoSession,
            2001 => Self::NoCredits,
            4001 | 415 => Self::MediaType,
            4002 | 413 => Self::MediaSize,
            400 => Self::BadRequest,
            402 => Self::Plan,
            403 => Self::Scope,
            404 => Self::NotFound,
            429 => Self::RateLimited,
            408 | 500..=599 => Self::Transient,
            _ => Self::Other,
        }
    }

    /// Returns the documented number: what a backend states.
    pub fn number(self) -> i64 {
        match self {
            Self::Ok => 0,
            Self::BadToken => 1001,
            Self::NoSession => 1002,
            Self::NoCredits => 2001,
            Self::MediaType => 4001,
            Self::MediaSize => 4002,
            Self::BadRequest => 400,
            Self::Plan => 402,
            Self::Scope => 403,
            Self::NotFound => 404,
            Self::RateLimited => 429,
            Self::Transient => 500,
            Self::Other => 422,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_meaning_survives_its_own_number() {
        use Code::*;
        let all = [
            Ok,
            BadToken,
            NoSession,
            NoCredits,
            MediaType,
            MediaSize,
            BadRequest,
            Plan,
            Scope,
            NotFound,
            RateLimited,
            Transient,
            Other,
        ];
        for code in all {
            assert_eq!(Code::of(code.number()), code);
        }
    }

    #[test]
    fn a_status_means_what_its_code_means() {
        let pairs = [(401, 1001), (1010, 1001), (415, 4001), (413, 4002), (503, 500), (408, 504)];
        for (status, code) in pairs {
            assert_eq!(Code::of(status), Code::of(code));
        }
    }
}
