//! Texts as Docker's command line writes them: sizes, ages, tables, times. Pure functions of their arguments.

pub mod age;
pub mod base64;
pub mod decimal;
pub mod log;
pub mod reference;
pub mod size;
pub mod table;
pub mod time;
