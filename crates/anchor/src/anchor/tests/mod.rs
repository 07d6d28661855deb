//! Tests of the room: small texts by builders, and the first archive's.

mod apparatus;
pub(super) mod build;
mod folding;
mod follow;
mod invariants;
mod layers;
mod messages;
mod quotes;
mod real;
mod scale;
mod terms;
