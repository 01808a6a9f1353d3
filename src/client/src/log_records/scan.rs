//! Walking over JSON without building it.
//!
//! What is skipped is only checked as far as needed to find its end: strings and nesting. A log line that Bedrock wrote
//! is valid JSON; one that is cut off is noticed, and that is the damage that happens to logs.

use std::borrow::Cow;

use memchr::memchr;

/// A position in one JSON text.
pub(crate) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// The text is not JSON, as far as was looked.
#[derive(Debug, PartialEq)]
pub(crate) struct Malformed;

type Scanned<T> = Result<T, Malformed>;

impl<'a> Scanner<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Calls `visit` for each member of an object; it must consume the member's value.
    /// Anything else than an object is skipped.
    pub(crate) fn members(
        &mut self,
        mut visit: impl FnMut(&[u8], &mut Self) -> Scanned<()>,
    ) -> Scanned<()> {
        if self.peek()? != b'{' {
            return self.skip();
        }
        self.at += 1;
        if self.peek()? == b'}' {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.expect(b'"')?;
            let key = self.raw_string()?;
            self.expect(b':')?;
            visit(key, self)?;
            match self.next_byte()? {
                b',' => {}
                b'}' => return Ok(()),
                _ => return Err(Malformed),
            }
        }
    }

    /// Calls `visit` for each element of an array; it must consume the element. Anything else is skipped.
    pub(crate) fn elements(
        &mut self,
        mut visit: impl FnMut(&mut Self) -> Scanned<()>,
    ) -> Scanned<()> {
        if self.peek()? != b'[' {
            return self.skip();
        }
        self.at += 1;
        if self.peek()? == b']' {
            self.at += 1;
            return Ok(());
        }
        loop {
            visit(self)?;
            match self.next_byte()? {
                b',' => {}
                b']' => return Ok(()),
                _ => return Err(Malformed),
            }
        }
    }

    /// A string's text; `None` for any other value, which is skipped.
    pub(crate) fn text(&mut self) -> Scanned<Option<Cow<'a, str>>> {
        if self.peek()? != b'"' {
            self.skip()?;
            return Ok(None);
        }
        self.at += 1;
        let start = self.at - 1;
        let inner = self.raw_string()?;
        if memchr(b'\\', inner).is_none() {
            return Ok(Some(String::from_utf8_lossy(inner)));
        }
        // Escapes are rare in what is kept: names of Regions and models have none.
        Ok(serde_json::from_slice(&self.bytes[start..self.at])
            .ok()
            .map(Cow::Owned))
    }

    /// A number; `None` for any other value, which is skipped.
    pub(crate) fn number(&mut self) -> Scanned<Option<f64>> {
        if !matches!(self.peek()?, b'-' | b'0'..=b'9') {
            self.skip()?;
            return Ok(None);
        }
        let start = self.at;
        self.skip_scalar();
        Ok(std::str::from_utf8(&self.bytes[start..self.at])
            .ok()
            .and_then(|text| text.parse().ok()))
    }

    /// Whether the next value is an array.
    pub(crate) fn at_array(&mut self) -> Scanned<bool> {
        Ok(self.peek()? == b'[')
    }

    /// Skips one value.
    pub(crate) fn skip(&mut self) -> Scanned<()> {
        match self.peek()? {
            b'"' => {
                self.at += 1;
                self.raw_string().map(drop)
            }
            b'{' | b'[' => self.skip_nested(),
            b'}' | b']' | b',' | b':' => Err(Malformed),
            _ => {
                self.skip_scalar();
                Ok(())
            }
        }
    }

    /// Nothing but white space is left.
    pub(crate) fn end(&mut self) -> Scanned<()> {
        self.skip_white_space();
        if self.at == self.bytes.len() {
            Ok(())
        } else {
            Err(Malformed)
        }
    }

    fn skip_nested(&mut self) -> Scanned<()> {
        let mut depth = 0_usize;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'"' => {
                    self.raw_string()?;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
        Err(Malformed)
    }

    /// What is left of a string whose opening quote is consumed.
    ///
    /// Prompts are full of escaped line ends and have few quotes, so this goes from quote to quote, and looks back at each
    /// if it is escaped: by an odd number of backslashes.
    fn raw_string(&mut self) -> Scanned<&'a [u8]> {
        let start = self.at;
        let mut from = start;
        loop {
            let rest = self.bytes.get(from..).ok_or(Malformed)?;
            let end = from + memchr(b'"', rest).ok_or(Malformed)?;
            let inner = &self.bytes[start..end];
            let backslashes = inner.iter().rev().take_while(|byte| **byte == b'\\');
            if backslashes.count() % 2 == 0 {
                self.at = end + 1;
                return Ok(inner);
            }
            from = end + 1;
        }
    }

    fn skip_scalar(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            if matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n') {
                break;
            }
            self.at += 1;
        }
    }

    fn skip_white_space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn peek(&mut self) -> Scanned<u8> {
        self.skip_white_space();
        self.bytes.get(self.at).copied().ok_or(Malformed)
    }

    fn next_byte(&mut self) -> Scanned<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Ok(byte)
    }

    fn expect(&mut self, wanted: u8) -> Scanned<()> {
        if self.next_byte()? == wanted {
            Ok(())
        } else {
            Err(Malformed)
        }
    }
}
