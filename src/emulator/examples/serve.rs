//! Runs an emulator until the process ends: `cargo run -p outcrop-emulator --example serve -- --port 4599`.

use std::error::Error;

use outcrop_emulator::{ACCESS_KEY_ID, Options, SECRET_ACCESS_KEY, Server, Service};

#[expect(
    clippy::print_stdout,
    reason = "the lines are what a person or a script reads"
)]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut port = 0;
    let mut options = Options::default();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--port" => port = arguments.next().ok_or("--port needs a number")?.parse()?,
            "--no-signatures" => options.verify_signatures = false,
            other => {
                return Err(format!(
                    "unknown argument {other:?}: use --port N and --no-signatures"
                )
                .into());
            }
        }
    }
    let server = Server::start(Service::new(options)?, port)?;
    println!("export AWS_ENDPOINT_URL=http://{}", server.address());
    println!("export AWS_ACCESS_KEY_ID={ACCESS_KEY_ID} AWS_SECRET_ACCESS_KEY={SECRET_ACCESS_KEY}");
    loop {
        std::thread::park();
    }
}
