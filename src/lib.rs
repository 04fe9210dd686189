//! What the page is made of and can be tested without a browser: texts, figures, view models, the reducer.
//!
//! Input: the events of the session. Output: values that components draw. Nothing here knows the DOM, the worker or Yew.

pub mod command;
pub mod edits;
pub mod errors;
pub mod facts;
pub mod figure;
pub mod heat;
pub mod lanes;
pub mod locale;
pub mod matching;
pub mod mend;
pub mod model;
pub mod params;
pub mod rail;
pub mod rich;
pub mod shared;
pub mod sniff;
pub mod summary;
pub mod tree;
pub mod tty;
pub mod wording;

mod particle;
#[cfg(test)]
mod samples;
