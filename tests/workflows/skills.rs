//! The script of each skill, as it stands, only smaller.

use super::video::Video;
use super::{User, repository};

const SKILLS: [&str; 5] = [
    "ai-free-generator",
    "free-generator-to",
    "generator-online-free",
    "video-generator-free-api",
    "video-maker-free-online-ai",
];

#[test]
fn every_skill_has_its_script() {
    let folder = std::fs::read_dir(repository("scripts/skills")).unwrap();
    let mut names: Vec<String> =
        folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, SKILLS.map(|skill| format!("{skill}.rhai")));
}

#[test]
fn ai_free_generator_makes_thirty_seconds_of_words() {
    leaves("ai-free-generator", 30.0);
}

#[test]
fn free_generator_to_makes_thirty_seconds_of_a_scene() {
    leaves("free-generator-to", 30.0);
}

#[test]
fn generator_online_free_makes_sixty_seconds_of_a_description() {
    leaves("generator-online-free", 60.0);
}

#[test]
fn video_generator_free_api_makes_thirty_seconds_of_a_script() {
    leaves("video-generator-free-api", 30.0);
}

#[test]
fn video_maker_free_online_ai_makes_a_promo_of_photos() {
    leaves("video-maker-free-online-ai", 30.0);
}

#[track_caller]
fn leaves(skill: &str, seconds: f64) {
    let user = User::new();
    user.runs(&format!("scripts/skills/{skill}.rhai"), &[("resolution", "360p")]);
    Video::open(&user.out(&format!("{skill}.mp4"))).lasts(seconds).measures(640, 360).sounds();
}
