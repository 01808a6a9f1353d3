//! Benchmarks of the Rust parts alone; see `benches/bytes.rs`.
