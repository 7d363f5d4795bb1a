//! What to do next about a refusal: the documented words, for this user at this backend.

use crate::client::error::{Cause, ClientError, Kind};
use crate::client::progress::Size;
use crate::client::retry::Call;
use crate::model::media;
use crate::wire::code::Code;
use crate::wire::envelope::Refusal;
use crate::wire::route;

/// Who was refused.
pub(super) struct Who<'a> {
    /// The address of the web pages.
    pub(super) web: &'a str,
    /// The user, when known.
    pub(super) user_id: Option<&'a str>,
    /// The user brought the token.
    pub(super) own_token: bool,
    /// The most bytes of one file, by the skill's document.
    pub(super) upload_bytes_max: u64,
}

/// Returns the error of a refusal, with its hint.
pub(super) fn refused(call: Call, refusal: &Refusal, who: &Who<'_>) -> ClientError {
    let code = refusal.meaning();
    let said = &refusal.message;
    let (message, hint) = match code {
        Code::BadToken if who.own_token => (
            format!("the token in NEMO_TOKEN was refused: {said}"),
            "put a valid token into NEMO_TOKEN, or unset it to work with a free anonymous one".to_owned(),
        ),
        Code::BadToken => (
            format!("the token was refused: {said}"),
            "try again later, or set NEMO_TOKEN to a token of your own".to_owned(),
        ),
        Code::NoSession => (
            format!("the session is not there: {said}"),
            "open a new session; the old timeline is gone".to_owned(),
        ),
        Code::NoCredits => (format!("out of credits: {said}"), top_up(who)),
        Code::MediaType => {
            (format!("unsupported file type: {said}"), format!("accepted formats: {}", media::ACCEPTED))
        }
        Code::MediaSize => (
            format!("the file is too large: {said}"),
            format!("compress or trim it; the documented limit is {}", Size(who.upload_bytes_max)),
        ),
        Code::Plan => (
            format!("the export is blocked by the plan, not by credits: {said}"),
            format!("register or upgrade your plan to unlock export: {}", register(who)),
        ),
        Code::Scope => (
            format!("the token may not do this: {said}"),
            "use a token with the scopes read, write, upload and render".to_owned(),
        ),
        Code::RateLimited if call == Call::Token => (
            format!("no new free token: {said}"),
            "a client id gets one token in 7 days; set NEMO_TOKEN to one you have, or come back later"
                .to_owned(),
        ),
        Code::RateLimited => (format!("asked too often: {said}"), "wait a minute, then try again".to_owned()),
        Code::Transient => (said.clone(), "try again in a moment".to_owned()),
        Code::NotFound => {
            (said.clone(), "check the id, and that the address is a NemoVideo backend's".to_owned())
        }
        Code::Ok | Code::BadRequest | Code::Other => {
            (said.clone(), "change what the message names; `reel doctor` checks token and backend".to_owned())
        }
    };
    let mut error = ClientError::new(call, Kind::of(code), Cause::Refused(code), message).hint(hint);
    error.code = refusal.code;
    error
}

fn top_up(who: &Who<'_>) -> String {
    match who.user_id {
        Some(user) if is_anonymous(user) => {
            format!("register to go on; your work is kept: {}", register(who))
        }
        _ => format!("top up in your account: {}", who.web),
    }
}

/// The page to register at; an anonymous user is bound to the new account and keeps its work.
fn register(who: &Who<'_>) -> String {
    match who.user_id.filter(|user| is_anonymous(user)) {
        Some(user) => format!("{}/register?bind={}", who.web, route::encoded(user)),
        None => who.web.to_owned(),
    }
}

fn is_anonymous(user_id: &str) -> bool {
    user_id.starts_with("anon_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(number: i64, user_id: Option<&str>, own_token: bool) -> (Kind, String, String) {
        let refusal = Refusal { code: number, status: 200, message: "no".into() };
        let web = "https://nemovideo.com";
        let who = Who { web, user_id, own_token, upload_bytes_max: 200_000_000 };
        let error = refused(Call::Upload, &refusal, &who);
        assert_eq!(error.code, number);
        (error.kind, error.message, error.hint)
    }

    #[test]
    fn anonymous_users_get_their_registration_link_and_others_top_up() {
        let (kind, _, hint) = said(2001, Some("anon_a/1"), false);
        assert_eq!(kind, Kind::Credits);
        assert!(hint.ends_with("https://nemovideo.com/register?bind=anon_a%2F1"), "{hint}");
        let (_, _, hint) = said(2001, Some("user_7"), true);
        assert_eq!(hint, "top up in your account: https://nemovideo.com");
    }

    #[test]
    fn a_blocked_export_is_about_the_plan() {
        let (kind, message, hint) = said(402, Some("anon_1"), false);
        assert_eq!(kind, Kind::Plan);
        assert!(message.contains("not by credits") && hint.contains("upgrade your plan to unlock export"));
        assert!(hint.ends_with("/register?bind=anon_1"));
    }

    #[test]
    fn files_are_told_what_is_taken() {
        assert!(said(4001, None, false).2.contains("mp4, mov, avi, webm, mkv, jpg"));
        assert!(said(4002, None, false).2.contains("200.0 MB"));
    }

    #[test]
    fn every_refusal_says_what_to_do() {
        for number in [1001, 1002, 2001, 4001, 4002, 400, 402, 403, 404, 409, 422, 429, 500, 503] {
            assert!(!said(number, None, false).2.is_empty(), "{number}");
        }
    }

    #[test]
    fn a_token_of_ones_own_is_named_when_it_is_refused() {
        assert!(said(1001, None, true).1.contains("NEMO_TOKEN"));
        assert!(!said(1001, None, false).1.contains("NEMO_TOKEN"));
    }
}
