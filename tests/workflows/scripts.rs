//! The scripts of `scripts/`, each as it stands, only smaller.

use super::User;
use super::video::Video;

const SMALL: (&str, &str) = ("resolution", "360p");

#[test]
fn quick_edit_keeps_ten_seconds_with_title_and_music() {
    let user = User::new();
    let said = user.runs("scripts/quick_edit.rhai", &[SMALL]);
    Video::open(&user.out("quick-edit.mp4")).lasts(10.0).measures(640, 360).sounds();
    let line = r#"Timeline (3 tracks): 1. Video: city (0-10s) 2. BGM: Lo-fi (0-10s, 35%) 3. Title: "Urban Dreams" (0-3s)"#;
    assert!(said.contains(line), "{said}");
}

#[test]
fn quick_edit_takes_a_length_and_a_title() {
    let user = User::new();
    let said = user.runs("scripts/quick_edit.rhai", &[SMALL, ("seconds", "3"), ("title", "Tonight's city")]);
    Video::open(&user.out("quick-edit.mp4")).lasts(3.0);
    assert!(said.contains("Tonight's city"), "{said}");
}

#[test]
fn photo_promo_makes_thirty_seconds_of_five_photos_and_a_logo() {
    let user = User::new();
    let said = user.runs("scripts/photo_promo.rhai", &[SMALL]);
    Video::open(&user.out("photo-promo.mp4")).lasts(30.0).measures(640, 360).sounds();
    for part in
        ["cut of 5 photos", "cup +4 more", "logo", "Slow mornings start here", "Order at amberfern.example"]
    {
        assert!(said.contains(part), "no {part} in {said}");
    }
    assert!(user.out("photo-promo.png").is_file());
}

#[test]
fn photo_promo_makes_a_tall_one_for_phones() {
    let user = User::new();
    user.runs("scripts/photo_promo.rhai", &[SMALL, ("shape", "9:16"), ("seconds", "12")]);
    Video::open(&user.out("photo-promo.mp4")).lasts(12.0).measures(360, 640).sounds();
}

#[test]
fn text_promo_makes_sixty_seconds_of_a_description() {
    let user = User::new();
    let said = user.runs("scripts/text_promo.rhai", &[SMALL]);
    Video::open(&user.out("text-promo.mp4")).lasts(60.0).measures(640, 360).sounds();
    assert!(said.contains("Amber Fern"), "{said}");
}

#[test]
fn batch_style_makes_a_video_of_each_clip() {
    let user = User::new();
    user.runs("scripts/batch_style.rhai", &[SMALL, ("seconds", "3")]);
    let paths = ["batch-1.mp4", "batch-2.mp4", "batch-3.mp4"].map(|name| user.out(name));
    let videos = paths.each_ref().map(|path| Video::open(path));
    for video in &videos {
        video.lasts(3.0).measures(640, 360).sounds();
    }
    assert!(videos[0].differs(&videos[1], 2.5) > 0.3, "the first two show the same");
    assert!(videos[1].differs(&videos[2], 2.5) > 0.3, "the last two show the same");
}

#[test]
fn iterative_refines_a_rough_cut_twice() {
    let user = User::new();
    user.runs("scripts/iterative.rhai", &[SMALL, ("seconds", "6")]);
    let (rough, last) = (user.out("iterative-rough.mp4"), user.out("iterative.mp4"));
    let (rough, last) = (Video::open(&rough), Video::open(&last));
    rough.lasts(6.0);
    last.lasts(6.0).measures(640, 360).sounds();
    assert!(last.differs(&rough, 1.5) > 0.002, "the title does not show");
    assert!(user.out("iterative-rough.png").is_file());
}

#[test]
fn free_variations_greets_each_name_for_the_price_of_one_turn() {
    let user = User::new();
    user.runs("scripts/free_variations.rhai", &[SMALL, ("seconds", "3")]);
    let paths = ["hello-Ada.mp4", "hello-Grace.mp4", "hello-Linus.mp4"].map(|name| user.out(name));
    let videos = paths.each_ref().map(|path| Video::open(path));
    for video in &videos {
        video.lasts(3.0).measures(640, 360).sounds();
    }
    assert!(videos[0].differs(&videos[1], 1.5) > 0.002, "the first two greet the same");
    assert!(videos[1].differs(&videos[2], 1.5) > 0.002, "the last two greet the same");
    let store = rusqlite::Connection::open(user.folder.path().join("home/reel/studio/studio.db")).unwrap();
    let sum = |sql| store.query_row(sql, [], |row| row.get::<_, f64>(0)).unwrap();
    assert_eq!(sum("SELECT TOTAL(amount) FROM ledger WHERE status = 'settled'"), 100.0);
    assert_eq!(sum("SELECT TOTAL(amount) FROM ledger WHERE status = 'frozen'"), 0.0);
    assert_eq!(sum("SELECT CAST(COUNT(*) AS REAL) FROM renders WHERE file IS NOT NULL"), 3.0);
}

#[test]
fn social_set_makes_a_video_in_the_shape_of_each_platform() {
    let user = User::new();
    user.runs("scripts/social_set.rhai", &[SMALL, ("seconds", "3")]);
    Video::open(&user.out("low-tide-youtube.mp4")).lasts(3.0).measures(640, 360).sounds();
    Video::open(&user.out("low-tide-shorts.mp4")).lasts(3.0).measures(360, 640);
    Video::open(&user.out("low-tide-instagram.mp4")).lasts(3.0).measures(360, 360);
}

#[test]
fn social_batch_makes_the_videos_of_all_platforms_side_by_side() {
    let user = User::new();
    let said = user.runs("scripts/social_batch.rhai", &[SMALL, ("seconds", "3")]);
    Video::open(&user.out("low-tide-youtube.mp4")).lasts(3.0).measures(640, 360).sounds();
    Video::open(&user.out("low-tide-shorts.mp4")).lasts(3.0).measures(360, 640);
    Video::open(&user.out("low-tide-instagram.mp4")).lasts(3.0).measures(360, 360);
    let srt = std::fs::read_to_string(user.out("low-tide-shorts.srt")).unwrap();
    assert_eq!(srt, "1\n00:00:00,000 --> 00:00:02,000\nLow tide\n");
    assert!(user.out("low-tide-instagram.otio").is_file());
    let rows: Vec<&str> = said.lines().filter_map(|line| line.split_once(": ")).map(|(row, _)| row).collect();
    let sorted = |mut rows: Vec<String>| {
        rows.sort();
        rows
    };
    let labels: Vec<String> =
        rows.iter().filter(|row| row.starts_with("row ")).map(ToString::to_string).collect();
    assert!(labels.len() >= 3, "{said}");
    assert_eq!(sorted(labels.clone()), labels, "rows are not mixed: {said}");
}

#[test]
fn name_tag_puts_a_name_under_who_speaks() {
    let user = User::new();
    let said = user.runs("scripts/name_tag.rhai", &[SMALL, ("seconds", "4")]);
    Video::open(&user.out("ada-lovelace.mp4")).lasts(4.0).measures(640, 360);
    assert!(said.contains("Lower-third added: 'Ada Lovelace, first programmer'"), "{said}");
}

#[test]
fn menu_makes_a_video_of_each_of_twelve_rows() {
    let user = User::new();
    let rows = ["--rows", "scripts/menu.csv", "--key", "item", "--name", "{item}.mp4", "--parallel", "2"];
    let batch = [&["batch", "scripts/menu.rhai"], &rows[..]].concat();
    let said = user.does(&batch, &[SMALL, ("seconds", "4")]);
    assert!(said.contains("12 of 12 rows finished; 1200 credits, 1200 in all"), "{said}");
    let line = "Cortado.mp4 | Timeline (5 tracks): 1. Video: cup (0-4s) 2. Video: logo (0-4s) 3. BGM: Lo-fi (0-4s, 35%)";
    assert!(said.contains(line), "{said}");
    for (item, width, height) in [("Flat white", 360, 640), ("Decaf", 360, 360), ("Subscription", 640, 360)] {
        Video::open(&user.out(&format!("{item}.mp4"))).lasts(4.0).measures(width, height).sounds();
    }
    let films = std::fs::read_dir(user.out("")).unwrap().count();
    assert_eq!(films, 12, "a file each, and nothing else");
}
