//! Rows as JSON: the objects of one array, or an object a line. One row is held at a time.

use std::io::{self, Read};

use serde::Deserialize;
use serde_json::{Deserializer, Map, Value};

use super::Next;
use super::text::{Lined, Text};
use super::trouble::{Cause, Trouble};

/// The objects of one array.
pub(super) struct Elements<R: Read> {
    text: Lined<R>,
    first: bool,
}

/// An object a line.
pub(super) struct Lines<R: Read> {
    text: Lined<R>,
    line: Vec<u8>,
}

impl<R: Read> Elements<R> {
    /// Reads the bracket that opens the array.
    pub(super) fn open(text: Text<R>) -> Result<Self, Trouble> {
        let mut text = Lined::new(text);
        match text.skip_blank().map_err(|error| Trouble::of_io(&error))? {
            Some(b'[') => text.skip(b'['),
            Some(byte) => return Err(Trouble::new(Cause::NotArray(said(byte))).at_line(text.line())),
            None => return Err(Trouble::new(Cause::Empty)),
        }
        Ok(Self { text, first: true })
    }

    /// Comes to the next row.
    pub(super) fn next(&mut self) -> Next {
        self.text.begin_row();
        self.element().unwrap_or_else(|error| Next::Broken(Trouble::of_io(&error).at_line(self.text.line())))
    }

    fn element(&mut self) -> io::Result<Next> {
        let broken = |text: &Lined<R>, cause| Ok(Next::Broken(Trouble::new(cause).at_line(text.line())));
        let found = self.text.skip_blank()?;
        if found == Some(b']') {
            self.text.skip(b']');
            return match self.text.skip_blank()? {
                None => Ok(Next::End),
                Some(_) => broken(&self.text, Cause::Rest),
            };
        }
        let found = match found {
            Some(b',') if !self.first => {
                self.text.skip(b',');
                self.text.skip_blank()?
            }
            None => return broken(&self.text, Cause::Truncated),
            Some(byte) if !self.first => {
                let words = format!("{} stands where a `,` or a `]` is wanted", said(byte));
                return broken(&self.text, Cause::Syntax(words));
            }
            found => found,
        };
        self.first = false;
        match found {
            Some(b'{') => Ok(self.object()),
            Some(byte) => broken(&self.text, Cause::NotObject(said(byte))),
            None => broken(&self.text, Cause::Truncated),
        }
    }

    /// Reads an object, of which the parser takes no byte too many.
    fn object(&mut self) -> Next {
        let line = self.text.line();
        match Map::<String, Value>::deserialize(&mut Deserializer::from_reader(&mut self.text)) {
            Ok(cells) => Next::Row(line, cells),
            Err(error) => Next::Broken(trouble(error, line)),
        }
    }
}

impl<R: Read> Lines<R> {
    pub(super) fn new(text: Text<R>) -> Self {
        Self { text: Lined::new(text), line: Vec::new() }
    }

    /// Comes to the next row.
    pub(super) fn next(&mut self) -> Next {
        loop {
            let number = self.text.line();
            self.text.begin_row();
            match self.text.read_line(&mut self.line) {
                Err(error) => return Next::Broken(Trouble::of_io(&error).at_line(number)),
                Ok(false) => return Next::End,
                Ok(true) => (),
            }
            let line = self.line.trim_ascii();
            return match line.first() {
                None => continue,
                Some(b'{') => match serde_json::from_slice::<Map<String, Value>>(line) {
                    Ok(cells) => Next::Row(number, cells),
                    Err(error) => Next::Refused(trouble(error, number)),
                },
                Some(byte) => Next::Refused(Trouble::new(Cause::NotObject(said(*byte))).at_line(number)),
            };
        }
    }
}

/// The parser's words, with the line of the file in place of that of the row.
fn trouble(error: serde_json::Error, line: u64) -> Trouble {
    if error.is_io() {
        return Trouble::of_io(&error.into()).at_line(line);
    }
    if error.is_eof() {
        return Trouble::new(Cause::Truncated).at_line(line);
    }
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default().to_owned();
    Trouble::new(Cause::Syntax(words)).at_line(line + (error.line() as u64).saturating_sub(1))
}

/// What stands at a place, as a person calls it.
fn said(byte: u8) -> String {
    match byte {
        b'"' => "a text".to_owned(),
        b'0'..=b'9' | b'-' => "a number".to_owned(),
        b'{' => "an object".to_owned(),
        b'[' => "an array".to_owned(),
        b't' | b'f' | b'n' => format!("`{}`", char::from(byte)),
        byte if byte.is_ascii_graphic() => format!("`{}`", char::from(byte)),
        _ => "something else".to_owned(),
    }
}
