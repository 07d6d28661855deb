// With scripts off, everything can be reached from the front page; with the style sheet
// off, what belongs together stands together. And what a reader may ask of a browser
// (larger gaps between letters, no motion, high contrast) takes nothing away.

import assert from 'node:assert/strict';

import { harness } from './lib/harness.mjs';
import { texts } from './lib/sample.mjs';
import { addresses, sideways } from './lib/shape.mjs';

const { inEach } = harness();

/** Ids of what is said on a page: notes, definitions, corrections, connections, passages. */
function said() {
  const ids = (selector) => [...document.querySelectorAll(selector)].map(({ id }) => id);
  return {
    notes: ids('[data-note-body]'),
    definitions: [...document.querySelectorAll('[popover]')].map(({ id }) => [id, document.querySelector(`[popovertarget="${id}"]`) !== null]),
    corrections: [...document.querySelectorAll('[data-correction]')].map((place) => {
      const link = place.parentElement.querySelector(`a[href="#c${place.dataset.correction}"]`) ?? document.querySelector(`a[href="#c${place.dataset.correction}"]`);
      return [place.dataset.correction, link !== null, document.getElementById(`c${place.dataset.correction}`) !== null];
    }),
    passages: document.querySelectorAll('.quotes > li').length,
  };
}

inEach('without scripts every page, note, definition, correction and passage is reached from the front page', async (visit, site) => {
  const seen = new Set(['index.html']);
  const waiting = ['index.html'];
  const fragments = new Set();
  const count = { notes: 0, definitions: 0, corrections: 0, passages: 0 };
  const noted = [];
  for (let page = waiting.shift(); page; page = waiting.shift()) {
    await visit.open(page);
    for (const address of (await visit.ask(addresses)).leads.filter((address) => address.startsWith(visit.root))) {
      const [path, fragment] = address.slice(visit.root.length).split('#');
      const file = decodeURIComponent(path.split('?')[0]);
      if (fragment) fragments.add(`${file}#${decodeURIComponent(fragment)}`);
      if (file.endsWith('.html') && !seen.has(file)) {
        seen.add(file);
        waiting.push(file);
      }
    }
    const { notes, definitions, corrections, passages } = await visit.ask(said);
    noted.push(...notes.map((id) => `${page}#${id}`));
    assert.deepEqual(definitions.filter(([, opens]) => !opens), [], `${page}: definitions without a button`);
    assert.deepEqual(corrections.filter(([, led, told]) => !led || !told), [], `${page}: corrections that are not told`);
    count.notes += notes.length;
    count.definitions += definitions.length;
    count.corrections += corrections.length;
    count.passages += passages;
  }
  assert.deepEqual(noted.filter((note) => !fragments.has(note)), [], 'notes to which nothing leads');
  const redirects = (await Promise.all(site.pages.map(async (page) => [page, (await site.read(page)).includes('data-moved')])))
    .filter(([, points]) => points).map(([page]) => page);
  // Whoever has an old address comes by it; 404 is what a host shows.
  assert.deepEqual(site.pages.filter((page) => !seen.has(page) && page !== '404.html' && !redirects.includes(page)), [], 'pages to which nothing leads');
  assert.ok(count.notes > 100 && count.definitions > 50 && count.corrections > 5 && count.passages > 30, JSON.stringify(count));
}, { script: false, schemes: ['file'], browsers: ['chromium'], timeout: 600_000 });

inEach('in the order of the page a note follows its words, and the text its heading and record', async (visit, site) => {
  for (const page of texts(site.pages)) {
    await visit.open(page);
    const wrong = await visit.ask(() => {
      const wrong = [];
      const after = (a, b) => Boolean(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING);
      const order = ['.skip', 'header.bar', 'main h1', 'main .line', 'main .outline', '#record', 'article', '#about', '#cite', 'footer.foot'].map((selector) => document.querySelector(selector));
      order.forEach((element, i) => { if (i > 0 && !after(order[i - 1], element)) wrong.push(`part ${i} stands before part ${i - 1}`); });
      for (const note of document.querySelectorAll('article .n')) {
        const words = document.getElementById(note.querySelector('.n-h a').hash.slice(1))?.closest('[data-block]');
        const blocks = [...document.querySelectorAll('[data-block]')];
        const next = blocks.slice(blocks.indexOf(words) + 1).find((block) => block.closest('.u') !== words.closest('.u'));
        if (!words || !after(words, note) || (next && !after(note, next))) wrong.push(note.id);
      }
      const numbers = [...document.querySelectorAll('article [data-block]')].map((block) => Number(block.dataset.block));
      if (numbers.some((number, i) => i > 0 && number <= numbers[i - 1])) wrong.push('blocks out of order');
      return wrong;
    });
    assert.deepEqual(wrong, [], page);
  }
}, { script: false, schemes: ['file'] });

/** WCAG 2.2, 1.4.12: these gaps take no words away. Gives elements whose words are cut off. */
function spaced() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-block-end: 2em !important; }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const cut = [...document.querySelectorAll('main *, header *, footer *')].filter((element) => {
    const { overflowX, overflowY } = getComputedStyle(element);
    const hides = (overflow) => overflow === 'hidden' || overflow === 'clip';
    const lost = hides(overflowX) && element.scrollWidth > element.clientWidth + 1 || hides(overflowY) && element.scrollHeight > element.clientHeight + 1;
    // A line of a concordance is cut at both ends by its nature; the text is a click away.
    return lost && element.checkVisibility() && element.textContent.trim() && !element.closest('.sr, svg, table.kwic');
  });
  return cut.map((element) => element.outerHTML.slice(0, 80));
}

/** One page of each kind, and the longest text. */
const KINDS = ['index.html', 'texts/index.html', 'texts/home-office/2009-08-reply-hc23.html', 'topics/index.html', 'glossary/gla.html', 'timeline.html', 'search.html', 'contribute.html', 'provenance.html', 'concordance/c.html'];

inEach('nothing is cut off at 320 px, nor with wider gaps between letters, words and lines', async (visit, site) => {
  const wrong = [];
  for (const page of KINDS) {
    assert.ok(site.pages.includes(page), page);
    for (const width of [320, 1280]) {
      await visit.page.setViewport({ width, height: 256 }); // 1280 by 1024 at 400 %
      await visit.open(page);
      const cut = await visit.ask(spaced);
      const by = await visit.ask(sideways);
      if (cut.length > 0 || by > 0) wrong.push(`${page} at ${width} px: ${by} px too wide; ${cut.slice(0, 3)}`);
    }
  }
  assert.deepEqual(wrong, []);
}, { schemes: ['file'] });

// Firefox without a window takes its pages for those of an inactive one, and shows no focus: there only names and order are asked;
// and its last stop stays the active element when Tab leaves the page.
inEach('every stop of the Tab key is visible, named, and seen to have the focus, in the order of the page', async (visit, _, { name }) => {
  for (const page of ['index.html', 'texts/commons/2006-10-24-human-trafficking.html', 'glossary/gla.html', 'search.html']) {
    await visit.page.setViewport({ width: 1280, height: 800 });
    await visit.open(page);
    const stops = [];
    for (let i = 0; i < 60; i += 1) {
      await visit.page.keyboard.press('Tab');
      const stop = await visit.ask(() => {
        const element = document.activeElement;
        const before = globalThis.postilTestStop;
        if (!element || element === document.body || element === before) return null;
        const box = element.getBoundingClientRect();
        const style = getComputedStyle(element.closest('.term') ?? element);
        const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        const name = element.ariaLabel || element.innerText?.trim() || element.labels?.[0]?.innerText || element.querySelector('[aria-label]') || element.getAttribute('aria-label') || element.textContent.trim();
        globalThis.postilTestStop = element;
        return {
          what: element.outerHTML.slice(0, 90),
          inSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
          ring,
          named: Boolean(name),
          inOrder: !before || Boolean(before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING),
        };
      });
      if (!stop) break;
      stops.push(stop);
    }
    assert.ok(stops.length > 15, `${page}: only ${stops.length} stops`);
    assert.deepEqual(stops.filter(({ inSight, ring, named, inOrder }) => !((inSight && ring || name === 'firefox') && named && inOrder)), [], page);
  }
}, { schemes: ['file'] });

inEach('without motion nothing moves, and in high contrast nothing is told by colour alone', async (visit) => {
  await visit.page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
  await visit.open('texts/home-office/2009-08-reply-hc23.html');
  const moves = await visit.ask(() => [...document.querySelectorAll('*')].filter((element) => {
    const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
    return parseFloat(transitionDuration) > 0.01 || animationName !== 'none' || scrollBehavior === 'smooth';
  }).map((element) => element.outerHTML.slice(0, 80)));
  assert.deepEqual(moves.slice(0, 5), []);
  const client = await visit.page.createCDPSession();
  await client.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] });
  const plain = await visit.ask(() => ['article mark[data-note]', '.term', '.sic', '.ref', 'main a[href]'].map((selector) => {
    const element = [...document.querySelectorAll(selector)].find((element) => element.checkVisibility());
    if (!element) return [selector, 'none'];
    const { textDecorationLine, verticalAlign, outlineStyle } = getComputedStyle(element);
    return [selector, textDecorationLine !== 'none' || verticalAlign !== 'baseline' || outlineStyle !== 'none'];
  }));
  assert.deepEqual(plain.filter(([, told]) => told !== true), []);
  assert.ok(await visit.ask(() => matchMedia('(forced-colors: active)').matches));
}, { schemes: ['file'], browsers: ['chromium'] });
