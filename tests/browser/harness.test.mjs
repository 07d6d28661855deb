// The other tests rest on this: what goes wrong on a page is seen.

import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { harness, inNone } from './lib/harness.mjs';
import { headersOf } from './lib/server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'postil-bad-'));
const page = (name, body) => writeFileSync(join(folder, name), `<!doctype html><html lang="en"><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,">${body}</html>`);
page('good.html', '<h1>Good</h1><script src="good.js"></script>');
page('shouts.html', '<script src="shouts.js"></script>');
page('throws.html', '<script src="throws.js"></script>');
page('foreign.html', '<img src="https://example.org/x.png" alt="">');
page('missing.html', '<link rel="stylesheet" href="missing.css">');
page('policy.html', `<meta http-equiv="Content-Security-Policy" content="style-src 'none'"><p style="color:red">x</p>`);
writeFileSync(join(folder, 'good.js'), 'document.documentElement.dataset.ran = "yes";');
writeFileSync(join(folder, 'shouts.js'), 'console.error("aloud");');
writeFileSync(join(folder, 'throws.js'), 'throw new Error("thrown");');

const { inEach } = harness(folder);

inEach('a good page has no problems', async (visit) => {
  await visit.open('good.html');
  assert.equal(await visit.ask(() => document.documentElement.dataset.ran), 'yes');
});

inEach('scripts can be switched off', async (visit) => {
  await visit.open('good.html');
  assert.equal(await visit.ask(() => document.documentElement.dataset.ran), undefined);
}, { script: false });

for (const [name, words] of [['shouts', 'aloud'], ['throws', 'thrown'], ['foreign', 'example.org'], ['missing', 'missing.css'], ['policy', 'style-src']]) {
  inEach(`a problem is seen: ${name}`, async (visit) => {
    await visit.open(`${name}.html`);
    const deadline = Date.now() + 5000;
    const found = [];
    while (!found.some((problem) => problem.includes(words)) && Date.now() < deadline) {
      found.push(...await visit.takeProblems());
      await new Promise((done) => setTimeout(done, 50));
    }
    assert.ok(found.some((problem) => problem.includes(words)), `found only: ${found.join('; ')}`);
    await visit.takeProblems();
  });
}

inNone('headers are read from the host\'s configuration', () => {
  const toml = '[build]\nfor = "x"\n[[headers]]\nfor = "/*"\n[headers.values]\nA-B = "c \'d\'"\n[[headers]]\nfor = "/x/*"\n  [headers.values]\n  E = "f"\n[context]\nG = "h"\n';
  assert.deepEqual(headersOf(toml), [{ for: '/*', values: { 'A-B': "c 'd'" } }, { for: '/x/*', values: { E: 'f' } }]);
});
