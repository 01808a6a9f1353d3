//! Amazon Bedrock over the AWS SDK for Rust.
//!
//! [`Settings`](settings::Settings) become a [`Session`](session::Session), a connection gives a
//! [`Client`](client::Client), and a client turns a [`Call`](call::Call) into an [`Answer`](call::Answer) or a
//! [`Stream`](stream::Stream). Bodies are JSON throughout; [`model`] knows the shapes. Nothing here knows Python.

// What cannot fail says why, with `expect` or `unreachable!`; whatever it is that foreign input reaches is an error.
#![warn(clippy::unwrap_used, clippy::panic, clippy::unimplemented)]

pub mod account;
mod answer;
pub mod apis;
pub mod cache;
pub mod call;
pub mod caller;
pub mod catalogue;
mod checks;
pub mod client;
mod credentials;
mod database;
pub mod desk;
mod endpoint;
mod environment;
pub mod error;
mod exchange;
mod hints;
pub mod http;
pub mod identity;
mod json_check;
pub mod log_records;
pub mod metrics;
pub mod model;
pub mod no_answer;
pub mod observation;
pub mod process;
mod quotas;
pub mod request;
mod retries;
pub mod router;
pub mod sent;
pub mod session;
pub mod settings;
pub mod shown;
pub mod signing;
pub mod stream;
mod threads;

pub use aws_credential_types::Credentials;
