// The archive as a book: what a validator says of it, and whether its annotations stand where those of the site do,
// as a browser counts, which shares no code with what wrote them.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { NAMES, launch } from './lib/browsers.mjs';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const PROGRAM = process.env.POSTIL_PROGRAM ?? join(REPOSITORY, 'target/debug/postil');
const run = promisify(execFile);

const temp = await mkdtemp(join(tmpdir(), 'postil books '));
after(() => rm(temp, { recursive: true }));
const book = join(temp, 'book.epub');
await run(PROGRAM, ['--site', REPOSITORY, 'export', 'epub', '--output', book]);

if (NAMES.includes('chromium')) {
  test('epubcheck has nothing to say of the book', { timeout: 180_000 }, async () => {
    // Debian's is a jar by that name, which does not start by itself everywhere.
    const said = await run('java', ['-jar', '/usr/bin/epubcheck', book]).catch((failed) => failed);
    assert.match(said.stdout + said.stderr, /0 fatals \/ 0 errors \/ 0 warnings/);
  });

  test('annotations of the book stand on the words on which those of the site do', { timeout: 180_000 }, async () => {
    const out = join(temp, 'out');
    await run('python3', ['-m', 'zipfile', '-e', book, out]);
    const set = JSON.parse(await readFile(join(out, 'META-INF/annotations.json'), 'utf8'));
    const texts = (await readdir(join(process.env.POSTIL_SITE, 'texts'), { recursive: true })).filter((name) => name.endsWith('.jsonld'));
    const squeezed = (words) => words.replace(/\s+/gu, '');
    const expected = new Set();
    for (const text of texts) {
      const { items } = JSON.parse(await readFile(join(process.env.POSTIL_SITE, 'texts', text), 'utf8'));
      for (const target of items.flatMap((item) => item.target)) {
        if (target.selector) expected.add(squeezed(target.selector[0].exact));
      }
    }
    assert.ok(expected.size > 200 && set.items.length > 200, `${expected.size}, ${set.items.length}`);
    const browser = await launch('chromium');
    try {
      const page = await browser.newPage();
      const astray = [];
      const onWords = set.items.filter((item) => item.target.selector);
      for (const file of new Set(onWords.map((item) => item.target.source))) {
        const items = onWords.filter((item) => item.target.source === file);
        await page.goto(pathToFileURL(join(out, file)).href);
        const places = items.map((item) => {
          const [{ value, refinedBy }] = item.target.selector;
          return [value, refinedBy.start, refinedBy.end];
        });
        const found = await page.evaluate((places) => places.map(([css, start, end]) => {
          const element = document.querySelector(css);
          const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
          const letters = [];
          while (walker.nextNode()) {
            const generated = walker.currentNode.parentElement.closest('[data-generated]') !== null;
            for (const letter of walker.currentNode.data) letters.push(generated ? '' : letter);
          }
          return letters.slice(start, end).join('');
        }), places);
        found.forEach((words, i) => {
          if (!expected.has(squeezed(words))) astray.push(`${items[i].target.source} ${places[i]}: ${words}`);
        });
      }
      assert.deepEqual(astray, []);
    } finally {
      await browser.close();
    }
  });
}
