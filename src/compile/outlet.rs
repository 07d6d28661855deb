//! The way out: files are handed on, and pages read back.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::kept::{Print, Shelf};
use super::{Put, zipped};
use postil_anchor::document::Document;
use postil_archive::diagnostic::{Diagnostic, Error};
use postil_archive::memo::Memo;
use postil_site::pages::Taken;
use postil_site::proof;
use postil_site::render::press::File;

/// Hands files on and remembers their addresses and sizes.
pub(super) struct Outlet<'a> {
    put: &'a Put<'a>,
    memo: Option<&'a Memo>,
    files: Mutex<Vec<(String, u64)>>,
    targets: proof::Targets,
    /// The whole site as one file, if it is to have it.
    zip: Option<zipped::Zip>,
}

/// What a page has when it is read back, and what is wrong with it.
pub(super) type Back = (Arc<proof::Read>, Vec<Diagnostic>);

/// Pages that were put.
#[derive(Default)]
pub(super) struct Paged {
    /// What each has.
    pub(super) reads: Vec<Arc<proof::Read>>,
    /// What is wrong with them.
    pub(super) problems: Vec<Diagnostic>,
    /// Whether none is left out because its template could not make it.
    pub(super) all_are_made: bool,
}

impl<'a> Outlet<'a> {
    /// Files go to `put`, and if they are to be `zipped`, into one file as well.
    pub(super) fn new(put: &'a Put<'a>, zipped: bool, memo: Option<&'a Memo>) -> Self {
        Self {
            put,
            memo,
            files: Mutex::default(),
            targets: proof::Targets::default(),
            zip: zipped.then(zipped::Zip::default),
        }
    }

    /// Hands a file on.
    pub(super) fn file(&self, address: &str, bytes: &[u8]) -> Result<(), Error> {
        (self.put)(address, bytes)?;
        if let Some(zip) = &self.zip {
            zip.add(address, bytes);
        }
        self.lock().push((address.to_owned(), bytes.len() as u64));
        Ok(())
    }

    /// Hands a file on, and gives it as it is in the download of the whole site, if there is one.
    pub(super) fn file_to_keep(&self, address: &str, bytes: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let packed = self.zip.as_ref().map(|_| zipped::Zip::pack(address, bytes));
        (self.put)(address, bytes)?;
        if let Some((zip, packed)) = self.zip.as_ref().zip(packed.as_ref()) {
            zip.add_packed(address, packed.clone());
        }
        self.lock().push((address.to_owned(), bytes.len() as u64));
        Ok(packed)
    }

    /// Hands on a file that is there from the last run.
    pub(super) fn keep(
        &self,
        shelf: &dyn Shelf,
        address: &str,
        print: &Print,
        packed: Option<&[u8]>,
    ) -> Result<(), Error> {
        shelf.keep(address, print)?;
        if let Some((zip, packed)) = self.zip.as_ref().zip(packed) {
            zip.add_packed(address, packed.to_vec());
        }
        self.lock().push((address.to_owned(), print.size));
        Ok(())
    }

    /// What a page had that was read back in the last run.
    pub(super) fn again(&self, read: &proof::Read) -> proof::Read {
        self.targets.again(read)
    }

    /// Where the whole site has to be cut to be no larger than `limit` in any of its archives, so far as it is known;
    /// nothing if it has none.
    pub(super) fn cuts(&self, limit: Option<u64>) -> Option<Vec<String>> {
        let zip = self.zip.as_ref()?;
        Some(limit.map_or_else(Vec::new, |limit| zip.cuts(limit)))
    }

    /// Puts the whole site as one file, or cut into several: they hold every file but themselves.
    pub(super) fn close(&self, cuts: &[String]) -> Result<(), Error> {
        for (address, bytes) in self.zip.iter().flat_map(|zip| zip.finish(cuts)) {
            (self.put)(&address, &bytes)?;
            self.lock().push((address, bytes.len() as u64));
        }
        Ok(())
    }

    /// Puts a file; a page is read back.
    pub(super) fn page(&self, file: &File) -> Result<Option<Back>, Error> {
        let page = file.address.ends_with(".html");
        let read = page.then(|| self.read(file, None));
        self.file(&file.address, &file.bytes).map(|()| read)
    }

    /// What came of pages, of which some could not be made.
    pub(super) fn paged(taken: Taken<Result<Option<Back>, Error>>) -> Result<Paged, Error> {
        let mut paged = Paged { all_are_made: true, ..Paged::default() };
        for one in taken {
            match one {
                Ok(back) => {
                    let (read, wrong) = back?.unzip();
                    paged.reads.extend(read);
                    paged.problems.extend(wrong.into_iter().flatten());
                }
                Err(wrong) => {
                    paged.all_are_made = false;
                    paged.problems.push(*wrong);
                }
            }
        }
        Ok(paged)
    }

    /// Reads a page back.
    pub(super) fn read(&self, page: &File, text: Option<&Document>) -> Back {
        let read = || match proof::read(&page.address, &page.bytes, text, &self.targets) {
            (found, wrong) if wrong.is_empty() => Ok(found),
            (found, wrong) => Err((Arc::new(found), wrong)),
        };
        let read = match self.memo {
            None => read().map(Arc::new),
            Some(memo) => {
                let mut input = memo.input("proof");
                input.bytes(page.address.as_bytes()).bytes(&page.bytes).number(text.is_some().into());
                for block in text.iter().flat_map(|doc| &doc.blocks) {
                    let words = text.map_or("", |doc| doc.words(block.text));
                    input.number(block.number.into()).bytes(words.as_bytes());
                }
                memo.recall(input.done(), read)
            }
        };
        read.map_or_else(|wrong| wrong, |found| (found, Vec::new()))
    }

    /// Addresses, sorted.
    pub(super) fn addresses(&self) -> Vec<String> {
        let mut out: Vec<String> = self.lock().iter().map(|(address, _)| address.clone()).collect();
        out.sort();
        out
    }

    /// How much there is so far, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.lock().iter().map(|(_, bytes)| bytes).sum()
    }

    pub(super) fn files(&self) -> Vec<(String, u64)> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(String, u64)>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
