//! What is kept between runs: the client id, which official tools share, and our anonymous
//! tokens, each for the one backend that gave it. Both appear by rename; tokens are 0600.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::wire::attribution::CLIENT_ID_CHARS_MAX;

/// A file larger than this is not ours.
const FILE_BYTES_MAX: u64 = 256 << 10;
/// Tokens of more backends than this are not kept: the soonest to end go first.
const TOKENS_MAX: usize = 64;

/// An anonymous token as it is kept.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The token: a secret.
    pub(super) token: String,
    /// The user that it stands for.
    #[serde(default)]
    pub(super) user_id: Option<String>,
    /// When it ends, in milliseconds since 1970.
    pub(super) expires_ms: u64,
}

/// The folder of both files.
#[derive(Clone, Debug)]
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    /// Returns the stored client id; one that cannot stand in a header is none.
    pub(super) fn client_id(&self) -> io::Result<Option<String>> {
        let text = read(&self.0.join("client_id"))?.unwrap_or_default();
        let id = text.trim();
        Ok(is_client_id(id).then(|| id.to_owned()))
    }

    /// Stores a client id.
    pub(super) fn set_client_id(&self, id: &str) -> io::Result<()> {
        Draft::open(&self.0.join("client_id"), 0o644)?.publish(format!("{id}\n").as_bytes())
    }

    /// Returns the token kept for a backend. A file that is no such file holds none.
    pub(super) fn token(&self, base: &str) -> io::Result<Option<Kept>> {
        Ok(self.tokens()?.remove(base))
    }

    /// Opens the place for new tokens, before one is asked for: one that cannot be stored
    /// would be lost for a week.
    pub(super) fn open_tokens(&self) -> io::Result<Draft> {
        Draft::open(&self.0.join("reel_tokens.json"), 0o600)
    }

    /// Stores a backend's token in the opened place; tokens that ended are dropped.
    pub(super) fn set_token(&self, place: Draft, base: &str, kept: &Kept, now_ms: u64) -> io::Result<()> {
        let mut all = self.tokens()?;
        all.retain(|_, kept| kept.expires_ms > now_ms);
        all.insert(base.to_owned(), kept.clone());
        while all.len() > TOKENS_MAX {
            let soonest =
                all.iter().filter(|(name, _)| *name != base).min_by_key(|(_, kept)| kept.expires_ms);
            let Some(name) = soonest.map(|(name, _)| name.clone()) else { break };
            all.remove(&name);
        }
        place.publish(serde_json::to_string_pretty(&all).map_err(io::Error::other)?.as_bytes())
    }

    fn tokens(&self) -> io::Result<BTreeMap<String, Kept>> {
        let text = read(&self.0.join("reel_tokens.json"))?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }
}

/// Returns whether a text can be a client id: up to 64 visible ASCII characters.
pub(super) fn is_client_id(id: &str) -> bool {
    (1..=CLIENT_ID_CHARS_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A file that is not there yet: written beside its place, then renamed. Dropped, it leaves
/// nothing.
pub(super) struct Draft {
    file: File,
    beside: PathBuf,
    place: PathBuf,
}

impl Draft {
    fn open(place: &Path, mode: u32) -> io::Result<Self> {
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let beside = place.with_file_name(format!(".{name}.{}.part", uuid::Uuid::new_v4().simple()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
        #[cfg(not(unix))]
        let _ = mode;
        Ok(Self { file: options.open(&beside)?, beside, place: place.to_owned() })
    }

    fn publish(mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.file.sync_all()?;
        fs::rename(&self.beside, &self.place)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After the rename there is nothing of this name.
        let _ = fs::remove_file(&self.beside);
    }
}

/// The text of a file; none when there is no file.
fn read(path: &Path) -> io::Result<Option<String>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let mut text = String::new();
    match file.take(FILE_BYTES_MAX).read_to_string(&mut text) {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(Some(String::new())),
        read => read.map(|_| Some(text)),
    }
}

/// Reads a time such as `2026-03-18T00:00:00Z` (fraction and offset allowed) as milliseconds
/// since 1970.
pub(super) fn parse_time(text: &str) -> Option<u64> {
    let (date, time) = text.trim().split_once(['T', 't', ' '])?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let zone = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone);
    let mut clock = clock.splitn(3, ':').map(|part| part.parse::<f64>().ok());
    let (hour, minute) = (clock.next()??, clock.next()??);
    let second = clock.next().flatten().unwrap_or(0.0);
    let in_range = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !in_range
        || !(0.0..24.0).contains(&hour)
        || !(0.0..60.0).contains(&minute)
        || !(0.0..61.0).contains(&second)
    {
        return None;
    }
    let seconds = days_since_1970(year, month, day) * 86_400 - offset_minutes(zone)? * 60;
    let within_day = hour * 3_600.0 + minute * 60.0 + second;
    u64::try_from(seconds * 1_000 + (within_day * 1_000.0) as i64).ok()
}

/// `+05:30` as minutes; `Z` and nothing are UTC.
fn offset_minutes(zone: &str) -> Option<i64> {
    let (sign, rest) = match zone.chars().next() {
        None | Some('Z' | 'z') => return Some(0),
        Some('-') => (-1, &zone[1..]),
        Some(_) => (1, &zone[1..]),
    };
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let number: i64 = digits.parse().ok()?;
    match digits.len() {
        2 => Some(sign * number * 60),
        4 => Some(sign * (number / 100 * 60 + number % 100)),
        _ => None,
    }
}

/// Days from 1970-01-01 in the Gregorian calendar. The year is counted from March, so that
/// the leap day is its last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(token: &str, expires_ms: u64) -> Kept {
        Kept { token: token.into(), user_id: Some("anon_1".into()), expires_ms }
    }

    #[test]
    fn tokens_are_kept_apart_by_backend_and_dropped_when_they_end() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder(home.path().join("deep/nemovideo"));
        assert!(folder.token("https://a").unwrap().is_none());
        folder.set_token(folder.open_tokens().unwrap(), "https://a", &kept("one", 50), 10).unwrap();
        folder.set_token(folder.open_tokens().unwrap(), "https://b", &kept("two", 500), 10).unwrap();
        assert_eq!(folder.token("https://a").unwrap().unwrap().token, "one");
        folder.set_token(folder.open_tokens().unwrap(), "https://c", &kept("three", 500), 60).unwrap();
        assert!(folder.token("https://a").unwrap().is_none());
        assert_eq!(folder.token("https://b").unwrap().unwrap().token, "two");
    }

    #[test]
    #[cfg(unix)]
    fn only_the_user_may_read_tokens() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let folder = Folder(home.path().to_owned());
        folder.set_token(folder.open_tokens().unwrap(), "https://a", &kept("one", 50), 10).unwrap();
        let mode = fs::metadata(home.path().join("reel_tokens.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        drop(folder.open_tokens().unwrap());
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "a dropped draft leaves nothing");
    }

    #[test]
    fn a_client_id_survives_and_a_bad_one_is_none() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder(home.path().to_owned());
        assert_eq!(folder.client_id().unwrap(), None);
        folder.set_client_id("0b5a-77").unwrap();
        assert_eq!(folder.client_id().unwrap().as_deref(), Some("0b5a-77"));
        for bad in ["", "two words", "naïve", &"x".repeat(65)] {
            fs::write(home.path().join("client_id"), bad).unwrap();
            assert_eq!(folder.client_id().unwrap(), None, "{bad:?}");
        }
        fs::write(home.path().join("reel_tokens.json"), [0xff, 0xfe]).unwrap();
        assert!(folder.token("https://a").unwrap().is_none());
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        assert_eq!(parse_time("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(parse_time("2026-03-18T00:00:00Z"), Some(1_773_792_000_000));
        assert_eq!(parse_time("2024-02-29T23:59:59.500+05:30"), Some(1_709_231_399_500));
        assert_eq!(parse_time("2026-03-18T00:00:00"), Some(1_773_792_000_000));
        assert_eq!(parse_time("2000-12-31 12:00"), Some(978_264_000_000));
        for bad in [
            "",
            "soon",
            "2026-13-01T00:00:00Z",
            "2026-03-18",
            "2026-03-18T99:00:00Z",
            "2026-03-18T00:00:00+5",
        ] {
            assert_eq!(parse_time(bad), None, "{bad}");
        }
    }
}
