//! Bedrock's JSON → Python objects, by the shapes of the operation table.
//!
//! Blobs become `bytes` and timestamps `datetime` wherever the table says so. Members that it does not know are handed
//! on as they are, unless a client drops them. Nulls of structures are dropped, as botocore does; a document is the user's
//! and stays as it is.

use base64_simd::STANDARD;
use jiter::{Jiter, JiterError, Peek, PythonParse};
use outcrop_client::model::{Kind, MEMBERS, Member, Shape, Structure};
use pyo3::{
    exceptions::PyValueError,
    intern,
    prelude::*,
    sync::PyOnceLock,
    types::{PyBytes, PyDict, PyList, PyString},
};

/// The padding that hides an event's length from an observer of the network.
const PADDING: &str = "p";

/// What becomes of members that the operation table does not know.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    Keep,
    /// As botocore does, which says of a union that it is of a kind unknown to it.
    Drop,
}

impl Unknown {
    pub fn dropped(dropped: bool) -> Self {
        if dropped { Self::Drop } else { Self::Keep }
    }
}

/// The member's name as a Python string, made once.
pub fn key<'py>(py: Python<'py>, member: &Member) -> &'py Bound<'py, PyString> {
    static KEYS: [PyOnceLock<Py<PyString>>; MEMBERS] = [const { PyOnceLock::new() }; MEMBERS];
    KEYS[member.id]
        .get_or_init(py, || PyString::intern(py, member.name).unbind())
        .bind(py)
}

/// An answer's body, or an event's, as a dict of the structure's members. `None` where it is no JSON object.
pub fn object<'py>(
    py: Python<'py>,
    json: &[u8],
    structure: &Structure,
    unknown: Unknown,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    match read(py, json, structure, unknown) {
        Err(Stop::Json(reason)) => match without_half_pairs(json) {
            Some(mended) => read(py, &mended, structure, unknown).map_err(PyErr::from),
            None => Err(Stop::Json(reason).into()),
        },
        done => done.map_err(PyErr::from),
    }
}

fn read<'py>(
    py: Python<'py>,
    json: &[u8],
    structure: &Structure,
    unknown: Unknown,
) -> Result<Option<Bound<'py, PyDict>>, Stop> {
    let mut reader = Reader {
        py,
        jiter: Jiter::new(json).with_allow_inf_nan(),
        json,
        unknown,
    };
    match reader.jiter.peek() {
        Ok(Peek::Object) => reader.structure(structure).map(Some),
        _ => Ok(None),
    }
}

/// The same with U+FFFD for each half of a surrogate pair, or nothing where there is none.
///
/// A model can write half a character, at the end of a delta above all. It is no text, and Python's `str` of it could not
/// be printed or sent; but the answer around it is whole.
fn without_half_pairs(json: &[u8]) -> Option<Vec<u8>> {
    let mut mended = json.to_vec();
    let (mut at, mut found) = (0, false);
    while let Some(escape) = mended.get(at..) {
        let Some(next) = escape.iter().position(|byte| *byte == b'\\') else {
            break;
        };
        at += next;
        let length = match (
            surrogate(&mended[at..]),
            mended.get(at + 6..).and_then(surrogate),
        ) {
            (None, _) => 2,
            (Some(0xD800..0xDC00), Some(0xDC00..)) => 12,
            (Some(_), _) => {
                mended[at + 2..at + 6].copy_from_slice(b"fffd");
                found = true;
                6
            }
        };
        at += length;
    }
    found.then_some(mended)
}

/// The half of a pair that is escaped here.
fn surrogate(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    let unit = u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    (0xD800..0xE000).contains(&unit).then_some(unit)
}

/// Any JSON, as `json.loads` gives it.
pub fn any<'py>(py: Python<'py>, json: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let parse = PythonParse {
        allow_inf_nan: true,
        ..PythonParse::default()
    };
    parse
        .python_parse(py, json)
        .map_err(|error| jiter::map_json_error(json, &error))
}

struct Reader<'py, 'j> {
    py: Python<'py>,
    jiter: Jiter<'j>,
    json: &'j [u8],
    unknown: Unknown,
}

/// What stops a reader: bad JSON, or a Python error.
enum Stop {
    Json(String),
    Python(PyErr),
}

impl From<JiterError> for Stop {
    fn from(error: JiterError) -> Self {
        Self::Json(error.to_string())
    }
}

impl From<PyErr> for Stop {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl From<Stop> for PyErr {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Json(reason) => PyValueError::new_err(reason),
            Stop::Python(error) => error,
        }
    }
}

impl<'py> Reader<'py, '_> {
    fn structure(&mut self, structure: &Structure) -> Result<Bound<'py, PyDict>, Stop> {
        let dict = PyDict::new(self.py);
        let mut dropped = None;
        let mut member = self
            .jiter
            .known_object()?
            .map(|name| (structure.member(name), owned_if_unknown(structure, name)));
        while let Some((known, unknown)) = member {
            let peek = self.jiter.peek()?;
            match (known, unknown) {
                (_, _) if peek == Peek::Null => self.jiter.known_null()?,
                (Some(member), _) => {
                    let value = self.value(peek, member.shape)?;
                    dict.set_item(key(self.py, member), value)?;
                }
                (None, Some(name)) if name == PADDING => self.jiter.known_skip(peek)?,
                (None, name) if self.unknown == Unknown::Drop => {
                    self.jiter.known_skip(peek)?;
                    dropped = dropped.or(name);
                }
                (None, name) => {
                    let value = self.anything()?;
                    dict.set_item(name, value)?;
                }
            }
            member = self
                .jiter
                .next_key()?
                .map(|name| (structure.member(name), owned_if_unknown(structure, name)));
        }
        if structure.union
            && dict.is_empty()
            && let Some(name) = dropped
        {
            let said = PyDict::new(self.py);
            said.set_item(intern!(self.py, "name"), name)?;
            dict.set_item(intern!(self.py, "SDK_UNKNOWN_MEMBER"), said)?;
        }
        Ok(dict)
    }

    fn value(&mut self, peek: Peek, shape: &Shape) -> Result<Bound<'py, PyAny>, Stop> {
        match &shape.kind {
            Kind::Structure(structure) if peek == Peek::Object => {
                Ok(self.structure(structure)?.into_any())
            }
            Kind::List(element) if peek == Peek::Array => self.list(element),
            Kind::Map { value, .. } if peek == Peek::Object => self.map(value),
            Kind::String if peek == Peek::String => {
                Ok(PyString::new(self.py, self.jiter.known_str()?).into_any())
            }
            Kind::Blob if peek == Peek::String => self.blob(),
            Kind::Timestamp => self.timestamp(peek),
            Kind::Integer | Kind::Float if peek.is_num() => self.number(peek),
            // A document, or JSON that is not what the table expects: the user sees what Bedrock sent.
            _ => self.anything(),
        }
    }

    fn list(&mut self, element: &Shape) -> Result<Bound<'py, PyAny>, Stop> {
        let list = PyList::empty(self.py);
        let mut next = self.jiter.known_array()?;
        while let Some(peek) = next {
            let value = if peek == Peek::Null {
                self.anything()?
            } else {
                self.value(peek, element)?
            };
            list.append(value)?;
            next = self.jiter.array_step()?;
        }
        Ok(list.into_any())
    }

    fn map(&mut self, value: &Shape) -> Result<Bound<'py, PyAny>, Stop> {
        let dict = PyDict::new(self.py);
        let mut name = self
            .jiter
            .known_object()?
            .map(|name| PyString::new(self.py, name));
        while let Some(key) = name {
            let peek = self.jiter.peek()?;
            let value = if peek == Peek::Null {
                self.anything()?
            } else {
                self.value(peek, value)?
            };
            dict.set_item(key, value)?;
            name = self
                .jiter
                .next_key()?
                .map(|name| PyString::new(self.py, name));
        }
        Ok(dict.into_any())
    }

    fn blob(&mut self) -> Result<Bound<'py, PyAny>, Stop> {
        let text = self.jiter.known_str()?;
        match STANDARD.decode_to_vec(text) {
            Ok(bytes) => Ok(PyBytes::new(self.py, &bytes).into_any()),
            // JSON that is not what the table expects, as below.
            Err(_) => Ok(PyString::new(self.py, text).into_any()),
        }
    }

    fn timestamp(&mut self, peek: Peek) -> Result<Bound<'py, PyAny>, Stop> {
        static PARSE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let parse = PARSE.import(self.py, "outcrop._time", "parse_timestamp")?;
        let value = match peek {
            Peek::String => PyString::new(self.py, self.jiter.known_str()?).into_any(),
            _ => self.anything()?,
        };
        Ok(parse.call1((value,))?)
    }

    /// A number stays the number that Bedrock wrote, whole or not.
    fn number(&mut self, peek: Peek) -> Result<Bound<'py, PyAny>, Stop> {
        Ok(self.jiter.known_number(peek)?.into_pyobject(self.py)?)
    }

    fn anything(&mut self) -> Result<Bound<'py, PyAny>, Stop> {
        self.jiter.peek()?;
        let start = self.jiter.current_index();
        self.jiter.next_skip()?;
        let json = &self.json[start..self.jiter.current_index()];
        Ok(any(self.py, json)?)
    }
}

/// A name that the table has is not copied.
fn owned_if_unknown(structure: &Structure, name: &str) -> Option<String> {
    structure.member(name).is_none().then(|| name.to_owned())
}
