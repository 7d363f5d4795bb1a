//! A text as words and signs with their places; a half-written text gives what it has.

/// What a piece of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Word,
    Number,
    /// A quoted text, or one part of a text with `${..}` in it.
    Text,
    Comment,
    Sign,
}

/// A piece of a text. Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) sort: Sort,
    pub(super) text: String,
    pub(super) line: usize,
    pub(super) column: usize,
    /// Where it ends: the place behind its last character.
    pub(super) end: (usize, usize),
}

impl Piece {
    /// Whether it is this word or sign.
    pub(super) fn is(&self, text: &str) -> bool {
        matches!(self.sort, Sort::Word | Sort::Sign) && self.text == text
    }

    /// Whether what stands behind it is no longer part of it: a line comment never closes.
    pub(super) fn is_closed(&self) -> bool {
        let text = self.text.as_str();
        match text.chars().next() {
            Some('/') => text.starts_with("/*") && text.ends_with("*/"),
            Some(quote @ ('"' | '\'')) => text.len() > 1 && text.ends_with(quote),
            _ => text.len() > 1 && text.ends_with('`') || text.ends_with("${"),
        }
    }
}

/// Cuts a text into its pieces.
pub(super) fn scan(text: &str) -> Vec<Piece> {
    let mut scan = Scan {
        chars: text.chars().collect(),
        at: 0,
        line: 1,
        column: 1,
        pieces: Vec::new(),
        depth: 0,
        templates: Vec::new(),
    };
    while scan.next() {}
    scan.pieces
}

struct Scan {
    chars: Vec<char>,
    at: usize,
    line: usize,
    column: usize,
    pieces: Vec<Piece>,
    /// Braces that are open.
    depth: usize,
    /// Texts in backticks that wait for the end of a `${..}`: the depth at which it ends.
    templates: Vec<usize>,
}

impl Scan {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn step(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.at += 1;
        if c == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(c)
    }

    /// Takes the next piece; false at the end.
    fn next(&mut self) -> bool {
        let Some(c) = self.peek(0) else { return false };
        let (from, line, column) = (self.at, self.line, self.column);
        let sort = match (c, self.peek(1)) {
            (c, _) if c.is_whitespace() => {
                self.step();
                return true;
            }
            ('/', Some('/')) => {
                while self.peek(0).is_some_and(|c| c != '\n') {
                    self.step();
                }
                Sort::Comment
            }
            ('/', Some('*')) => {
                self.block_comment();
                Sort::Comment
            }
            ('"' | '\'', _) => {
                self.quoted(c);
                Sort::Text
            }
            ('`', _) => {
                self.step();
                self.template();
                Sort::Text
            }
            ('}', _) if self.templates.last() == Some(&self.depth) => {
                self.templates.pop();
                self.step();
                self.template();
                Sort::Text
            }
            (c, _) if c.is_ascii_digit() => {
                while self.peek(0).is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    self.step();
                }
                Sort::Number
            }
            (c, _) if c.is_alphabetic() || c == '_' => {
                while self.peek(0).is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    self.step();
                }
                Sort::Word
            }
            _ => {
                self.sign();
                Sort::Sign
            }
        };
        let mut text: String = self.chars[from..self.at].iter().collect();
        if sort == Sort::Sign && text == "?." {
            text = ".".to_owned();
        }
        self.pieces.push(Piece { sort, text, line, column, end: (self.line, self.column) });
        true
    }

    fn sign(&mut self) {
        let pair = (self.peek(0), self.peek(1));
        match pair.0 {
            Some('{') => self.depth += 1,
            Some('}') => self.depth = self.depth.saturating_sub(1),
            _ => (),
        }
        self.step();
        if matches!(pair, (Some(':'), Some(':')) | (Some('?'), Some('.')) | (Some('.'), Some('.'))) {
            self.step();
        }
    }

    fn block_comment(&mut self) {
        let mut open = 0_usize;
        while let Some(c) = self.step() {
            match (c, self.peek(0)) {
                ('/', Some('*')) => {
                    self.step();
                    open += 1;
                }
                ('*', Some('/')) => {
                    self.step();
                    open -= 1;
                    if open == 0 {
                        return;
                    }
                }
                _ => (),
            }
        }
    }

    /// A text in quotes; one that is not closed ends with its line.
    fn quoted(&mut self, quote: char) {
        self.step();
        while let Some(c) = self.peek(0).filter(|c| *c != '\n') {
            self.step();
            if c == '\\' && self.peek(0) != Some('\n') {
                self.step();
            } else if c == quote {
                return;
            }
        }
    }

    /// The rest of a text in backticks, to its end or to the next `${`.
    fn template(&mut self) {
        while let Some(c) = self.step() {
            match (c, self.peek(0)) {
                ('`', Some('`')) => {
                    self.step();
                }
                ('`', _) => return,
                ('$', Some('{')) => {
                    self.step();
                    self.templates.push(self.depth);
                    return;
                }
                _ => (),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<String> {
        scan(text).into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn texts_comments_and_code_in_texts_are_told_apart() {
        assert_eq!(
            pieces("let a = `x ${f(#{b: 1}).c} y`; // `\n/* /* */ \" */ s?.t(\"q\\\"\")"),
            [
                "let",
                "a",
                "=",
                "`x ${",
                "f",
                "(",
                "#",
                "{",
                "b",
                ":",
                "1",
                "}",
                ")",
                ".",
                "c",
                "} y`",
                ";",
                "// `",
                "/* /* */ \" */",
                "s",
                ".",
                "t",
                "(",
                "\"q\\\"\"",
                ")"
            ]
        );
    }

    #[test]
    fn what_is_not_closed_ends_somewhere() {
        for text in ["\"abc\nx", "`abc ${x", "/* x", "'", "`a`` b", "}}}}", "\"\\"] {
            let last = scan(text).pop().unwrap();
            assert!(last.end.0 <= 2, "{text}");
        }
    }

    #[test]
    fn columns_count_characters() {
        let found = scan("\"😀你\" s.x");
        assert_eq!((found[1].column, found[3].column), (6, 8));
    }
}
