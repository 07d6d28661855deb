// axe-core, which knows the rules of WCAG 2.2 AA that a machine can check, and best
// practices. At each width all its rules are asked, and in the other colours those that
// are about colour.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { sideways } from './shape.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
export const WIDE = 1280;
export const NARROW = 320;
const WIDTHS = [WIDE, NARROW];
/** In light colours alone, or in dark ones as well: what is asked, and the reader's own switch, which both browsers have. */
const BOTH_COLOURS = [[RULES, 'light'], [COLOURS, 'dark']];

/** What axe has against the page as it stands. */
async function faults(visit, where, runOnly) {
  const found = await visit.ask(async (runOnly) => {
    const { violations, passes } = await globalThis.axe.run(document, { runOnly, resultTypes: ['violations'], preload: false });
    const places = ({ id, nodes }) => nodes.slice(0, 3).map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`);
    return { passes: passes.length, faults: violations.flatMap(places) };
  }, runOnly);
  assert.ok(found.passes > (runOnly === RULES ? 10 : 0), `${where}: only ${found.passes} rules had something to look at`);
  return found.faults.map((fault) => `${where}: ${fault}`);
}

/**
 * Colours change at once: in a tab behind another they would not arrive. And what is
 * folded away is taken out: Chromium lays out the whole page anew for each closed
 * `details` that is asked where its contents stand, which takes a minute on a long text.
 */
function still() {
  if (!globalThis.postilStill) {
    globalThis.postilStill = new CSSStyleSheet();
    globalThis.postilStill.replaceSync('* { transition: none !important; } [data-shut]::details-content { display: none !important; }');
    document.adoptedStyleSheets = [globalThis.postilStill];
  }
  const all = [...document.querySelectorAll('details')];
  all.forEach((details) => delete details.dataset.shut);
  const shut = all.filter((details) => {
    const inside = [...details.children].find((child) => child.localName !== 'summary');
    return !details.open && inside && !inside.checkVisibility();
  });
  shut.forEach((details) => { details.dataset.shut = ''; });
}

/** What axe has against the open page at these widths, in these colours. */
export async function looks(visit, where, widths = WIDTHS, colours = BOTH_COLOURS) {
  if (!await visit.ask(() => 'axe' in globalThis)) await visit.page.evaluate(AXE);
  const found = [];
  for (const width of widths) {
    await visit.page.setViewport({ width, height: 800 });
    await visit.ask(still);
    for (const [rules, scheme] of colours) {
      await visit.ask((scheme) => { document.documentElement.dataset.scheme = scheme; }, scheme);
      found.push(...await faults(visit, `${where} at ${width} px, ${scheme}`, rules));
    }
    const by = await visit.ask(sideways);
    if (by > 0) found.push(`${where} at ${width} px scrolls sideways by ${by} px`);
  }
  return found;
}

/**
 * Brings to sight what is hidden at first: folds, corrections, stray marks. Popovers
 * open one at a time; all of them stand in the page like anything else. Gives how much.
 */
export function unfold() {
  const folded = [...document.querySelectorAll('details:not([open])')];
  for (const details of folded) details.open = true;
  const boxes = ['s-corr', 's-furn'].map((id) => document.getElementById(id)).filter((box) => box && !box.checked);
  for (const box of boxes) box.click();
  const popovers = [...document.querySelectorAll('[popover]')];
  for (const popover of popovers) popover.removeAttribute('popover');
  return folded.length + boxes.length + popovers.length;
}
