//! Files of tokens that the AWS command line keeps and shares with SDKs.

use std::{fmt::Write as _, io::Write as _, path::Path};

use serde_json::{Map, Value};

use crate::environment::plain_file;

/// What a file holds; `None` where it is none or no JSON object.
pub(super) fn read(path: &Path) -> Option<Map<String, Value>> {
    serde_json::from_slice(&plain_file::bytes(path).ok()?).ok()
}

/// Bytes as their names are made from them.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` never fails.
        write!(text, "{byte:02x}").ok();
        text
    })
}

/// Writes a file that only its owner can read, whole or not at all. A folder that cannot be written to loses nothing
/// but the renewal, which the next process does again.
pub(super) fn write(path: &Path, token: &Map<String, Value>) {
    let written = || -> std::io::Result<()> {
        let beside = path.with_extension(format!("{:016x}.tmp", fastrand::u64(..)));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        let done = serde_json::to_writer(&mut file, token)
            .map_err(std::io::Error::other)
            .and_then(|()| file.flush())
            .and_then(|()| std::fs::rename(&beside, path));
        if done.is_err() {
            // What is left of it is a secret.
            std::fs::remove_file(&beside).ok();
        }
        done
    };
    if let Err(error) = written() {
        tracing::warn!(target: "outcrop::connection", "a renewed token was not kept at {}: {error}", path.display());
    }
}
