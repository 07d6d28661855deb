//! The attacks of `tests/it/attacks`, for a fuzzer.

#[path = "../../tests/it"]
mod it {
    #![allow(dead_code, reason = "what the tests need of these files, and the targets do not")]

    pub(crate) mod attacks;
    mod browser;
    mod made;
    mod nothing_lost {
        pub(crate) mod letters;
    }
    mod search {
        pub(crate) mod built;
        mod corpus;
        pub(crate) mod decode;
        pub(crate) mod oracle;
    }
}

use it::attacks::{ATTACKS, Attack};

fn find(name: &str) -> &'static Attack {
    ATTACKS.iter().find(|attack| attack.name == name).expect("each target has its attack")
}

/// Tries bytes on the attack of this name; panics if a promise is broken.
pub fn attack(name: &str, bytes: &[u8]) {
    (find(name).try_with)(bytes);
}

/// Inputs to begin with.
pub fn seeds(name: &str) -> &'static [&'static str] {
    find(name).seeds
}
