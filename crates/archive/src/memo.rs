//! MEMO: what a pure step gave for the same input.
//!
//! Comes in: the whole input of a step, as a [`Key`]. Goes out: what the step
//! gives for it, made now or kept from before. A program that makes a site again
//! and again (the server) hands the same [`Memo`] to each run, and steps
//! whose input is what it was are not done again.
//!
//! A memo never changes a result, whatever is in it: a value is found by all that
//! it was made from and by nothing else, no file name, no time. So nobody has to
//! say what a change concerns, and nothing can be forgotten. What was not asked
//! for in a run and in the one before it is dropped, so that a memo holds little
//! more than one site.

use std::any::Any;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use crate::diagnostic::Source;

/// The hash of all that a step depends on.
///
/// It begins with a number that is drawn for each memo ([`seed`]), so that no file can be
/// written to have the hash of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key(u128);

/// Gathers what a step depends on.
pub struct Input(Xxh3);

impl Input {
    /// An input of the step of this name, with nothing in it yet, among those of one seed.
    pub fn seeded(seed: u64, step: &'static str) -> Self {
        let mut input = Self(Xxh3::with_seed(seed));
        input.bytes(step.as_bytes());
        input
    }

    /// Some bytes; where they end counts too.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// A file: its path and its text.
    pub fn file(&mut self, file: &Source) -> &mut Self {
        self.bytes(file.path.as_bytes()).bytes(file.text.as_bytes())
    }

    /// A number.
    pub fn number(&mut self, number: u128) -> &mut Self {
        self.0.update(&number.to_le_bytes());
        self
    }

    /// Another input, by its key.
    pub fn key(&mut self, key: Key) -> &mut Self {
        self.number(key.0)
    }

    /// A value, as far as it is written down.
    pub fn value(&mut self, value: &impl Serialize) -> &mut Self {
        let written = serde_json::to_vec(value).expect("what templates are given can be written down");
        self.bytes(&written)
    }

    /// The key of what was gathered.
    pub fn done(&self) -> Key {
        Key(self.0.digest128())
    }
}

/// What steps gave.
#[derive(Debug)]
pub struct Memo {
    seed: u64,
    kept: Mutex<Kept>,
}

type Value = Arc<dyn Any + Send + Sync>;

#[derive(Debug, Default)]
struct Kept {
    /// Asked for in this run.
    now: FxHashMap<Key, Value>,
    /// Asked for in the last run, and not yet in this one.
    before: FxHashMap<Key, Value>,
}

impl Default for Memo {
    fn default() -> Self {
        Self { seed: seed(), kept: Mutex::default() }
    }
}

/// A number that nobody can foresee.
pub fn seed() -> u64 {
    RandomState::new().hash_one(0)
}

impl Memo {
    /// An input of the step of this name, with nothing in it yet.
    pub fn input(&self, step: &'static str) -> Input {
        Input::seeded(self.seed, step)
    }

    /// What the step gives for an input. Two that ask for the same at once may both make it.
    ///
    /// # Errors
    /// The step fails. That is not kept.
    pub fn recall<T: Send + Sync + 'static, E>(
        &self,
        key: Key,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        if let Some(value) = self.lock().find(key).and_then(|value| value.downcast().ok()) {
            return Ok(value);
        }
        let made = Arc::new(make()?);
        self.lock().now.insert(key, made.clone());
        Ok(made)
    }

    /// Ends a run: what was not asked for since the last end is dropped.
    pub fn turn(&self) {
        let mut kept = self.lock();
        kept.before = std::mem::take(&mut kept.now);
    }

    /// Each change is one step, so a memo whose thread panicked is used on.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn find(&mut self, key: Key) -> Option<Value> {
        if let Some(value) = self.now.get(&key) {
            return Some(value.clone());
        }
        let value = self.before.remove(&key)?;
        self.now.insert(key, value.clone());
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn a_step_is_done_once_while_it_is_asked_for() {
        let memo = Memo::default();
        let done = Cell::new(0);
        let double = |number: u128| {
            let key = memo.input("double").number(number).done();
            let step = || {
                done.set(done.get() + 1);
                Ok::<_, Infallible>(2 * number)
            };
            *memo.recall(key, step).unwrap()
        };
        assert_eq!((double(1), double(2), double(1), done.get()), (2, 4, 2, 2));
        memo.turn();
        assert_eq!((double(1), done.get()), (2, 2));
        memo.turn();
        assert_eq!((double(1), done.get()), (2, 2), "kept as long as each run asks");
        assert_eq!((double(2), done.get()), (4, 3), "dropped by a run that did not");
    }

    #[test]
    fn a_failure_is_tried_again() {
        let memo = Memo::default();
        let key = memo.input("may fail").done();
        assert_eq!(memo.recall(key, || Err::<u8, _>("no")), Err("no"));
        assert_eq!(memo.recall(key, || Ok::<_, &str>(1)), Ok(Arc::new(1)));
    }

    #[test]
    fn every_part_of_an_input_counts() {
        let memo = Memo::default();
        let keys = [
            memo.input("a").done(),
            memo.input("b").done(),
            memo.input("a").bytes(b"xy").bytes(b"").done(),
            memo.input("a").bytes(b"x").bytes(b"y").done(),
            memo.input("a").bytes(b"").bytes(b"xy").done(),
            memo.input("a").number(1).done(),
            memo.input("a").value(&"1").done(),
            memo.input("a").value(&1).done(),
            memo.input("a").key(memo.input("b").done()).done(),
        ];
        for (i, key) in keys.iter().enumerate() {
            assert!(!keys[..i].contains(key), "{i}");
        }
        assert_ne!(keys[0], Memo::default().input("a").done(), "each memo has a seed of its own");
    }
}
