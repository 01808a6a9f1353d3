//! A socket that can be reset instead of closed.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Tells a [`Wire`] how to end.
#[derive(Clone, Debug, Default)]
pub struct Fuse(Arc<AtomicBool>);

impl Fuse {
    /// When the wire is dropped, the connection is reset.
    pub fn blow(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A TCP stream with a fuse.
pub struct Wire {
    stream: TcpStream,
    fuse: Fuse,
}

impl Wire {
    pub fn new(stream: TcpStream, fuse: Fuse) -> Self {
        Self { stream, fuse }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.fuse.0.load(Ordering::Relaxed) {
            // Without lingering, closing sends RST; if that cannot be set, the connection closes in the usual way.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
