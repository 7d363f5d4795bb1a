//! The addresses of the backend's endpoints, and how an id is put into one.

/// `POST`: a free token for a client id.
pub const ANONYMOUS_TOKEN: &str = "/api/auth/anonymous-token";
/// `POST`: a link token that opens a project in a browser and can do nothing else.
pub const CLAIM_TOKEN: &str = "/api/auth/claim-token";
/// `POST`: a new project with its session.
pub const SESSIONS: &str = "/api/tasks/me/with-session/nemo_agent";
/// `POST`: one turn of the agent, answered with server-sent events.
pub const RUN_SSE: &str = "/run_sse";
/// `GET`: what a session holds now.
pub const STATE: &str = "/api/state/nemo_agent/me/{id}/latest";
/// `POST`: files (multipart) or URLs (JSON) into a session.
pub const UPLOAD: &str = "/api/upload-video/nemo_agent/me/{id}";
/// `GET`: the credits.
pub const CREDITS: &str = "/api/credits/balance/simple";
/// `POST`: start a render under an id of the client's choice.
pub const RENDERS: &str = "/api/render/proxy/lambda";
/// `GET`: how far a render is.
pub const RENDER: &str = "/api/render/proxy/lambda/{id}";
/// `GET`: the file of a finished render.
pub const RENDER_FILE: &str = "/api/render/proxy/{id}/download";
/// On the web host: opens a project by its claim token, `?ct=`.
pub const CLAIM_PAGE: &str = "/workspace/claim";

/// Puts an id into a route's `{id}`, percent-encoded; none for an id that is empty or would
/// change the path (`.`, `..`).
pub fn fill(route: &str, id: &str) -> Option<String> {
    let sound = !id.is_empty() && !id.bytes().all(|byte| byte == b'.');
    sound.then(|| route.replace("{id}", &encoded(id)))
}

/// Percent-encodes everything but letters, digits and `-_.~`: for a path segment or a query
/// value.
pub fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_leave_its_place() {
        let good = fill(STATE, "5529798706024415232").unwrap();
        assert_eq!(good, "/api/state/nemo_agent/me/5529798706024415232/latest");
        assert_eq!(fill(RENDER, "a/../b?c#é").unwrap(), "/api/render/proxy/lambda/a%2F..%2Fb%3Fc%23%C3%A9");
        assert!([".", "..", ""].iter().all(|id| fill(STATE, id).is_none()));
    }
}
