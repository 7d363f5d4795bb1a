//! Which token is sent: the user's, the stored one, a new one; and what is kept on disk.

use std::fs;

use reelscript::client::{Config, Kind};
use reelscript::secret::Secret;

use super::server::{answer, each, json, once, raw};
use super::{Bench, credits};

const GRANT: &str = r#"{"code":0,"data":{"token":"nmv_usr_anon","user_id":"anon_7","expires_at":"2026-09-28T00:00:00Z","credits":100}}"#;

fn anonymous(config: &mut Config) {
    config.token = None;
}

fn bearers(bench: &Bench) -> Vec<String> {
    let requests = bench.server.requests("GET /api/credits");
    requests.iter().map(|request| request.header("authorization").unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn an_anonymous_token_is_asked_for_once_kept_and_used_by_the_next_client() {
    let bench =
        Bench::with(vec![once("POST /api/auth/anonymous-token", json(200, GRANT)), credits(100)], anonymous);
    bench.client.credits().await.unwrap();
    bench.client.credits().await.unwrap();
    let second = next_client(&bench);
    second.credits().await.unwrap();
    assert_eq!(bearers(&bench), ["Bearer nmv_usr_anon"; 3]);
    let ask = bench.server.requests("POST /api/auth").remove(0);
    let id = ask.header("x-client-id").unwrap().to_owned();
    assert!(ask.header("authorization").is_none() && id.len() == 36);
    assert_eq!(ask.header("x-skill-source"), Some("video-generator-free-api"));
    let folder = bench.home.path().join("nemovideo");
    assert_eq!(fs::read_to_string(folder.join("client_id")).unwrap().trim(), id);
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["client_id", "reel_tokens.json"]);
    assert!(!format!("{:?}", fs::read_to_string(folder.join("client_id"))).contains("nmv_usr"));
}

#[cfg(unix)]
#[tokio::test]
async fn the_token_file_is_for_the_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::with(vec![once("POST /api/auth", json(200, GRANT)), credits(100)], anonymous);
    bench.client.credits().await.unwrap();
    let path = bench.home.path().join("nemovideo/reel_tokens.json");
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

/// A client of the same user as the bench's, as a second run makes it.
fn next_client(bench: &Bench) -> reelscript::client::Client {
    next_client_at(bench, bench.server.url())
}

fn next_client_at(bench: &Bench, base: String) -> reelscript::client::Client {
    let config = Config {
        base,
        web: "https://nemovideo.com".to_owned(),
        config_dir: bench.home.path().join("nemovideo"),
        token: None,
        client_id: None,
        profile: Default::default(),
        platform: "unknown".to_owned(),
        clock: bench.clock.clone(),
        delays: Default::default(),
    };
    reelscript::client::Client::new(config).unwrap()
}

#[tokio::test]
async fn a_token_that_ended_is_replaced_for_the_same_client_id() {
    let second = GRANT.replace("_anon\"", "_second\"").replace("2026-09-28", "2036-09-28");
    let answers = vec![
        once("POST /api/auth", json(200, GRANT)),
        once("POST /api/auth", json(200, second)),
        credits(100),
    ];
    let bench = Bench::with(answers, anonymous);
    bench.client.credits().await.unwrap();
    bench.clock.advance(std::time::Duration::from_secs(30 * 86_400));
    bench.client.credits().await.unwrap();
    assert_eq!(bearers(&bench), ["Bearer nmv_usr_anon", "Bearer nmv_usr_second"]);
    let asks = bench.server.requests("POST /api/auth");
    assert_eq!(asks[0].header("x-client-id"), asks[1].header("x-client-id"));
}

#[tokio::test]
async fn a_refused_anonymous_token_is_replaced_and_the_call_made_again() {
    let second = GRANT.replace("_anon\"", "_second\"");
    let answers = vec![
        once("POST /api/auth", json(200, GRANT)),
        once("GET /api/credits", json(200, r#"{"code":1001,"message":"revoked"}"#)),
        once("POST /api/auth", json(200, second)),
        credits(100),
    ];
    let bench = Bench::with(answers, anonymous);
    assert_eq!(bench.client.credits().await.unwrap().available, 100.0);
    assert_eq!(bearers(&bench), ["Bearer nmv_usr_anon", "Bearer nmv_usr_second"]);
}

#[tokio::test]
async fn a_turn_goes_out_again_after_a_new_token() {
    let second = GRANT.replace("_anon\"", "_second\"");
    let done = "data: {\"content\":{\"parts\":[{\"text\":\"Done.\"}]}}\n\n";
    let answers = vec![
        once("POST /api/auth", json(200, GRANT)),
        once("POST /run_sse", json(401, r#"{"detail":"token expired"}"#)),
        once("POST /api/auth", json(200, second)),
        once("POST /run_sse", super::server::stream(done)),
        super::state(super::TITLE),
        credits(50),
    ];
    let bench = Bench::with(answers, anonymous);
    assert_eq!(bench.turn().await.unwrap().raw_text, "Done.");
}

#[tokio::test]
async fn the_users_own_token_is_never_replaced() {
    let bench = Bench::new(vec![once("GET /api/credits", json(200, r#"{"code":1001,"message":"expired"}"#))]);
    let error = bench.client.credits().await.unwrap_err();
    assert_eq!((error.kind, error.code), (Kind::Auth, 1001));
    assert!(error.message.contains("NEMO_TOKEN") && error.hint.contains("unset it"), "{error}");
    assert!(!error.message.contains("nmv_usr_mine") && !error.hint.contains("nmv_usr_mine"));
    assert!(!bench.home.path().join("nemovideo").exists(), "nothing was stored");
}

#[tokio::test]
async fn a_token_stays_with_the_backend_that_gave_it() {
    let bench = Bench::with(vec![once("POST /api/auth", json(200, GRANT)), credits(100)], anonymous);
    bench.client.credits().await.unwrap();
    let other_grant = GRANT.replace("_anon\"", "_other\"");
    let other =
        super::server::Server::start(vec![once("POST /api/auth", json(200, other_grant)), credits(7)]);
    assert_eq!(next_client_at(&bench, other.url()).credits().await.unwrap().available, 7.0);
    assert_eq!(other.requests("GET")[0].header("authorization"), Some("Bearer nmv_usr_other"));
    // And the first backend's is still there.
    next_client(&bench).credits().await.unwrap();
    assert_eq!(bearers(&bench), ["Bearer nmv_usr_anon"; 2]);
}

#[tokio::test]
async fn a_rate_limited_token_is_asked_for_twice_then_said() {
    let limited = each("POST /api/auth", raw(answer(429, "", br#"{"code":429,"message":"one a week"}"#)));
    let bench = Bench::with(vec![limited], anonymous);
    let error = bench.client.credits().await.unwrap_err();
    assert_eq!((error.kind, error.code, error.call), (Kind::RateLimit, 429, "token"));
    assert!(error.hint.contains("one token in 7 days") && error.hint.contains("NEMO_TOKEN"));
    assert_eq!((bench.waited(), bench.server.requests("POST").len()), (30, 2));
}

#[tokio::test]
async fn another_process_may_have_been_given_the_token() {
    let bench = Bench::with(vec![once("POST /api/auth", json(200, GRANT)), credits(100)], anonymous);
    bench.client.credits().await.unwrap();
    let stored = fs::read_to_string(bench.home.path().join("nemovideo/reel_tokens.json")).unwrap();
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("late");
    let (place, base) = (folder.clone(), bench.server.url());
    let limited = once("POST /api/auth", move |request, peer| {
        let url = format!("http://{}", request.header("host").unwrap());
        fs::write(place.join("reel_tokens.json"), stored.replace(&base, &url)).unwrap();
        raw(answer(429, "", b"{}"))(request, peer);
    });
    let late = Bench::with(vec![limited, credits(9)], |config| {
        anonymous(config);
        config.config_dir = folder;
    });
    assert_eq!(late.client.credits().await.unwrap().available, 9.0);
    assert_eq!(bearers(&late), ["Bearer nmv_usr_anon"]);
}

#[tokio::test]
async fn a_client_id_that_is_missed_is_made_anew_but_a_given_one_is_not() {
    let missing = || once("POST /api/auth", json(400, r#"{"code":400,"message":"X-Client-Id"}"#));
    let bench = Bench::with(vec![missing(), once("POST /api/auth", json(200, GRANT)), credits(1)], anonymous);
    bench.client.credits().await.unwrap();
    let asks = bench.server.requests("POST /api/auth");
    assert_ne!(asks[0].header("x-client-id"), asks[1].header("x-client-id"));
    let bench = Bench::with(vec![missing()], |config| {
        anonymous(config);
        config.client_id = Some("given-id".to_owned());
    });
    assert_eq!(bench.client.credits().await.unwrap_err().code, 400);
    assert_eq!(bench.server.requests("POST")[0].header("x-client-id"), Some("given-id"));
}

#[tokio::test]
async fn many_calls_at_once_ask_for_one_token() {
    let bench = Bench::with(vec![once("POST /api/auth", json(200, GRANT)), credits(100)], anonymous);
    let calls = (0..8).map(|_| bench.client.credits());
    assert!(futures_util::future::join_all(calls).await.iter().all(Result::is_ok));
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_said_before_a_token_is_spent() {
    let bench = Bench::with(vec![], |config| {
        anonymous(config);
        fs::write(&config.config_dir, b"a file in the way").unwrap();
    });
    let error = bench.client.credits().await.unwrap_err();
    assert_eq!(error.kind, Kind::Input);
    assert!(error.hint.contains("NEMO_TOKEN"), "{error}");
}

#[tokio::test]
async fn a_token_that_no_header_can_carry_is_refused_unseen() {
    let bench = Bench::with(vec![], |config| config.token = Some(Secret::new("nmv\nusr")));
    let error = bench.client.credits().await.unwrap_err();
    assert!(error.kind == Kind::Input && !error.message.contains("usr"));
}

#[tokio::test]
async fn a_link_holds_the_claim_token_and_never_the_api_token() {
    let answers = vec![
        once(
            "POST /api/tasks/me/with-session/nemo_agent",
            json(200, r#"{"code":0,"data":{"task_id":"t 1","session_id":5529798706024415232}}"#),
        ),
        once(
            "POST /api/auth/claim-token",
            json(200, r#"{"code":0,"data":{"claim_token":"clm_a+b","expires_in":604800}}"#),
        ),
    ];
    let bench = Bench::new(answers);
    let made = bench.client.create_session("promo", Some("zh")).await.unwrap();
    assert_eq!(made.session_id, "5529798706024415232");
    let link = bench.client.claim_link(&made.task_id, &made.session_id).await.unwrap();
    assert_eq!(link, "https://nemovideo.com/workspace/claim?ct=clm_a%2Bb");
    let bodies: Vec<_> = bench.server.requests("POST").iter().map(|request| request.text()).collect();
    assert_eq!(
        bodies,
        [
            r#"{"task_name":"promo","language":"zh"}"#,
            r#"{"task_id":"t 1","session_id":"5529798706024415232"}"#
        ]
    );
}
