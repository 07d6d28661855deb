// Runs a test in each browser, from a folder and over http.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { NAMES, launch } from './browsers.mjs';
import { EVERYTHING } from './sample.mjs';
import { lay } from './site.mjs';
import { Visit } from './visit.mjs';

const SCHEMES = ['file', 'http'];

/** In the fast tier (see tests/run) Chromium opens the site in all ways, and Firefox in the first of them. */
const waysOf = (name, schemes) => (EVERYTHING || name === 'chromium' ? schemes : schemes.slice(0, 1));

/** Declares a test that opens no browser. Where each browser has a process of its own, Chromium's runs it. */
export function inNone(title, check) {
  if (NAMES.includes('chromium')) test(title, check);
}

/**
 * Lays out the site at `built` (by default the one in POSTIL_SITE) for the tests
 * of one file. Browsers are started with `options`.
 */
export function harness(built = process.env.POSTIL_SITE, options = {}) {
  if (!built) throw new Error('POSTIL_SITE, or POSTIL_WRITINGS for the other archive, is to name the folder of a built site');
  const browsers = new Map();
  let site;

  after(async () => {
    for (const browser of browsers.values()) await (await browser).close();
    await site?.remove();
  });

  const browserOf = (name) => {
    if (!browsers.has(name)) browsers.set(name, launch(name, options));
    return browsers.get(name);
  };

  /**
   * Declares a test for each browser and scheme. `check` is given a visit, the
   * site, and where it runs; at its end, the page has to be without problems.
   */
  const inEach = (title, check, { script = true, schemes = SCHEMES, browsers: only = NAMES, timeout = 300_000 } = {}) => {
    for (const name of NAMES.filter((name) => only.includes(name))) {
      for (const scheme of waysOf(name, schemes)) {
        test(`${title} [${name}, ${scheme}]`, { timeout }, async () => {
          // Only for a test: in a file without one, nothing would take the site down again.
          site ??= await lay(built);
          const root = site.root(scheme, script);
          const visit = await Visit.begin(await browserOf(name), name, root, { script });
          try {
            await check(visit, site, { name, scheme });
            assert.deepEqual(await visit.takeProblems(), []);
          } finally {
            await visit.end();
          }
        });
      }
    }
  };
  return { inEach };
}
