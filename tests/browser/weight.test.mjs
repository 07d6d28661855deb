// What a page weighs, as a host sends it (compressed), and what a browser has to do for it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { gzipSync } from 'node:zlib';

import { harness, inNone } from './lib/harness.mjs';
import { texts } from './lib/sample.mjs';

const SITE = process.env.POSTIL_SITE;
const SPEECH = 'texts/commons/2012-12-20-human-trafficking.html';
const KIB = 1024;

const { inEach } = harness();

const gz = async (file) => gzipSync(await readFile(`${SITE}/${file}`), { level: 9 }).length;

/** The style sheets and scripts that a page names. */
async function parts(page) {
  const html = await readFile(`${SITE}/${page}`, 'utf8');
  const found = [...html.matchAll(/<(?:link rel="stylesheet" href|script src)="([^"]+)"/g)];
  return found.map(([, address]) => posix.join(posix.dirname(page), address));
}

inNone('the page of a speech weighs at most 45 KB with all but its faces', async () => {
  const files = [SPEECH, ...await parts(SPEECH)];
  assert.ok(files.some((file) => file.endsWith('.css')) && files.some((file) => file.endsWith('.js')));
  const sizes = await Promise.all(files.map(async (file) => [file, await gz(file)]));
  const sum = sizes.reduce((sum, [, size]) => sum + size, 0);
  assert.ok(sum <= 45 * KIB, `${sum} bytes: ${sizes.map((size) => size.join(' ')).join(', ')}`);
});

inNone('the scripts that a page names weigh at most 24 KB', async () => {
  for (const page of [SPEECH, 'search.html', 'index.html']) {
    const scripts = (await parts(page)).filter((file) => file.endsWith('.js'));
    const sizes = await Promise.all(scripts.map(async (file) => [file, await gz(file)]));
    const sum = sizes.reduce((sum, [, size]) => sum + size, 0);
    assert.ok(sum <= 24 * KIB, `${page}: ${sum} bytes: ${sizes.map((size) => size.join(' ')).join(', ')}`);
  }
});

// A rule that asks what the whole page holds has all of it styled again at each part that comes.
inEach('a long text that comes bit by bit is styled once', async (visit, site) => {
  const sizes = await Promise.all(texts(site.pages).map(async (page) => [(await readFile(`${SITE}/${page}`)).length, page]));
  const [length, longest] = sizes.sort(([a], [b]) => a - b).at(-1);
  for (const width of [360, 1440]) {
    await visit.page.setViewport({ width, height: 900 });
    // It takes a second, so that it is shown in parts.
    await visit.page.emulateNetworkConditions({ download: length, upload: length, latency: 0 });
    await visit.page.tracing.start({ categories: ['devtools.timeline'] });
    await visit.open(longest);
    const { traceEvents } = JSON.parse(Buffer.from(await visit.page.tracing.stop()).toString());
    const sent = traceEvents.find(({ name, args }) => name === 'ResourceSendRequest' && args.data.url.endsWith(longest));
    const styled = traceEvents.filter(({ name, pid }) => name === 'UpdateLayoutTree' && pid === sent.pid);
    assert.ok(styled.length > 4, `the text came in ${styled.length} parts`);
    const sum = styled.reduce((sum, { args }) => sum + (args.elementCount ?? 0), 0);
    const elements = await visit.ask(() => document.querySelectorAll('*').length);
    assert.ok(sum < 1.5 * elements, `${sum} elements styled at ${width} px, of ${elements}`);
  }
}, { browsers: ['chromium'], schemes: ['http'] });
