// The search says so when a part of its index does not load, and goes on.

import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

import { harness } from './lib/harness.mjs';

const broken = await mkdtemp(join(tmpdir(), 'postil-missing-'));
await cp(process.env.POSTIL_SITE, broken, { recursive: true });
await rm(join(broken, 'search/d'), { recursive: true });
after(() => rm(broken, { recursive: true }));

const { inEach } = harness(broken);

inEach('a missing part of the index is told of', async (visit) => {
  await visit.open('search.html?q=trafficking');
  await visit.until(() => /could not be loaded/.test(document.querySelector('[data-search-help]')?.innerText));
  const problems = await visit.takeProblems();
  assert.ok(problems.length > 0);
  for (const problem of problems) assert.match(problem, /search\/d\/|Failed to load resource/, problem);
});
