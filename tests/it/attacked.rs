//! Bytes by a seed, on each of the attacks that `fuzz/` makes without end.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::attacks::{ATTACKS, Attack, PARTED};
use super::random::Random;

/// How many inputs the dearest attack tries.
const INPUTS: usize = 10;
/// How many times as many the long tier tries.
const LONG: usize = 100;

/// What breaks files: of editors, of merges, of mail, of people.
const JUNK: [&str; 40] = [
    "\u{fffd}",
    "\0",
    "\"",
    "'",
    "[",
    "]]",
    "{",
    "}",
    "+++\n",
    "---\n",
    "<<<<<<< ours\n",
    "\r",
    "\r\n",
    "\n\n",
    "\u{202e}",
    "> **",
    "**",
    "[...]",
    "\u{ad}",
    "\u{301}",
    "\u{200d}",
    "é",
    "政",
    "ﬁ",
    "’",
    " = ",
    "<b>",
    "&#0;",
    "&amp;",
    "`",
    "|",
    "[^1]",
    "![",
    "](",
    "p1",
    "all = true",
    "nth = 2",
    "-1",
    "99999999999999999999",
    "\t",
];

fn mutated(attack: &Attack, random: &mut Random) -> Vec<u8> {
    let seed = |random: &mut Random| attack.seeds[random.below(attack.seeds.len())].as_bytes().to_vec();
    let mut bytes = seed(random);
    for _ in 0..random.between(0, 6) {
        let start = random.below(bytes.len() + 1);
        let end = (start + random.below(24)).min(bytes.len());
        match random.below(8) {
            0 => drop(bytes.drain(start..end)),
            1 | 2 => drop(bytes.splice(start..start, random.of(&JUNK).bytes())),
            3 if start < bytes.len() => bytes[start] = u8::try_from(random.below(256)).unwrap(),
            4 => {
                let again = bytes[start..end].to_vec();
                let at = random.below(bytes.len() + 1);
                bytes.splice(at..at, again);
            }
            5 => {
                // A file of another seed.
                let other = seed(random);
                let files: Vec<&[u8]> = other.split(|&byte| byte == PARTED).collect();
                let file = files[random.below(files.len())];
                bytes.splice(start..end, file.iter().copied());
            }
            6 => {
                // Two lines change places.
                let mut lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
                let (a, b) = (random.below(lines.len()), random.below(lines.len()));
                lines.swap(a, b);
                bytes = lines.join(&b'\n');
            }
            _ => bytes.truncate(end.max(1)),
        }
    }
    bytes
}

/// Whether a promise holds with these bytes.
fn holds(attack: &Attack, bytes: &[u8]) -> bool {
    catch_unwind(AssertUnwindSafe(|| (attack.try_with)(bytes))).is_ok()
}

/// As few of the bytes as still break the promise: pieces are left out, ever smaller ones.
fn fewest(attack: &Attack, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut piece = bytes.len() / 2;
    while piece > 0 {
        let mut at = 0;
        while at < bytes.len() {
            let mut less = bytes.clone();
            less.drain(at..(at + piece).min(bytes.len()));
            if holds(attack, &less) {
                at += piece;
            } else {
                bytes = less;
            }
        }
        piece /= 2;
    }
    bytes
}

fn attack_with(times: usize) {
    let mut broken = String::new();
    for attack in &ATTACKS {
        for seed in 0..INPUTS * attack.cheap * times {
            let bytes = match attack.seeds.get(seed) {
                Some(bytes) => bytes.as_bytes().to_vec(),
                None => mutated(attack, &mut Random::new(seed as u64)),
            };
            if !holds(attack, &bytes) {
                let few = fewest(attack, &bytes);
                broken += &format!("{}, seed {seed}: {:?}\n", attack.name, String::from_utf8_lossy(&few));
                // Why, once more: it is said last.
                holds(attack, &few);
                break;
            }
        }
    }
    assert!(broken.is_empty(), "{broken}");
}

#[test]
fn no_bytes_break_a_promise() {
    attack_with(1);
}

#[test]
#[ignore = "takes minutes: `cargo test --test it -- --ignored`"]
fn many_more_bytes_break_none() {
    attack_with(LONG);
}
