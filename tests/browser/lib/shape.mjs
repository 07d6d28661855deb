// Questions that are asked in a page: each runs there, and knows nothing from here.

/** What a page must have, whatever it is about; gives what it lacks. */
export function shape() {
  const wrong = [];
  const need = (good, what) => { if (!good) wrong.push(what); };
  const first = document.querySelector('a[href], button, input, select, summary, [tabindex="0"]');
  const target = first?.getAttribute('href') ?? '';
  need(document.documentElement.lang, 'a language');
  need(document.title.trim(), 'a title');
  need(document.querySelectorAll('h1').length === 1, 'one h1');
  need(document.querySelectorAll('main').length === 1, 'one main');
  need(target.startsWith('#') && document.getElementById(target.slice(1))?.closest('main'), 'a skip link into main, first of all');
  need(!document.querySelector('style, [style], [onclick], [onload], base, iframe, object, embed') || document.querySelector('[data-beside] iframe'), 'nothing inline or embedded');
  const levels = [...document.querySelectorAll('main :is(h1,h2,h3,h4,h5,h6)')].map((h) => Number(h.localName[1]));
  need(levels.every((level, i) => i === 0 || level <= levels[i - 1] + 1), `headings in order, not ${levels.join(' ')}`);
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  need(new Set(ids).size === ids.length, 'ids that stand once');
  return wrong;
}

/** Whether a page only points on to another, as one at an old address does. */
export function pointsOn() {
  return document.querySelector('[data-moved]') !== null;
}

/** By how much a page is wider than the window. */
export function sideways() {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}

/** The ids of a page, and whatever of the site it leads to or is made of. */
export function addresses() {
  const named = [...document.querySelectorAll('[href], [src]')].map((element) => element.getAttribute('href') ?? element.getAttribute('src'));
  const full = [...new Set(named)].map((address) => new URL(address, document.baseURI)).filter(({ protocol }) => protocol === location.protocol);
  return { ids: [...document.querySelectorAll('[id]')].map(({ id }) => id), leads: full.map(({ href }) => href) };
}
