//! Files that variables and profiles name, read whole. What is no plain file could be waited for or read for ever.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read},
    path::Path,
};

/// No token and no bundle of certificates is nearly as long.
const MOST: u64 = 16 * 1024 * 1024;

/// The bytes of a plain file.
pub(crate) fn bytes(path: impl AsRef<Path>) -> io::Result<Vec<u8>> {
    let file = open(path.as_ref())?;
    let mut bytes = vec![];
    file.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(io::Error::other("it is longer than 16 MiB"));
    }
    Ok(bytes)
}

/// The text of a plain file, with the line ends that Python makes of all.
pub(crate) fn text(path: impl AsRef<Path>) -> io::Result<String> {
    let text = String::from_utf8(bytes(path)?);
    let text = text.map_err(|_| io::Error::other("it is no UTF-8"))?;
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    // A pipe that nobody writes to would be waited for, and a terminal could become the process's own.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        libc::O_NONBLOCK | libc::O_NOCTTY,
    );
    let file = options.open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_file() {
        Ok(file)
    } else if kind.is_dir() {
        Err(io::Error::other("it is a folder"))
    } else {
        Err(io::Error::other(
            "it is a device or a pipe: name a plain file",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_and_folders_are_refused_in_words() {
        for (path, word) in [("/dev/zero", "a device"), ("/", "a folder")] {
            let error = bytes(path).expect_err("it is no file");
            assert!(error.to_string().contains(word), "{error}");
        }
        assert_eq!(
            bytes("/nowhere/none").expect_err("none").kind(),
            io::ErrorKind::NotFound
        );
    }
}
