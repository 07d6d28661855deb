// "Suggest a note": the panel makes the file that `postil note` makes, and
// nothing leaves the browser unless its writer says so.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

import { pasted } from './lib/clipboard.mjs';
import { harness, inNone } from './lib/harness.mjs';
import { bringPanel, openPanel } from './lib/panel.mjs';

const { inEach } = harness();
const vectors = async (name) => JSON.parse(await readFile(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));

// What `cargo test` has kept: selections, each with the file that `postil note` makes for it.
const SELECTIONS = JSON.parse(await readFile(
  process.env.POSTIL_SELECTIONS ?? new URL('../../target/tmp/selections.json', import.meta.url), 'utf8'));
const TEXT = 'home-office/2009-08-reply-hc23';
const PAGE = `texts/${TEXT}.html`;

inNone('there are two hundred selections, over everything that a text has', () => {
  assert.equal(SELECTIONS.length, 200);
  assert.equal(new Set(SELECTIONS.map(({ kind }) => kind)).size, 9);
  assert.equal(new Set(SELECTIONS.map(({ text }) => text)).size, 5);
});

/** The script's folding and wording, asked without a page around them. */
inEach('the script folds and quotes as the vectors say', async (visit) => {
  await visit.open(PAGE);
  await bringPanel(visit);
  const folded = await visit.ask((list) => list.map(({ input }) => self.postilNote.fold(input)), await vectors('fold'));
  assert.deepEqual(folded, (await vectors('fold')).map((vector) => vector.folded));
  const cases = await vectors('note');
  const made = await visit.ask((list) => list.map(({ blocks, words, nth }) => {
    const { Text, find, wordingFor, write, nameFor } = self.postilNote;
    const text = new Text(blocks.map((each, i) => ({ number: i + 1, text: each })), []);
    const { passage } = find(text, { quotation: words })[nth - 1];
    const file = write(wordingFor(text, passage), { by: ['A B'], kind: '', topics: [], body: 'So.' });
    return [nameFor(text.words(passage), text.blockAt(passage[0][0]).number, () => false), file];
  }), cases);
  assert.deepEqual(made, cases.map(({ slug, file }) => [slug, file]));
}, { schemes: ['file'] });

/** Makes selections, as a reader would by pointer or keyboard, and reads what the panel shows. */
function suggest(selections) {
  const reading = document.getElementById('s-corr');
  const point = ([number, offset], corrected) => {
    const block = document.querySelector(`[data-block="${number}"]`);
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT, (node) =>
      (node.parentElement.closest('[data-generated]') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
    let node = walker.nextNode();
    for (let next = node; next && offset > node.data.length; next = walker.nextNode()) {
      offset -= node === next ? 0 : node.data.length;
      node = next;
    }
    const shown = corrected && node.parentElement.closest('[data-correction]')?.querySelector('ins');
    if (shown) {
      const words = document.createTreeWalker(shown, NodeFilter.SHOW_TEXT).nextNode();
      return [words, Math.min(1, words.data.length)];
    }
    return [node, offset];
  };
  return selections.map(({ from, to, corrected, fields }) => {
    localStorage.clear();
    if (reading && reading.checked !== corrected) reading.click();
    const range = document.createRange();
    range.setStart(...point(from, corrected));
    range.setEnd(...point(to, corrected));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }));
    const panel = document.querySelector('[data-suggest-panel]');
    const fill = (id, value) => { panel.querySelector(`#suggest-${id}`).value = value; };
    for (const key of ['by', 'body']) fill(key, fields[key]);
    if (fields.kind) fill('kind', fields.kind);
    for (const box of panel.querySelectorAll('[name=topic]')) box.checked = fields.topics.includes(box.value);
    panel.querySelector('form').dispatchEvent(new Event('input', { bubbles: true }));
    const made = { path: panel.querySelector('section code').textContent, file: panel.querySelector('pre').textContent };
    if (panel.querySelector('section').hidden) made.file = panel.querySelector('[role=status]').textContent || 'no passage';
    panel.close();
    return made;
  });
}

inEach('the panel makes the files that the tool makes', async (visit) => {
  const wrong = [];
  for (const text of new Set(SELECTIONS.map((selection) => selection.text))) {
    const own = SELECTIONS.filter((selection) => selection.text === text);
    await visit.open(`texts/${text}.html`);
    await bringPanel(visit);
    const made = await visit.ask(suggest, own);
    for (const [i, { kind, from, to, path, file }] of own.entries()) {
      if (made[i].path !== path || made[i].file !== file) wrong.push({ text, kind, from, to, expected: { path, file }, made: made[i] });
    }
  }
  assert.deepEqual(wrong, []);
}, { schemes: ['file'] });

// ---- By hand ----

/** Selects some words of a block with the document's own means. */
function select(block, words) {
  const walker = document.createTreeWalker(document.getElementById(block), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    node.parentElement.scrollIntoView({ block: 'center' });
    getSelection().setBaseAndExtent(node, at, node, at + words.length);
    return;
  }
  throw new Error(`${block} does not have ${words}`);
}
const shown = () => document.querySelector('[data-suggest-panel] pre').textContent;
const said = () => document.querySelector('[data-suggest-panel] [role=status]').textContent;
const press = (label) => [...document.querySelectorAll('[data-suggest-panel] button')].find((button) => button.textContent === label).click();
const isOpen = () => document.querySelector('[data-suggest-panel]')?.open === true;
/** Opens the panel on some words, writes a note by the keyboard, and signs it. */
async function noted(visit, body = 'So it was.', { keep = false } = {}) {
  await visit.open(PAGE);
  if (!keep) await visit.ask(() => localStorage.clear());
  await bringPanel(visit);
  await visit.ask(() => { self.postilArchive.forge = { host: 'forge.example', before: 'https://forge.example/o/r/new/main/', query: '', name: 'filename', contents: 'value', longest: 8000 }; });
  await visit.ask(select, 'p60', 'business representatives');
  await openPanel(visit, 'a');
  await visit.page.keyboard.type(body);
  // The name is remembered from one note to the next.
  await visit.ask(() => { document.querySelector('#suggest-by').value = ''; });
  await visit.page.focus('#suggest-by');
  await visit.page.keyboard.type('Ada B');
  await visit.page.focus('#suggest-body');
}
const NOTE = '+++\nby = "Ada B"\n+++\n> business representatives\n\nSo it was.\n';

inEach('a note is written by the keyboard alone, and the reader is back where they were', async (visit) => {
  await visit.page.setViewport({ width: 1280, height: 800 });
  await noted(visit);
  assert.equal(await visit.ask(shown), NOTE);
  await visit.page.keyboard.press('Escape');
  await visit.until(() => !document.querySelector('[data-suggest-panel]').open);
  assert.deepEqual(await visit.ask(() => [document.activeElement.id, getSelection().toString()]), ['p60', 'business representatives']);
  // The key is a letter again where letters are typed.
  await visit.ask(() => document.querySelector('[data-search-input]').focus());
  await visit.page.keyboard.press('a');
  assert.equal(await visit.ask(isOpen), false);
});

inEach('a button appears beside what is selected, and goes with it', async (visit) => {
  await visit.open(PAGE);
  const here = '[data-suggest-here]';
  const isShown = (selector) => document.querySelector(selector)?.checkVisibility() === true;
  assert.equal(await visit.ask(isShown, here), false);
  await visit.ask(select, 'p60', 'business representatives');
  await visit.until(isShown, here);
  await visit.ask(() => getSelection().removeAllRanges());
  await visit.until((selector) => !document.querySelector(selector).checkVisibility(), here);
  await visit.ask(select, 'p60', 'business representatives');
  await visit.until(isShown, here);
  await visit.page.click(here);
  assert.match(await visit.ask(shown), /> business representatives/);
  // By touch the selection is gone before the button is pressed; the button keeps it.
  await visit.page.keyboard.press('Escape');
  await visit.ask(select, 'p60', 'workplace enforcement');
  // A page hears of a selection a moment later, and the button may be there from before.
  await visit.ask(() => new Promise((done) => { setTimeout(done, 300); }));
  await visit.until(isShown, here);
  await visit.ask(() => { getSelection().removeAllRanges(); document.querySelector('[data-suggest-here]').click(); });
  assert.match(await visit.ask(shown), /> .*workplace enforcement/);
}, { schemes: ['file'] });

inEach('who cannot select types the words', async (visit) => {
  await visit.open(PAGE);
  await openPanel(visit);
  await visit.page.keyboard.type('no such words');
  await visit.ask(press, 'Find');
  assert.equal(await visit.ask(said), 'This text does not have these words.');
  await visit.ask(() => { document.querySelector('#suggest-words').value = "GLA's **remit**"; });
  await visit.ask(press, 'Find');
  if (await visit.ask(() => document.querySelector('.places button') !== null)) await visit.ask(() => document.querySelector('.places button').click());
  assert.match(await visit.ask(shown), /remit/);
  // Furniture is no place for a note.
  await visit.page.keyboard.press('Escape');
  await visit.ask(() => {
    const words = document.createTreeWalker(document.querySelector('article details[data-furniture] [data-block]'), NodeFilter.SHOW_TEXT).nextNode();
    getSelection().setBaseAndExtent(words, 0, words, words.data.length);
  });
  await openPanel(visit, 'a');
  assert.match(await visit.ask(said), /^These words are page furniture/);
}, { schemes: ['file'] });

/** Clicks as a person does: copying asks for that. */
async function click(visit, label) {
  const handle = await visit.page.evaluateHandle((text) =>
    [...document.querySelectorAll('[data-suggest-panel] :is(button, a)')].find((each) => each.textContent === text), label);
  await handle.click();
}

inEach('copying gives the file', async (visit) => {
  await noted(visit);
  await click(visit, 'Copy');
  await visit.until(() => document.querySelector('[data-suggest-panel] [role=status]').textContent !== '');
  assert.equal(await visit.ask(said), 'Copied.');
  await visit.page.focus('#suggest-body');
  assert.equal((await pasted(visit)).replaceAll('\r\n', '\n'), NOTE);
});

/** Keeps what is downloaded, by name. */
function keepDownloads() {
  globalThis.postilTestFiles = [];
  const make = URL.createObjectURL;
  let last = null;
  URL.createObjectURL = (blob) => { last = blob; return make.call(URL, blob); };
  HTMLAnchorElement.prototype.click = function click() { globalThis.postilTestFiles.push([this.download, last, this.href]); };
}
const kept = async () => Promise.all(globalThis.postilTestFiles.map(async ([name, blob, href]) =>
  [name, [...new Uint8Array(await blob.arrayBuffer())], href.startsWith('blob:')]));

/** The files of a zip, read by its directory; what the format asks for is checked on the way. */
function unzipped(bytes) {
  const data = Buffer.from(bytes);
  const end = data.length - 22;
  assert.equal(data.readUInt32LE(end), 0x06054b50);
  const [count, size, from] = [data.readUInt16LE(end + 10), data.readUInt32LE(end + 12), data.readUInt32LE(end + 16)];
  assert.equal(from + size, end);
  const files = [];
  let at = from;
  for (let i = 0; i < count; i += 1) {
    assert.equal(data.readUInt32LE(at), 0x02014b50);
    const [crc, length, named, local] = [data.readUInt32LE(at + 16), data.readUInt32LE(at + 24), data.readUInt16LE(at + 28), data.readUInt32LE(at + 42)];
    const name = data.toString('utf8', at + 46, at + 46 + named);
    assert.equal(data.readUInt32LE(local), 0x04034b50);
    const start = local + 30 + data.readUInt16LE(local + 26) + data.readUInt16LE(local + 28);
    const words = data.subarray(start, start + length);
    assert.equal(crc32(words), crc, name);
    files.push([name, words.toString('utf8')]);
    at += 46 + named;
  }
  assert.equal(at, end);
  return files;
}

inEach('downloads are the file, and all drafts as one zip; drafts outlive the page', async (visit) => {
  await noted(visit);
  await visit.ask(keepDownloads);
  await visit.ask(press, 'Download');
  const [[name, bytes, isBlob]] = await visit.ask(kept);
  assert.deepEqual([name, Buffer.from(bytes).toString('utf8'), isBlob], ['business-representatives.md', NOTE, true]);

  // A second note on the same words has another name; both are there when the page is opened again.
  await noted(visit, 'Another – ü.', { keep: true });
  await visit.open(PAGE);
  await visit.ask(keepDownloads);
  await openPanel(visit);
  await visit.ask(() => { document.querySelector('.drafts').open = true; });
  await visit.ask(press, 'Go on');
  assert.equal(await visit.ask(shown), NOTE);
  await visit.ask(press, 'Go on');
  assert.equal(await visit.ask(shown), NOTE.replace('So it was.', 'Another – ü.'));
  await visit.ask(press, 'Download all as a zip');
  await visit.ask(press, 'Download all as a zip');
  const [one, two] = await visit.ask(kept);
  assert.deepEqual(one, two, 'the same drafts give the same bytes');
  const folder = `annotations/${TEXT}`;
  assert.deepEqual(unzipped(one[1]), [
    [`${folder}/business-representatives-2.md`, NOTE.replace('So it was.', 'Another – ü.')],
    [`${folder}/business-representatives.md`, NOTE],
  ]);

  // What is deleted is gone.
  await visit.ask(() => { document.querySelector('.drafts').open = true; });
  for (let n = 0; n < 2; n += 1) await visit.ask(press, 'Delete');
  assert.deepEqual(await visit.ask(() => Object.keys(localStorage).filter((key) => key.includes('/'))), []);
}, { schemes: ['file'] });

inEach('what lies in the storage is not trusted', async (visit) => {
  await visit.open(PAGE);
  await bringPanel(visit);
  await visit.ask((text) => {
    localStorage.clear();
    const prefix = `postil-note:${self.postilArchive.title}:`;
    const draft = { wording: { quotation: 'business representatives' }, by: '<b>A</b>', kind: '"x', topics: ['<i>'], body: '<img src=x onerror=alert(1)>' };
    const put = (key, value) => localStorage.setItem(prefix + key, typeof value === 'string' ? value : JSON.stringify(value));
    put(`${text}/good`, draft);
    put(`${text}/../../x`, draft);
    put(`${text}/apparatus`, draft);
    put(`${text}/wording`, { ...draft, wording: { quotation: 7 } });
    put(`${text}/number`, { ...draft, wording: { quotation: 'a', nth: -1 } });
    put(`${text}/null`, 'null');
    put(`${text}/broken`, '{');
    localStorage.setItem('another-key/a', JSON.stringify(draft));
  }, TEXT);
  await openPanel(visit);
  assert.deepEqual(await visit.ask(() => [...document.querySelectorAll('.drafts code')].map((each) => each.textContent)), [`${TEXT}/good`]);
  await visit.ask(() => { document.querySelector('.drafts').open = true; });
  await visit.ask(press, 'Go on');
  assert.match(await visit.ask(shown), /^\+\+\+\nby = "<b>A<\/b>"\n\+\+\+\n> business representatives\n\n<img src=x/);
  assert.equal(await visit.ask(() => document.querySelector('.suggest :is(img, b, i)')), null);
  await visit.ask(() => localStorage.clear());
}, { schemes: ['file'] });

inEach('a proposal opens on the forge with name and contents, or by name alone if it is long', async (visit) => {
  await noted(visit);
  const address = () => document.querySelector('[data-suggest-panel] a[target]').href;
  const first = new URL(await visit.ask(address));
  assert.equal(first.origin + first.pathname, `https://forge.example/o/r/new/main/annotations/${TEXT}`);
  assert.deepEqual([...first.searchParams], [['filename', 'business-representatives.md'], ['value', NOTE]]);
  const write = (body) => {
    document.querySelector('#suggest-body').value = body;
    document.querySelector('[data-suggest-panel] form').dispatchEvent(new Event('input', { bubbles: true }));
  };
  const room = 8000 - (await visit.ask(address)).length;
  await visit.ask(write, `So it was.${'x'.repeat(room)}`);
  assert.equal((await visit.ask(address)).length, 8000);
  await visit.ask(write, `So it was.${'x'.repeat(room + 1)}`);
  const long = new URL(await visit.ask(address));
  assert.deepEqual([...long.searchParams], [['filename', 'business-representatives.md']]);
  // The page does not go there in a test; what is copied on the way is what counts.
  await visit.ask(() => document.querySelector('[data-suggest-panel] a[target]').addEventListener('click', (event) => event.preventDefault()));
  await click(visit, 'Open on forge.example');
  await visit.until(() => document.querySelector('[data-suggest-panel] [role=status]').textContent !== '');
  assert.match(await visit.ask(said), /^The note was copied: paste it/);
  await visit.page.focus('#suggest-body');
  assert.equal((await pasted(visit)).replaceAll('\r\n', '\n'), NOTE.replace('So it was.', `So it was.${'x'.repeat(room + 1)}`));
  await visit.ask(() => localStorage.clear());
});

inEach('a note goes by mail, and to a forge that takes no contents by way of the clipboard', async (visit) => {
  await visit.open(PAGE);
  await visit.ask(() => localStorage.clear());
  await bringPanel(visit);
  await visit.ask(() => {
    self.postilArchive.forge = { host: 'bitbucket.org', before: 'https://bitbucket.org/o/r/create-file/next%20one/', query: 'at=', name: 'filename', contents: '', longest: 8000 };
    self.postilArchive.contact = 'mailto:archive@a.example';
  });
  await visit.ask(select, 'p60', 'business representatives');
  await openPanel(visit, 'a');
  await visit.page.keyboard.type('So it was.');
  await visit.page.focus('#suggest-by');
  await visit.page.keyboard.type('Ada B');
  const [forge, mail] = (await visit.ask(() => [...document.querySelectorAll('[data-suggest-panel] .acts a')].map((a) => a.href))).map((href) => new URL(href));
  assert.equal(forge.origin + forge.pathname, `https://bitbucket.org/o/r/create-file/next%20one/annotations/${TEXT}`);
  assert.deepEqual([...forge.searchParams], [['at', 'next one'], ['filename', 'business-representatives.md']]);
  assert.equal(mail.protocol + mail.pathname, 'mailto:archive@a.example');
  assert.equal(mail.searchParams.get('subject'), `annotations/${TEXT}/business-representatives.md`);
  assert.equal(mail.searchParams.get('body').replaceAll('\r\n', '\n'), NOTE);
  // What is too long for an address of mail is copied, too.
  await visit.ask(() => {
    document.querySelector('#suggest-body').value = 'x'.repeat(1900);
    document.querySelector('[data-suggest-panel] form').dispatchEvent(new Event('input', { bubbles: true }));
    for (const a of document.querySelectorAll('[data-suggest-panel] .acts a')) a.addEventListener('click', (event) => event.preventDefault());
  });
  for (const label of ['Open on bitbucket.org', 'Send by mail']) {
    await visit.ask(() => { document.querySelector('[data-suggest-panel] [role=status]').textContent = ''; });
    await click(visit, label);
    await visit.until(() => document.querySelector('[data-suggest-panel] [role=status]').textContent !== '');
    assert.match(await visit.ask(said), /^The note was copied: paste it/);
  }
  assert.ok(!(await visit.ask(() => document.querySelector('[data-suggest-mail]').href)).includes('body='));
  await visit.ask(() => localStorage.clear());
});

inEach('hostile words are words', async (visit) => {
  const words = '"\\ <img src=x onerror=alert(1)> </script> ** a ** [[x]] \u202e {{ t }} &amp;';
  await visit.open(PAGE);
  await visit.ask((hostile) => {
    const block = document.getElementById('p60');
    block.firstChild.data = `Before ** a ** it ${hostile} after. `;
    const node = block.firstChild;
    getSelection().setBaseAndExtent(node, node.data.indexOf('"'), node, node.data.indexOf(' after'));
  }, words);
  await openPanel(visit, 'a');
  assert.equal(await visit.ask(shown), `+++\n+++\n> ${words.replace('\u202e ', '')}\n`);
  assert.equal(await visit.ask(() => document.querySelectorAll('.suggest :is(img, script, [onerror])').length), 0);
  assert.equal(await visit.ask(() => document.querySelector('#suggest-slug').value), 'img-src-x-onerror-alert-1-script');
}, { schemes: ['file'] });

const BROUGHT = ['suggest/note.js', 'assets/panel.js', 'assets/own.js', 'assets/suggest.css'];

inEach('the scripts of the panel are asked for when it is first wanted', async (visit) => {
  const asked = () => visit.ask((files) => {
    const names = [...document.querySelectorAll('script[src], link[rel=stylesheet]')].map((each) => each.src || each.href);
    return files.filter((file) => names.some((name) => name.endsWith(file)));
  }, BROUGHT);
  await visit.open(PAGE);
  assert.deepEqual(await asked(), []);
  await openPanel(visit);
  assert.deepEqual(await asked(), BROUGHT);
}, { schemes: ['file'], browsers: ['chromium'] });

inEach('scripts of the panel that did not come are asked for again', async (visit) => {
  await visit.page.setRequestInterception(true);
  let missing = true;
  let refused = 0;
  visit.page.on('request', (request) => {
    if (!missing || !request.url().endsWith('assets/panel.js')) return request.continue();
    refused += 1;
    return request.abort();
  });
  await visit.open(PAGE);
  for (let times = 1; times < 3; times += 1) {
    await visit.ask(() => document.querySelector('[data-suggest] button').click());
    await visit.page.waitForNetworkIdle({ idleTime: 100 });
    assert.equal(refused, times);
  }
  missing = false;
  await openPanel(visit);
  visit.problems = (await visit.takeProblems()).filter((problem) => !/ERR_FAILED|panel\.js/.test(problem));
}, { schemes: ['http'], browsers: ['chromium'] });

inEach('without a script there is no panel and no button for it', async (visit) => {
  await visit.open(PAGE);
  const ways = '[data-suggest], [data-suggest-here], [data-suggest-panel]';
  assert.deepEqual(await visit.ask((selector) => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility()).length, ways), 0);
}, { script: false, schemes: ['file'] });
