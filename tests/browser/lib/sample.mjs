// Which pages to open where opening all would take too long.

/** Whether every page is to be looked at in every way: the long tier of tests/run. */
export const EVERYTHING = process.env.POSTIL_TESTS === 'all';

/** The first few pages of each folder of the site, and all at its top. */
export function sample(pages, most = 4) {
  const seen = new Map();
  return pages.filter((page) => {
    const folder = page.includes('/') ? page.slice(0, page.lastIndexOf('/')) : '';
    const before = seen.get(folder) ?? 0;
    seen.set(folder, before + 1);
    return folder === '' || before < most;
  });
}

/** The pages that show a raw text. */
export function texts(pages) {
  return pages.filter((page) => page.startsWith('texts/') && !page.endsWith('index.html'));
}

/** A text, a definition, a topic, and where one begins and looks for something: what a browser of its own could show in its own way. */
export function few(pages) {
  const first = (folder) => pages.find((page) => page.startsWith(folder) && !page.endsWith('index.html'));
  return ['index.html', 'search.html', first('texts/'), first('glossary/'), first('topics/')];
}
