//! The files of the catalogue as they are written, one module for each.

pub(crate) mod images;
