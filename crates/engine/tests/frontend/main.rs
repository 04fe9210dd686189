//! The Dockerfile frontend: against the recorded builds, and the pages of its checks.

mod cases;
mod errors;
mod labels;
mod names;
mod pages;
mod warnings;
