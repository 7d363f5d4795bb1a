//! Tokens: who gets one, how long it lives, and links that open a session.

use std::time::Duration;

use reelscript::clock::Clock;
use reelscript::secret::Secret;
use serde_json::json;

use super::{Bench, NOW_MS, data, json as body, refused, text};

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

#[tokio::test]
async fn a_new_client_gets_a_token_with_its_user_and_credits() {
    let bench = Bench::start().await;
    let grant = body(bench.ask_token("client-2").await).await["data"].take();
    assert!(text(&grant["token"]).starts_with("nmv_usr_"));
    assert!(text(&grant["user_id"]).starts_with("anon_"));
    assert_eq!(grant["expires_at"], "2026-03-20T17:40:13Z");
    assert_eq!(grant["credits"], 1000.0);
}

#[tokio::test]
async fn a_token_call_without_a_client_id_is_400() {
    let bench = Bench::start().await;
    let url = bench.url("/api/auth/anonymous-token");
    assert_eq!(refused(bench.http.post(&url)).await.0, 400);
    for id in [" ".to_owned(), "x".repeat(65)] {
        assert_eq!(refused(bench.http.post(&url).header("X-Client-Id", id)).await.1, 400);
    }
    assert_eq!(bench.ask_token(&"x".repeat(64)).await.status(), 200);
}

#[tokio::test]
async fn a_client_that_lost_its_token_gets_it_again() {
    let bench = Bench::start().await;
    assert_eq!(bench.token_of("client-1").await, bench.token);
}

#[tokio::test]
async fn a_faithful_studio_limits_tokens_by_client_and_by_address() {
    let clock = Clock::fixed(NOW_MS);
    let hands = clock.clone();
    let bench = Bench::with(|config| (config.faithful_delays, config.clock) = (true, clock)).await;
    let again = bench.ask_token("client-1").await;
    assert_eq!((again.status().as_u16(), &again.headers()["retry-after"]), (429, &"604800".parse().unwrap()));
    for client in 2..=10 {
        assert_eq!(bench.ask_token(&format!("client-{client}")).await.status(), 200);
    }
    let eleventh = body(bench.ask_token("client-11").await).await;
    assert_eq!(eleventh["code"], 429);
    hands.advance(WEEK);
    assert_eq!(bench.ask_token("client-11").await.status(), 200);
}

#[tokio::test]
async fn after_a_week_a_client_gets_a_new_token_for_the_same_user_and_sessions() {
    let clock = Clock::fixed(NOW_MS);
    let hands = clock.clone();
    let mut bench = Bench::with(|config| config.clock = clock).await;
    let session = bench.session().await;
    hands.advance(WEEK);
    assert_eq!(refused(bench.get("/api/credits/balance/simple")).await.1, 1001);
    let old = std::mem::take(&mut bench.token);
    bench.token = bench.token_of("client-1").await;
    assert_ne!(bench.token, old);
    assert!(bench.state(&session).await["video_infos"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn without_a_known_token_everything_is_1001_on_http_200() {
    let mut bench = Bench::start().await;
    for token in ["", "nmv_usr_wrong", "' OR 1=1 --"] {
        bench.token = token.to_owned();
        for call in [
            bench.get("/api/credits/balance/simple"),
            bench.get("/api/state/nemo_agent/me/1/latest"),
            bench.post("/api/tasks/me/with-session/nemo_agent").json(&json!({})),
            bench.post("/api/auth/claim-token").json(&json!({})),
        ] {
            let (status, code, _) = refused(call).await;
            assert_eq!((status, code), (200, 1001));
        }
    }
}

#[tokio::test]
async fn a_studio_with_a_token_takes_that_one_and_gives_none() {
    let mut bench = Bench::with(|config| config.token = Some(Secret::new("open sesame"))).await;
    let closed = bench.ask_token("client-1").await;
    assert_eq!(closed.status(), 403);
    assert_eq!(refused(bench.get("/api/credits/balance/simple")).await.1, 1001);
    bench.token = "open sesame".to_owned();
    assert_eq!(bench.credits().await, (1_000.0, 0.0, 1_000.0));
}

#[tokio::test]
async fn a_link_opens_a_page_with_the_timeline_for_a_week() {
    let clock = Clock::fixed(NOW_MS);
    let hands = clock.clone();
    let bench = Bench::with(|config| config.clock = clock).await;
    let wish = json!({"task_name": "<b>Tea & Co</b>"});
    let opened = data(bench.post("/api/tasks/me/with-session/nemo_agent").json(&wish)).await;
    let ids = json!({"task_id": opened["task_id"], "session_id": opened["session_id"]});
    let grant = data(bench.post("/api/auth/claim-token").json(&ids)).await;
    assert_eq!(grant["expires_in"], 604_800);
    let link = bench.url(&format!("/workspace/claim?ct={}", text(&grant["claim_token"])));
    let page = bench.http.get(&link).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("&lt;b&gt;Tea &amp; Co&lt;/b&gt;") && page.contains("Timeline (empty)"), "{page}");
    hands.advance(WEEK);
    assert_eq!(bench.http.get(&link).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_link_needs_the_session_of_its_user() {
    let mut bench = Bench::start().await;
    let session = bench.session().await;
    let ids = json!({"task_id": "task_other", "session_id": session});
    assert_eq!(refused(bench.post("/api/auth/claim-token").json(&ids)).await.1, 1002);
    bench.token = bench.token_of("client-2").await;
    assert_eq!(refused(bench.post("/api/auth/claim-token").json(&ids)).await.1, 1002);
}
