//! An index as it is made.

use std::collections::BTreeMap;
use std::sync::Mutex;

use postil_search::{Builder, Concordance, Entry, Guide, Marks, Options, index_guide, index_text};
use rayon::prelude::*;

/// Path and bytes of each file, sorted.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// An index, sorted by path, and the concordance.
pub(crate) fn build(entries: &[Entry], guides: &[Guide], options: Options<'_>) -> (Files, Concordance) {
    let builder = Builder::new(options);
    entries.par_iter().for_each(|entry| builder.add(index_text(entry)).unwrap());
    guides.iter().for_each(|guide| builder.add(index_guide(guide, Marks::Fold)).unwrap());
    let files = Mutex::new(BTreeMap::new());
    let concordance = builder.finish(&|path, bytes| {
        let before = files.lock().unwrap().insert(path.to_owned(), bytes.to_vec());
        assert!(before.is_none(), "{path} is written twice");
        Ok(())
    });
    (files.into_inner().unwrap().into_iter().collect(), concordance.unwrap())
}
