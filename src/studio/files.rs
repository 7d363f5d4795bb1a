//! Serves files, whole or in part, so that players can seek and downloads resume.

use std::io::SeekFrom;
use std::path::Path;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::refusal::Refusal;
use crate::model::media;

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 128 << 10;

/// Serves the file at `path`. `tag` changes when its content does.
pub(crate) async fn serve(path: &Path, tag: &str, headers: &HeaderMap) -> Result<Response, Refusal> {
    let Ok(mut file) = File::open(path).await else { return Err(Refusal::NoFile) };
    let bytes = file.metadata().await?.len();
    let tag = format!("\"{tag}\"");
    let part = part_of(headers, &tag, bytes);
    let mut response = match part {
        Part::Whole => {
            let body = Body::from_stream(ReaderStream::with_capacity(file, CHUNK_BYTES));
            sized(StatusCode::OK, bytes, body)
        }
        Part::Span { first, last } => {
            file.seek(SeekFrom::Start(first)).await?;
            let length = last - first + 1;
            let body = Body::from_stream(ReaderStream::with_capacity(file.take(length), CHUNK_BYTES));
            let mut response = sized(StatusCode::PARTIAL_CONTENT, length, body);
            put(&mut response, header::CONTENT_RANGE, &format!("bytes {first}-{last}/{bytes}"));
            response
        }
        Part::Nothing => {
            let mut response = sized(StatusCode::RANGE_NOT_SATISFIABLE, 0, Body::empty());
            put(&mut response, header::CONTENT_RANGE, &format!("bytes */{bytes}"));
            response
        }
    };
    let format = path.to_str().and_then(media::format_of);
    put(&mut response, header::CONTENT_TYPE, format.map_or("application/octet-stream", |format| format.mime));
    put(&mut response, header::ACCEPT_RANGES, "bytes");
    put(&mut response, header::ETAG, &tag);
    // Users' files stay files, whatever a browser thinks that it sees in them.
    put(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    Ok(response)
}

fn sized(status: StatusCode, bytes: u64, body: Body) -> Response {
    (status, [(header::CONTENT_LENGTH, HeaderValue::from(bytes))], body).into_response()
}

fn put(response: &mut Response, name: header::HeaderName, value: &str) {
    // Values are made of hashes, numbers and constants.
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Which part of a file was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Span {
        first: u64,
        last: u64,
    },
    /// A part that the file does not have.
    Nothing,
}

fn part_of(headers: &HeaderMap, tag: &str, bytes: u64) -> Part {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let same = text(header::IF_RANGE).is_none_or(|wanted| wanted == tag);
    match text(header::RANGE).filter(|_| same) {
        Some(range) => part(range, bytes),
        None => Part::Whole,
    }
}

/// Reads a `Range`. Several ranges at once, or something else than bytes, get the whole.
fn part(range: &str, bytes: u64) -> Part {
    let Some(range) = range.trim().strip_prefix("bytes=") else { return Part::Whole };
    let Some((from, to)) = range.split_once('-') else { return Part::Whole };
    let (first, last) = match (from.trim().parse::<u64>(), to.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => (first, last),
        (Ok(first), Err(_)) if to.trim().is_empty() => (first, u64::MAX),
        (Err(_), Ok(0)) if from.trim().is_empty() => return Part::Nothing,
        (Err(_), Ok(tail)) if from.trim().is_empty() => (bytes.saturating_sub(tail), u64::MAX),
        _ => return Part::Whole,
    };
    match first < bytes {
        true => Part::Span { first, last: last.min(bytes - 1) },
        false => Part::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_says() {
        let span = |first, last| Part::Span { first, last };
        assert_eq!(part("bytes=0-99", 1000), span(0, 99));
        assert_eq!(part("bytes=900-", 1000), span(900, 999));
        assert_eq!(part("bytes=-100", 1000), span(900, 999));
        assert_eq!(part("bytes=-5000", 1000), span(0, 999));
        assert_eq!(part("bytes=0-18446744073709551615", 1000), span(0, 999));
        for nothing in ["bytes=1000-", "bytes=1000-2000", "bytes=-0"] {
            assert_eq!(part(nothing, 1000), Part::Nothing, "{nothing}");
        }
        for whole in ["bytes=5-2", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b", "bytes=-", "bytes"] {
            assert_eq!(part(whole, 1000), Part::Whole, "{whole}");
        }
        assert_eq!(part("bytes=0-", 0), Part::Nothing);
    }

    #[test]
    fn a_range_of_other_content_gets_the_whole() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_static("bytes=1-"));
        headers.insert(header::IF_RANGE, HeaderValue::from_static("\"old\""));
        assert_eq!(part_of(&headers, "\"new\"", 10), Part::Whole);
        assert_eq!(part_of(&headers, "\"old\"", 10), Part::Span { first: 1, last: 9 });
    }
}
