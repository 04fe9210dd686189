//! The page: components that draw the model and turn what a person does into actions and requests.
//!
//! Input: [`Model`](dockerfile_lab_app::model::Model), changed by the replies of the lab. Output: the DOM. Components are
//! thin: words come from the locale files, decisions from the library.

mod app;
mod between;
mod boot;
mod bring;
mod context;
mod dom;
mod editor;
mod embed;
mod facts;
mod focus;
mod frame;
mod hub;
mod image;
mod inspector;
mod keys;
mod log;
mod media;
mod overlay;
mod parts;
mod sheet;
mod shell;
mod tabs;
mod take;
mod timeline;
mod top;
mod value;

pub(crate) use app::App;
pub(crate) use boot::asked_lang;
