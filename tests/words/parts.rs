//! What is asked for a part of the timeline: where it lands on the draft, and what stays as it was.

use reelscript::model::draft::Segment;
use reelscript::model::edit::{Blend, Edit, ShotRef, Side};
use reelscript::model::state::State;
use reelscript::model::time::Millis;
use serde_json::Value;

use super::drafts::told_on;
use super::projects::{after, project};

/// The segments of the main track: `0-3 bw`, `3-20 +` for one that goes on; with what else they have.
fn shots(state: &State) -> Vec<String> {
    let draft = state.draft.as_ref().expect("a draft");
    let told = |segment: &Segment<'_>| {
        let meta = |key: &str| segment.value["m"].get(key).map(|value| value.to_string().replace('"', ""));
        let mut facts = vec![format!("{}-{}", segment.start, segment.end())];
        facts.extend(meta("goes_on").map(|_| "+".to_owned()));
        facts.extend(meta("look"));
        facts.extend(meta("speed").map(|speed| format!("{speed}x")));
        facts.extend(segment.volume.filter(|volume| *volume < 1.0).map(|volume| format!("v{volume}")));
        facts.join(" ")
    };
    draft.tracks()[0].segments.iter().map(told).collect()
}

/// The draft after a request, and the first sentence of the answer.
fn asked(state: State, request: &str) -> (State, String) {
    let (state, answer) = told_on(state, request);
    let end = answer.find(['。']).map(|at| at + '。'.len_utf8()).or(answer.find(". ").map(|at| at + 1));
    let sentence = answer[..end.unwrap_or(answer.len())].to_owned();
    (state, sentence)
}

#[track_caller]
fn check(name: &str, request: &str, wanted: &[&str], answer: &str) -> State {
    let (state, said) = asked(project(name), request);
    assert_eq!((shots(&state), said.as_str()), (wanted.iter().map(|s| (*s).to_owned()).collect(), answer));
    state
}

fn value<'a>(state: &'a State, segment: usize, key: &str) -> &'a Value {
    &state.draft.as_ref().expect("a draft").value()["t"][0]["sg"][segment][key]
}

#[test]
fn a_look_of_a_stretch_is_told_with_its_place() {
    let state = check(
        "made",
        "black and white for the first 3 seconds",
        &["0-3 bw", "3-20 +"],
        "0:00-0:03: look black and white.",
    );
    // The rest goes on in its material, under an id of its own.
    assert_eq!((value(&state, 1, "ss"), value(&state, 1, "d")), (&3000.into(), &17_000.into()));
    assert_ne!(value(&state, 0, "id"), value(&state, 1, "id"));
    check("made", "blur from 5 to 8", &["0-5", "5-8 + blur", "8-20 +"], "0:05-0:08: look blurred.");
    check("made", "make the second half warmer", &["0-10", "10-20 + warm"], "0:10-0:20: look warm.");
    check("made", "前三秒变成黑白", &["0-3 bw", "3-20 +"], "0:00-0:03：画面风格：黑白。");
    let words = "Not done: it would begin at 30 s, but the video ends at 20 s.";
    check("made", "make it darker from 30 to 40 seconds", &["0-20"], words);
}

#[test]
fn a_look_that_goes_leaves_the_shot_whole() {
    let (state, _) = asked(project("made"), "blur from 5 to 8");
    let (_, told) = told_on(state.clone(), "what's on the timeline?");
    assert!(told.contains("picture: city 0-5s, city 5-8s blur, city 8-20s;"), "{told}");
    let (state, said) = asked(state, "no filter");
    assert_eq!((shots(&state), said.as_str()), (vec!["0-20".to_owned()], "Look as filmed."));
}

#[test]
fn speed_and_sound_of_a_stretch_leave_the_rest_as_it_is() {
    let state = check(
        "made",
        "speed up from 5 to 8",
        &["0-5", "5-7 + 1.5x", "7-19 +"],
        "0:05-0:08: speed 1x → 1.5x; length 20 s → 19 s.",
    );
    assert_eq!(value(&state, 2, "ss"), 8000);
    check(
        "made",
        "mute the first 5 seconds",
        &["0-5 v0", "5-20 +"],
        "0:00-0:05: original sound muted (100% → 0%).",
    );
    check("made", "前5秒静音", &["0-5 v0", "5-20 +"], "0:00-0:05：已静音原声（100% → 0%）。");
}

#[test]
fn what_cannot_be_done_to_a_stretch_is_named_and_not_done_to_all() {
    for (name, request) in [
        ("made", "lower the music from 5 to 8"),
        ("made", "make it vertical for the first 3 seconds"),
        ("slides", "ken burns for the first 3 seconds"),
        ("slides", "blurred background from 5 to 8"),
        ("made", "make the opening black and white"),
        ("made", "前5秒音乐小一点"),
    ] {
        let before = project(name);
        let (state, answer) = told_on(before.clone(), request);
        assert_eq!(
            state.draft.map(|d| d.to_json().into_owned()),
            before.draft.map(|d| d.to_json().into_owned())
        );
        let named = answer.contains(&format!("'{request}'")) || answer.contains(&format!("“{request}”"));
        assert!(named, "{request}: {answer}");
    }
}

#[test]
fn a_split_beside_a_joint_leaves_the_joint_as_it_is() {
    let blended = after(&project("slides"), &Edit::Joints(Some(Blend::Crossfade), Some(Millis(1000))));
    let joints = |state: &State| -> Vec<String> {
        let draft = state.draft.as_ref().expect("a draft");
        let segments = &draft.tracks()[0].segments;
        segments
            .iter()
            .map(|s| s.value["m"].get("transition").map(Value::to_string).unwrap_or_default())
            .collect()
    };
    // The second photo begins at 4 s; its blend is over at 5 s.
    let (state, said) = asked(blended.clone(), "black and white from 4 to 6 seconds");
    assert_eq!(shots(&state), ["0-4", "4-6 bw", "6-8 +", "8-12", "12-16", "16-20"]);
    let (one, two) = (joints(&blended), joints(&state));
    assert_eq!((&two[..2], two[2].as_str(), &two[3..]), (&one[..2], "", &one[2..]));
    assert_eq!(said, "0:04-0:06: look black and white.");
    // Inside of a blend nothing is split: its nearer end is taken, and told.
    let (state, said) = asked(blended, "black and white for the first 4.8 seconds");
    assert_eq!(shots(&state), ["0-4 bw", "4-5 bw", "5-8 +", "8-12", "12-16", "16-20"]);
    assert_eq!(
        (joints(&state)[1].as_str(), said.as_str()),
        (one[1].as_str(), "0:00-0:05: look black and white.")
    );
    // Later edits take the pieces for one shot, and their blend keeps its length.
    let faded = after(&state, &Edit::Fade(Side::Out, Millis(500)));
    let swapped = after(&faded, &Edit::Swap(ShotRef::Nth(1, None), ShotRef::Nth(2, None)));
    assert_eq!(shots(&swapped), ["0-1 bw", "1-4 +", "4-8 bw", "8-12", "12-16", "16-20"]);
    let gone = after(&state, &Edit::Delete(ShotRef::Nth(2, None)));
    assert_eq!(shots(&gone), ["0-4 bw", "4-8", "8-12", "12-16"]);
    let twice = after(&state, &Edit::Duplicate(ShotRef::Nth(2, None)));
    assert_eq!(shots(&twice)[1..5], ["4-5 bw", "5-8 +", "8-9 bw", "9-12 +"]);
    let held = after(&state, &Edit::Hold(Some(ShotRef::Nth(2, None)), Millis(6000)));
    assert_eq!(shots(&held)[1..3], ["4-5.5 bw", "5.5-10 +"]);
    assert_eq!(joints(&held)[1], one[1]);
}

#[test]
fn pieces_stay_together_when_the_whole_gets_another_length() {
    let (state, _) = asked(project("made"), "black and white for the first 4 seconds");
    let fit = |seconds: u64| after(&state, &Edit::Fit(Millis(seconds * 1000)));
    let short = fit(10);
    assert_eq!(
        (shots(&short), value(&short, 1, "ss")),
        (vec!["0-2 bw".into(), "2-10 +".into()], &2000.into())
    );
    let fast = after(&state, &Edit::Speed(2.0, None));
    assert_eq!(
        (shots(&fast), value(&fast, 1, "ss")),
        (vec!["0-2 bw 2.0x".into(), "2-10 + 2.0x".into()], &4000.into())
    );
    assert_eq!(shots(&fit(60)), ["0-4 bw", "4-20 +", "20-24 bw", "24-40 +", "40-44 bw", "44-60 +"]);
    // What is cut out between them parts them.
    let (cut, _) = asked(state, "remove 3 to 6 seconds");
    assert_eq!((shots(&cut), value(&cut, 1, "ss")), (vec!["0-3 bw".into(), "3-17".into()], &6000.into()));
}
