// Added by `postil serve` to the pages that it sends; in no build.
// Reloads the page when there is another build, keeps the reader's place, and
// shows what is wrong with the archive. Words come in as text, never as HTML.
(() => {
  'use strict';
  const own = new URL(document.currentScript.src);
  const build = own.searchParams.get('build');
  const PLACE = 'postil-serve-place';

  // Without storage the browser keeps the place as well as it can.
  const keep = (place) => {
    try {
      if (place === null) sessionStorage.removeItem(PLACE);
      else sessionStorage.setItem(PLACE, place);
      return true;
    } catch {
      return false;
    }
  };
  const recall = () => {
    try {
      return sessionStorage.getItem(PLACE);
    } catch {
      return null;
    }
  };

  // The reader's place: the first paragraph, or else the first thing with an id, in view.
  const inView = () => {
    const bar = document.querySelector('header.bar');
    const top = bar && getComputedStyle(bar).position === 'sticky' ? bar.getBoundingClientRect().bottom : 0;
    const first = (selector) => [...document.querySelectorAll(selector)].find((element) => {
      const box = element.getBoundingClientRect();
      return box.height > 0 && box.bottom > top;
    });
    return first('[data-block][id]') || first('main [id]');
  };

  const reload = () => {
    const element = inView();
    const place = { page: location.pathname, x: scrollX, y: scrollY };
    if (element && scrollY > 0) {
      place.id = element.id;
      place.top = element.getBoundingClientRect().top;
    }
    if (keep(JSON.stringify(place))) history.scrollRestoration = 'manual';
    location.reload();
  };

  const restore = (kept) => {
    const place = JSON.parse(kept);
    if (place.page !== location.pathname) return;
    const element = place.id && document.getElementById(place.id);
    const y = element ? scrollY + element.getBoundingClientRect().top - place.top : place.y;
    scrollTo({ left: place.x, top: y, behavior: 'instant' });
  };
  // Now, so that nobody sees the page jump, and again when pictures and type have come.
  const kept = recall();
  if (kept) {
    keep(null);
    restore(kept);
    addEventListener('load', () => {
      restore(kept);
      // Not before this event is over: right after it, Chromium goes to where it would have put the reader.
      setTimeout(() => { history.scrollRestoration = 'auto'; });
    });
  }

  const make = (name, text, parent) => {
    const element = document.createElement(name);
    element.textContent = text;
    if (parent) parent.append(element);
    return element;
  };

  const counted = (n, word) => `${n} ${word}${n === 1 ? '' : 's'}`;

  const where = ({ path, line, column }) => (line ? `${path}:${line}:${column}` : path || '');

  const item = (problem, list) => {
    const entry = make('li', '', list);
    entry.className = problem.severity;
    make('strong', `${problem.severity}: `, entry);
    make('span', problem.message, entry);
    make('code', where(problem), make('div', '', entry));
    if (problem.words) make('q', problem.words, make('div', '', entry));
    for (const help of problem.help || []) make('div', help, entry).className = 'help';
  };

  let box = null;
  const show = ({ fresh, trouble, problems, more }) => {
    if (box) box.remove();
    box = null;
    const all = trouble ? [{ severity: 'error', message: trouble }, ...problems] : problems;
    if (all.length === 0) return;
    box = document.createElement('details');
    box.className = 'postil-serve';
    box.setAttribute('data-generated', '');
    box.open = !fresh;
    const errors = all.filter((problem) => problem.severity === 'error').length;
    const count = [[errors, 'error'], [all.length - errors + more, more ? 'more problem' : 'warning']];
    const words = count.filter(([n]) => n > 0).map(([n, word]) => counted(n, word)).join(', ');
    make('summary', fresh ? words : `${words}: this is the last good build`, box);
    const list = make('ol', '', box);
    all.forEach((problem) => item(problem, list));
    if (more) make('p', `${counted(more, 'more problem')}: the terminal has them all`, box);
    document.body.append(box);
  };

  // A page that nobody looks at does not listen: a browser opens only a few
  // connections to one server.
  let stream = null;
  const listen = () => {
    if (stream || document.visibilityState === 'hidden') return;
    stream = new EventSource(new URL('events', own));
    stream.onmessage = ({ data }) => {
      const news = JSON.parse(data);
      if (news.build !== build) reload();
      else show(news);
    };
  };
  const rest = () => {
    if (stream) stream.close();
    stream = null;
  };
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? rest() : listen()));
  addEventListener('pagehide', rest);
  // After everything else has come: a stream that is open holds up a page's loading.
  addEventListener('pageshow', listen);
})();
