//! The HTTP client under the AWS SDK: connections, pools and the clocks that belong to them.
//!
//! The SDK's own HTTP client has one connect time-out for TCP and TLS together, no TCP keep-alive and one HTTP/2
//! connection to a host. A call to a model may wait an hour for its first byte, so a dead peer must be found by
//! keep-alive; a thousand calls must not queue behind the hundred streams that one HTTP/2 connection allows; and a thousand
//! that wait over HTTP/1.1 must not hold a thousand sets of buffers. `docs/dev/http.md` says more.

mod connector;
mod http1;
mod http2;
mod origin;
mod pinned;
mod pool;
mod proxy;
mod refusal;
mod room;
mod sent;
mod tls;
mod transport;
mod upload;

pub(crate) use connector::{reasons, within};
pub use pool::Http;
pub use proxy::{Before, Proxies};
pub use room::Room;
pub use sent::Sent;
pub use tls::{Bundle, Tls};
