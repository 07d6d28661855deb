// Texts taken out as single files: each opens anywhere, asks for nothing, says every word of its text, and
// its definitions open; what only makes sense within the site is not there. Printed, they are tagged.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { NAMES, launch } from './lib/browsers.mjs';
import { Visit } from './lib/visit.mjs';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const PROGRAM = process.env.POSTIL_PROGRAM ?? join(REPOSITORY, 'target/debug/postil');
const TEXT = 'commons/2012-12-20-human-trafficking';

const temp = await mkdtemp(join(tmpdir(), 'postil exports '));
after(() => rm(temp, { recursive: true }));
const take = (kind, ...args) => promisify(execFile)(PROGRAM, ['--site', REPOSITORY, 'export', kind, ...args]);

const out = join(temp, 'html');
await take('html', TEXT, '--output', out);

for (const name of NAMES) {
  test(`a text as a single file is whole by itself [${name}, file]`, { timeout: 120_000 }, async () => {
    const browser = await launch(name);
    const file = pathToFileURL(join(out, `${TEXT}.html`)).href;
    // Whatever the page asks for beyond itself leaves the "site".
    const visit = await Visit.begin(browser, name, file, { script: true });
    try {
      await visit.open('');
      const words = (text) => text.replace(/\s+/g, ' ').trim();
      const [own, faces, left] = await visit.ask(async () => {
        await document.fonts.ready;
        const article = document.querySelector('article').cloneNode(true);
        article.querySelectorAll('[data-generated]').forEach((element) => element.remove());
        const loaded = [...document.fonts].filter((face) => face.status === 'loaded').map((face) => face.family);
        return [article.textContent, loaded, document.querySelectorAll('[data-site-only], form, [rel=icon]').length];
      });
      const page = await browser.newPage();
      await page.goto(pathToFileURL(join(process.env.POSTIL_SITE, `texts/${TEXT}.html`)).href);
      const onSite = await page.evaluate(() => {
        const article = document.querySelector('article').cloneNode(true);
        article.querySelectorAll('[data-generated]').forEach((element) => element.remove());
        return article.textContent;
      });
      assert.ok(words(own).length > 5_000);
      assert.equal(words(own), words(onSite));
      assert.ok(faces.some((face) => face.includes('Literata')), `faces: ${faces}`);
      assert.equal(left, 0);
      const term = '.term > button[popovertarget]';
      await visit.ask((term) => document.querySelector(term).click(), term);
      await visit.until((term) => document.getElementById(document.querySelector(term).getAttribute('popovertarget')).matches(':popover-open'), term);
      assert.deepEqual(await visit.takeProblems(), []);
    } finally {
      await visit.end();
      await browser.close();
    }
  });
}

if (NAMES.includes('chromium')) {
  test('a text is printed with tags, bookmarks and its title', { timeout: 120_000 }, async () => {
    await take('pdf', TEXT, '--output', join(temp, 'pdf'));
    const pdf = (await readFile(join(temp, 'pdf', `${TEXT}.pdf`))).toString('latin1');
    assert.ok(pdf.startsWith('%PDF-'));
    for (const part of ['/StructTreeRoot', '/MarkInfo', '/Outlines', '/Lang']) assert.ok(pdf.includes(part), part);
  });

  test('the longest text is on no more than 45 pages, its notes linked both ways', { timeout: 180_000 }, async () => {
    const text = 'home-office/2009-08-reply-hc23';
    await take('pdf', text, '--output', join(temp, 'long'));
    const pdf = (await readFile(join(temp, 'long', `${text}.pdf`))).toString('latin1');
    const pages = pdf.match(/\/Type \/Page\b/g).length;
    assert.ok(pages > 30 && pages <= 45, `${pages} pages`);
    for (const id of ['n-command-number', 'rn-command-number']) assert.ok(pdf.includes(`/Dest /${id}`), id);
  });
}
