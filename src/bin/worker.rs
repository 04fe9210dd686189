//! The worker: holds the session, and answers the page.

#[path = "../worker/mod.rs"]
mod worker;

fn main() {
    worker::start();
}
