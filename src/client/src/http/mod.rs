//! The HTTP client under the AWS SDK: connections, pools and the clocks that belong to them.
//!
//! The SDK's own HTTP client does not tell whether a request's last byte was written, which is what decides whether a
//! prompt may be sent again; and a thousand calls that wait over HTTP/1.1 must not hold a thousand sets of buffers.
//! `docs/dev/http.md` says more.

mod connector;
mod http1;
mod http2;
mod origin;
mod pinned;
mod pool;
mod proxy;
mod refusal;
mod room;
mod tls;
mod transport;
mod upload;

pub(crate) use connector::{next_chunk, reasons, within};
pub use pool::Http;
pub use proxy::{Before, Proxies};
pub use room::Room;
pub use tls::{Bundle, Tls};
