//! The page at `/`: what it shows, to whom, and that nothing of it can run.

use reelscript::secret::Secret;
use serde_json::json;

use super::renders::{draft, scene};
use super::{Bench, data, text};

#[tokio::test]
async fn the_page_shows_projects_timelines_renders_and_credits_without_a_script() {
    let bench = Bench::start().await;
    let wish = json!({"task_name": "<img src=x onerror=alert(1)> & 茶"});
    let session = data(bench.post("/api/tasks/me/with-session/nemo_agent").json(&wish)).await;
    let session = text(&session["session_id"]);
    let said = json!({"session_id": session, "new_message": {"parts": [
        {"text": "Make a 3 second video that says \"<script>alert(2)</script>\" with lo-fi music"}]}});
    bench.post("/run_sse").json(&said).send().await.unwrap().bytes().await.unwrap();
    bench.queue("render_1", &session, &draft()).await;
    let link = text(&bench.end_of("render_1").await["output"]["url"]);
    let page = bench.http.get(bench.url("/")).send().await.unwrap().text().await.unwrap();
    for part in [
        "1 project<",
        "&lt;img src=x onerror=alert(1)&gt; &amp; 茶",
        "&lt;script&gt;alert(2)&lt;/script&gt;",
        "class=\"lane text\"",
        "class=\"state done\"",
        "900 credits",
        &link.split_once("/render-result").unwrap().1.replace('&', "&amp;"),
        &session,
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    for part in ["<script", "<img", "http:", "https:", bench.token.as_str()] {
        assert!(!page.contains(part), "{part} is in {page}");
    }
}

#[tokio::test]
async fn the_page_asks_to_be_shown_anew_while_something_is_at_work() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    bench.queue("render_1", &session, &scene(600_000)).await;
    let page = async || bench.http.get(bench.url("/")).send().await.unwrap().text().await.unwrap();
    assert!(page().await.contains("http-equiv=refresh"));
    bench.post("/api/render/proxy/lambda/render_1/cancel").send().await.unwrap();
    let page = page().await;
    assert!(!page.contains("http-equiv=refresh") && page.contains("called off"), "{page}");
}

#[tokio::test]
async fn an_empty_studio_says_so() {
    let bench = Bench::start().await;
    let page = bench.http.get(bench.url("/")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["cache-control"], "no-store");
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(
        policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
    let page = page.text().await.unwrap();
    assert!(page.contains("0 projects") && page.contains("Nothing here yet"), "{page}");
}

#[tokio::test]
async fn a_studio_with_a_token_shows_nothing_without_it() {
    let bench = Bench::with(|config| config.token = Some(Secret::new("open sesame"))).await;
    let get = || bench.http.get(bench.url("/"));
    for call in [
        get(),
        get().bearer_auth("nmv_usr_other"),
        get().basic_auth("me", Some("open")),
        get().basic_auth("open sesame", None::<&str>),
    ] {
        let closed = call.send().await.unwrap();
        assert_eq!(closed.status(), 401);
        assert!(closed.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic"));
        let page = closed.text().await.unwrap();
        assert!(!page.contains("project") && !page.contains("credits"), "{page}");
    }
    for call in [get().bearer_auth("open sesame"), get().basic_auth("", Some("open sesame"))] {
        assert_eq!(call.send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_page_of_another_name_is_refused() {
    let bench = Bench::start().await;
    let other = bench.http.get(bench.url("/")).header("Host", "evil.example");
    assert_eq!(other.send().await.unwrap().status(), 403);
}
