//! Tests that read the engine's sources: its modules keep their order, and it stays pure.

mod module_order;
mod purity;
mod sources;
