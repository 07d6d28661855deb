// What holds of pages over http and without scripts, and before their faces have come; that every page is whole is asked in
// `access.test.mjs`, which loads them all.

import assert from 'node:assert/strict';

import { harness } from './lib/harness.mjs';
import { EVERYTHING, sample } from './lib/sample.mjs';
import { pointsOn, shape } from './lib/shape.mjs';

const { inEach } = harness();

async function checkPages(visit, pages) {
  const wrong = [];
  for (const path of pages) {
    await visit.open(path);
    if (await visit.ask(pointsOn)) continue;
    const lacks = await visit.ask(shape);
    const problems = await visit.takeProblems();
    wrong.push(...lacks.map((what) => `${path} lacks ${what}`), ...problems.map((problem) => `${path}: ${problem}`));
  }
  assert.deepEqual(wrong, []);
  assert.ok(pages.length > 0, 'the site has pages');
}

inEach('pages of each kind are whole and without problems', (visit, site) => checkPages(visit, sample(site.pages, EVERYTHING ? 4 : 1)), { schemes: ['http'] });

inEach('pages of each kind show their words without scripts', async (visit, site) => {
  const empty = [];
  for (const path of sample(site.pages, EVERYTHING ? 2 : 1)) {
    await visit.open(path);
    if (await visit.ask(pointsOn)) continue;
    const shown = await visit.ask(() => document.querySelector('main').innerText.trim().length);
    if (shown < 20) empty.push(path);
  }
  assert.deepEqual(empty, []);
}, { script: false, schemes: ['file'] });

// One of them is on each system where the tests run: Debian has DejaVu Serif.
inEach('until the faces come, others stand in that are as wide and as high', async (visit) => {
  await visit.open('index.html');
  const [own, other] = await visit.ask(async () => {
    const faces = getComputedStyle(document.documentElement).getPropertyValue('--serif').split(',');
    const line = document.createElement('p');
    line.textContent = document.querySelector('main').textContent.replace(/\s+/g, ' ').slice(0, 1000);
    Object.assign(line.style, { position: 'absolute', whiteSpace: 'nowrap', fontSize: '20px', lineHeight: 'normal', fontVariantNumeric: 'normal' });
    document.body.append(line);
    const sizes = [];
    for (const family of [faces[0], faces.slice(1).join()]) {
      for (const font of ['400', '500', '600', 'italic 400']) {
        line.style.fontFamily = family;
        [line.style.fontWeight, line.style.fontStyle] = font.split(' ').reverse().concat('normal');
        line.getBoundingClientRect();
        await document.fonts.ready;
        const { width, height } = line.getBoundingClientRect();
        sizes.push({ font, width, height });
      }
    }
    return [sizes.slice(0, 4), sizes.slice(4)];
  });
  own.forEach(({ font, width, height }, i) => {
    assert.ok(Math.abs(other[i].width / width - 1) < 0.03, `${font}: ${width} and ${other[i].width} px wide`);
    assert.ok(Math.abs(other[i].height / height - 1) < 0.05, `${font}: ${height} and ${other[i].height} px high`);
  });
}, { schemes: ['http'] });
