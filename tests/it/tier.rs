//! How much is asked: the fast tier of `tests/run` asks every promise, the long one asks more often.

/// Whether everything is to be asked, however long it takes.
pub(crate) fn is_long() -> bool {
    std::env::var("POSTIL_TESTS").is_ok_and(|tests| tests == "all")
}

/// How often something is tried, in the one tier and in the other.
pub(crate) fn often<T>(fast: T, long: T) -> T {
    if is_long() { long } else { fast }
}
