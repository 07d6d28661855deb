//! Places in lists: each kind of thing is counted by a type of its own.
//!
//! A note and a topic are both "the third"; which of them is meant the compiler sees. A list that
//! is counted so is a `TiVec`: it takes no other index than its own.

use serde::{Deserialize, Serialize};

/// Makes the types: a number that is nothing but the place in one list.
macro_rules! indices {
    ($($(#[$about:meta])* $name:ident)*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(u32);

        impl $name {
            /// Its place as people count, from 1.
            pub fn number(self) -> u32 {
                self.0 + 1
            }
        }

        impl From<usize> for $name {
            fn from(place: usize) -> Self {
                Self(u32::try_from(place).expect("lists of an archive have fewer than 2^32 entries"))
            }
        }

        impl From<$name> for usize {
            fn from(index: $name) -> Self {
                index.0 as Self
            }
        }
    )*};
}

indices! {
    /// A text among all of the archive, sorted by id.
    TextIx
    /// A note among all of the archive.
    NoteIx
    /// A term of the glossary.
    TermIx
    /// A sense among those of its term.
    SenseIx
    /// A topic.
    TopicIx
    /// A passage among those that the file of its topic names.
    PassageIx
    /// A link.
    LinkIx
    /// An end among those of its link.
    EndIx
    /// A contributor.
    ContributorIx
    /// A folder of texts that says what it is.
    CollectionIx
    /// One of the site's own pages.
    SitePageIx
    /// A row of furniture that is shared by texts.
    FurnitureIx
    /// A block among those of its document; its number is one more.
    BlockIx
    /// An inline element among those of its document.
    InlineIx
    /// A correction among those of its text.
    CorrectionIx
    /// A row of the structure, or a part of a block, among those of its text.
    RowIx
    /// A point (a page, a time) among those of its text.
    PointIx
    /// A use of a term among those of its text.
    UseIx
    /// A note or an end of a link among those that lie over a text.
    ItemIx
}

impl BlockIx {
    /// The place of the block with this number, from 1.
    pub fn of_number(number: u32) -> Option<Self> {
        number.checked_sub(1).map(Self)
    }

    /// The block before it, if it is not the first.
    pub fn before(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }

    /// The block after it, if it is not the last.
    pub fn after(self) -> Self {
        Self(self.0 + 1)
    }

    /// The blocks from this one to before another.
    pub fn until(self, end: Self) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator {
        (self.0..end.0).map(Self)
    }
}
