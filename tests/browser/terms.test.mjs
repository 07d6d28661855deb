// Terms open their definitions where they should, and their pages list each use.

import assert from 'node:assert/strict';

import { harness, inNone } from './lib/harness.mjs';
import { definitions, folded, sources } from './lib/source.mjs';

const { inEach } = harness();
const TEXTS = await sources();
const REPLY = TEXTS.find(({ id }) => id.startsWith('home-office/'));

/** Three terms of the first archive: all they are called, longest first, and how often in the five texts. */
const TERMS = {
  ceop: { uses: 12, forms: /Child Exploitation (?:and )?Online Protection(?: Centre)?|CEOP/g },
  gla: { uses: 10, forms: /Gangmasters Licensing Authority|GLA/g },
  eas: { uses: 14, forms: /Employment Agency Standards(?: Inspectorate)?|EAS Inspectorate|EAS/g },
};
for (const [slug, term] of Object.entries(TERMS)) term.definitions = await definitions(slug);

/** What these terms are called in a text, in order: block and form. */
function named({ blocks }, { forms }) {
  return blocks.flatMap((block, i) => [...block.matchAll(forms)].map(([form]) => ({ block: i + 1, form })));
}

inNone('the raw texts name the three terms as often as is said here', () => {
  for (const [slug, term] of Object.entries(TERMS)) {
    assert.equal(TEXTS.flatMap((text) => named(text, term)).length, term.uses, slug);
    assert.ok(term.definitions.every(({ words }) => words?.length > 20), slug);
  }
});

/**
 * All uses of terms on a page, with what stands around them and what they open.
 * What opens is the element of the term or a control in it.
 */
function uses() {
  const terms = (block) => [...block.querySelectorAll('[data-term]')].filter((use) => !use.closest('[data-generated]'));
  return [...document.querySelectorAll('article [data-block]')].flatMap((block) => {
    const bare = block.cloneNode(true);
    const places = terms(bare);
    for (const added of bare.querySelectorAll('[data-generated]')) added.remove();
    return terms(block).map((use, i) => {
      const before = document.createRange();
      before.setStart(bare, 0);
      before.setEndBefore(places[i]);
      const after = document.createRange();
      after.setStartAfter(places[i]);
      after.setEnd(bare, bare.childNodes.length);
      const control = use.matches('[popovertarget]') ? use : use.querySelector('[popovertarget]');
      const popover = document.getElementById(control?.getAttribute('popovertarget'));
      return {
        slug: use.dataset.term,
        block: Number(block.dataset.block),
        form: places[i].textContent,
        before: before.toString().slice(-20),
        after: after.toString().slice(0, 20),
        opens: control !== null,
        says: popover?.matches('[popover]') ? popover.textContent : '',
      };
    });
  });
}

inEach('CEOP, GLA and EAS open the right definition at the first use of a form in a section', async (visit) => {
  const opened = { ceop: 0, gla: 0, eas: 0 };
  for (const text of TEXTS) {
    await visit.open(text.page);
    const found = await visit.ask(uses);
    for (const [slug, term] of Object.entries(TERMS)) {
      const definition = term.definitions.find(({ from, until }) => from <= text.date && text.date <= until);
      const met = new Set();
      const expected = named(text, term).map(({ block, form }) => {
        const key = `${form} ${text.sections.filter((first) => first <= block).length}`;
        const opens = !met.has(key);
        met.add(key);
        if (opens) opened[slug] += 1;
        return { block, form, opens, defines: opens };
      });
      const seen = found.filter((use) => use.slug === slug).map(({ block, form, opens, says }) =>
        ({ block, form: folded(form), opens, defines: folded(says).includes(folded(definition?.words ?? 'none')) }));
      assert.deepEqual(seen, expected, `${slug} in ${text.page}`);
    }
  }
  assert.ok(Object.values(opened).every((count) => count >= 5), JSON.stringify(opened));
}, { schemes: ['file'] });

inEach('no term is marked inside another word', async (visit) => {
  let count = 0;
  for (const { page } of TEXTS) {
    await visit.open(page);
    const found = await visit.ask(uses);
    count += found.length;
    const inside = found.filter(({ form, before, after }) =>
      /[\p{L}\p{N}]$/u.test(before) || /^[\p{L}\p{N}]/u.test(after) && !/^e?s(?![\p{L}\p{N}])/u.test(after) || !/[\p{L}\p{N}]/u.test(form));
    assert.deepEqual(inside, [], page);
  }
  assert.ok(count > 500, `only ${count} uses`);
}, { schemes: ['file'] });

inEach('"GLA – style" is one use', async (visit) => {
  await visit.open(REPLY.page);
  const found = await visit.ask(uses);
  const style = found.filter(({ slug, after }) => slug === 'gla' && after.startsWith(' – style'));
  assert.deepEqual(style.map(({ form }) => form), ['GLA']);
}, { schemes: ['file'] });

inEach('the pages of CEOP, GLA and EAS list every use', async (visit) => {
  for (const [slug, term] of Object.entries(TERMS)) {
    await visit.open(`glossary/${slug}.html`);
    const rows = await visit.ask(() => [...document.querySelectorAll('table.kwic tbody tr')].map((row) =>
      ({ form: row.querySelector('b').textContent, href: row.querySelector('a').href })));
    const listed = rows.map(({ form, href }) => {
      const [, page, block] = /^(.*)#p(\d+)/.exec(href.slice(visit.root.length));
      return `${decodeURIComponent(page)} ${block} ${form}`;
    });
    const expected = TEXTS.flatMap((text) => named(text, term).map(({ block, form }) => `${text.page} ${block} ${form}`));
    assert.deepEqual(listed.sort(), expected.sort(), slug);
    assert.equal(listed.length, term.uses);
  }
}, { schemes: ['file'] });

// ---- The words in their line ----

inEach('a name breaks over lines like other words, and nothing is parted from it', async (visit) => {
  await visit.page.setViewport({ width: 400, height: 900 });
  await visit.open(REPLY.page);
  const { broken, parted, named } = await visit.ask(() => {
    const controls = [...document.querySelectorAll('article [data-term] [popovertarget]')].filter((c) => c.checkVisibility());
    const terms = controls.map((control) => control.closest('[data-term]'));
    const lineOf = (node, offset) => {
      const range = document.createRange();
      range.setStart(node, offset);
      range.setEnd(node, offset + 1);
      return range.getBoundingClientRect().bottom;
    };
    const parted = terms.filter((term) => {
      const words = document.createTreeWalker(term, NodeFilter.SHOW_TEXT);
      let last = words.nextNode();
      for (let next = words.nextNode(); next; next = words.nextNode()) last = next;
      const after = term.nextSibling;
      if (after?.nodeType !== Node.TEXT_NODE || !/^[).,;:’'s]/.test(after.data)) return false;
      return lineOf(after, 0) - lineOf(last, last.data.length - 1) > 12;
    });
    const asItStands = (term) => {
      const copy = term.cloneNode(true);
      copy.querySelectorAll('[data-generated]').forEach((node) => node.remove());
      return copy.textContent.replace(/\s+/g, ' ');
    };
    return {
      broken: terms.filter((term) => term.getClientRects().length > 1).length,
      parted: parted.map((term) => term.textContent + term.nextSibling.data.slice(0, 9)),
      named: controls.filter((control, i) => control.ariaLabel !== asItStands(terms[i])).length,
    };
  });
  assert.ok(broken > 20, `${broken} names go over the end of a line`);
  assert.deepEqual(parted, [], 'commas and brackets stay beside the name');
  assert.equal(named, 0, 'each control is called what its words say');
}, { schemes: ['file'] });

// ---- Opening ----

/** Selectors of a term's first use that opens, and of the control that takes the focus. */
const wordsOf = (slug) => `article [data-term="${slug}"]:is([popovertarget], :has([popovertarget]))`;
const controlOf = (slug) => `article [data-term="${slug}"][popovertarget], article [data-term="${slug}"] [popovertarget]`;

/** Whether the popover of a control is open, and wholly in the window. */
const isOpen = (control) => {
  const popover = document.getElementById(document.querySelector(control).getAttribute('popovertarget'));
  const box = popover.getBoundingClientRect();
  return popover.matches(':popover-open') && box.width > 100 && box.height > 30 && box.top >= -1 && box.bottom <= innerHeight + 1;
};

/** Brings the first use of a term into the middle of the window; gives its selectors. */
async function bring(visit, slug) {
  const words = wordsOf(slug);
  await visit.ask((words) => document.querySelector(words).scrollIntoView({ block: 'center' }), words);
  return { words, control: controlOf(slug) };
}

for (const script of [true, false]) {
  const how = script ? '' : ' without scripts';
  inEach(`a term opens by pointer and by keyboard${how}`, async (visit) => {
    await visit.open(REPLY.page);
    for (const slug of Object.keys(TERMS)) {
      const { words, control } = await bring(visit, slug);
      const becomes = async (open, what) => assert.equal(await visit.ask(isOpen, control), open, `${slug}: ${what}`);
      await becomes(false, 'closed at first');

      await visit.page.click(words);
      await becomes(true, 'a click opens');
      await visit.page.keyboard.press('Escape');
      await becomes(false, 'Escape closes');
      await visit.page.click(words);
      await becomes(true, 'a click opens again');
      await visit.page.mouse.click(2, 300);
      await becomes(false, 'a click elsewhere closes');

      for (const key of ['Enter', ' ']) {
        await visit.page.focus(control);
        await visit.page.keyboard.press(key);
        await becomes(true, `${key === ' ' ? 'Space' : key} opens`);
        await visit.page.keyboard.press('Escape');
        await becomes(false, `Escape closes after ${key === ' ' ? 'Space' : key}`);
        const focused = await visit.ask(() => document.activeElement?.closest('[data-term]')?.dataset.term);
        assert.equal(focused, slug, 'the focus is back on the term');
      }

      // From the term, the next stop is a link in the definition; or the definition
      // itself, where a browser lets it be scrolled by keys.
      await visit.page.keyboard.press('Enter');
      await visit.page.keyboard.press('Tab');
      if (await visit.ask(() => document.activeElement.matches('[popover]'))) await visit.page.keyboard.press('Tab');
      const next = await visit.ask(() => document.activeElement.closest('[popover]') && document.activeElement.href);
      assert.ok(next?.startsWith(visit.root), `${slug}: Tab leads into the definition, not to ${next}`);
      await visit.page.keyboard.press('Escape');
    }
    const leads = await visit.ask(() => [...document.querySelectorAll('article [data-term] [popovertarget]')].filter((control) => {
      const { term } = control.closest('[data-term]').dataset;
      return !document.getElementById(control.getAttribute('popovertarget'))?.querySelector(`a[href*="/glossary/${term}.html"]`);
    }).map((control) => control.closest('[data-term]').dataset.term));
    assert.deepEqual(leads, [], 'each definition leads to the page of its term');
  }, { script });

  inEach(`a term opens by touch${how}`, async (visit) => {
    await visit.page.setViewport({ width: 390, height: 800, ...(visit.browser === 'chromium' && { hasTouch: true, isMobile: true }) });
    await visit.open(REPLY.page);
    for (const slug of Object.keys(TERMS)) {
      const { words, control } = await bring(visit, slug);
      await visit.page.tap(words);
      await visit.until(isOpen, control);
      await visit.page.touchscreen.tap(5, 40);
      await visit.until(() => !document.querySelector(':popover-open'));
    }
  }, { script, schemes: ['file'] });
}

inEach('a term opens when the pointer rests on it, and closes when it leaves', async (visit) => {
  await visit.open(REPLY.page);
  const { words, control } = await bring(visit, 'gla');
  await visit.page.hover(words);
  assert.ok(!await visit.ask(isOpen, control), 'not at once');
  await visit.until(isOpen, control);
  await visit.page.mouse.move(2, 300);
  await visit.until(() => !document.querySelector(':popover-open'));
}, { schemes: ['file'] });
