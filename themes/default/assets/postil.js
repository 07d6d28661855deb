// Comforts. Every page reads, and every control but those in the foot works,
// without this file. Loaded before the page is drawn, so that a chosen colour
// scheme does not flash; everything else waits for the page.
(function () {
  'use strict';

  var root = document.documentElement;
  // The root of the site.
  var home = new URL((document.currentScript.getAttribute('src') || '').replace(/assets\/postil\.js(?:[?#].*)?$/, '') || './', location.href).href;
  var SCHEME = 'postil-scheme', KEYS = 'postil-keys', VIEW = 'postil-view';
  var keysOn = true;
  var OPEN_AFTER = 350, CLOSE_AFTER = 300; // milliseconds of rest

  // Storage may be forbidden, and is on some systems for pages opened from a folder.
  function recall(key) {
    try { return localStorage.getItem(key); } catch (e) { return null; }
  }
  function keep(key, value) {
    try {
      if (value) { localStorage.setItem(key, value); } else { localStorage.removeItem(key); }
    } catch (e) { /* the choice holds for this page only */ }
  }

  function all(selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); }

  // Colours: as the system has it, unless chosen.
  function paint(scheme) {
    if (scheme === 'light' || scheme === 'dark') { root.setAttribute('data-scheme', scheme); } else { root.removeAttribute('data-scheme'); }
  }
  paint(recall(SCHEME));
  keysOn = recall(KEYS) !== 'off';
  framed();

  // What a reader switches on one text holds on all. It is set while the page is still being read, before it is
  // drawn, so that nothing moves.
  var view = {};
  try { view = JSON.parse(recall(VIEW)) || {}; } catch (e) { /* not ours */ }
  function switches() {
    all('#view input').forEach(function (box) { if (typeof view[box.id] === 'boolean') { box.checked = view[box.id]; } });
  }
  if (Object.keys(view).length) {
    var reading = new MutationObserver(function () {
      switches();
      if (document.querySelector('article, footer')) { reading.disconnect(); }
    });
    reading.observe(document, { childList: true, subtree: true });
  }
  document.addEventListener('change', function (e) {
    if (!(e.target instanceof Element) || !e.target.closest('#view')) { return; }
    view[e.target.id] = e.target.checked;
    keep(VIEW, JSON.stringify(view));
  });

  // What the search page offers without a script would be seen for a moment, and move the
  // page when it goes. It waits a little, and is there if the search does not come.
  root.setAttribute('data-waits', '');
  setTimeout(function () { root.removeAttribute('data-waits'); }, 2000);


  function preferences() {
    var box = document.querySelector('[data-prefs]');
    if (!box) { return; }
    var schemes = all('[data-scheme-set]', box);
    function press() {
      var now = root.getAttribute('data-scheme') || '';
      schemes.forEach(function (b) { b.setAttribute('aria-pressed', String(b.getAttribute('data-scheme-set') === now)); });
    }
    schemes.forEach(function (b) {
      b.addEventListener('click', function () {
        var chosen = b.getAttribute('data-scheme-set');
        paint(chosen);
        keep(SCHEME, chosen);
        press();
      });
    });
    press();
    // Keys of one letter can be switched off: they collide with speech input.
    all('[data-keys-set]', box).forEach(function (b) {
      b.setAttribute('aria-pressed', String(keysOn));
      b.addEventListener('click', function () {
        keysOn = !keysOn;
        keep(KEYS, keysOn ? '' : 'off');
        b.setAttribute('aria-pressed', String(keysOn));
      });
    });
    box.hidden = false;
  }

  // A term opens when the pointer rests on it, stays while the pointer is on the
  // term or on its definition, and closes a little after; a click then pins it.
  // Click, Enter and Escape are the browser's otherwise.
  function boxOf(term) {
    var button = term && term.querySelector('[popovertarget]');
    return button && document.getElementById(button.getAttribute('popovertarget'));
  }
  function hover() {
    if (!window.matchMedia('(hover: hover)').matches || !('popover' in HTMLElement.prototype)) { return; }
    var open = null, timer = 0;
    function later(ms, what) { clearTimeout(timer); timer = setTimeout(what, ms); }
    // A press on a label closes its box before the click would open it again,
    // so what the click does is settled by what stood open when it began.
    var before = null, pinned = false;
    document.addEventListener('pointerdown', function (e) {
      var box = boxOf(e.target instanceof Element && e.target.closest('.term'));
      before = box && box.matches(':popover-open') ? box : null;
      pinned = before !== open;
    }, true);
    document.addEventListener('click', function (e) {
      var term = e.target instanceof Element && e.target.closest('.term'), box = boxOf(term);
      if (!box || !e.detail) { return; } // keys are the browser's
      e.preventDefault();
      clearTimeout(timer);
      open = null;
      var wanted = box !== before || !pinned, now = box.matches(':popover-open');
      if (wanted && !now) { box.showPopover({ source: term.querySelector('button') }); }
      if (!wanted && now) { box.hidePopover(); }
    });
    document.addEventListener('pointerover', function (e) {
      if (e.pointerType === 'touch' || !(e.target instanceof Element)) { return; }
      var term = e.target.closest('.term');
      if (e.target.closest('[popover]')) { clearTimeout(timer); return; }
      if (term) {
        var box = boxOf(term);
        if (box && box === open && box.matches(':popover-open')) { clearTimeout(timer); return; }
        later(OPEN_AFTER, function () {
          if (box && !box.matches(':popover-open')) { open = box; box.showPopover({ source: term.querySelector('button') }); }
        });
      } else {
        later(CLOSE_AFTER, function () {
          if (open && open.matches(':popover-open') && !open.contains(document.activeElement)) { open.hidePopover(); }
          open = null;
        });
      }
    });
  }

  // Words and the note on them answer each other, by pointer and by focus. What is drawn over words is not laid out.
  function pairing() {
    if (!self.CSS || !CSS.highlights) { return; }
    var lit = new Highlight(), note = null;
    CSS.highlights.set('postil-lit', lit);
    function show(e) {
      var at = e.target instanceof Element && e.target.closest('article .refs, article [data-note-body]');
      var of = at && (at.matches('.refs') ? document.getElementById(at.id.slice(1)) : at);
      if (of === note) { return; }
      lit.clear();
      note = of;
      if (!note || !note.id) { return; }
      all('article mark[data-note~="' + note.id.slice(2) + '"]').forEach(function (words) { var r = new Range(); r.selectNodeContents(words); lit.add(r); });
    }
    if (window.matchMedia('(hover: hover)').matches) { document.addEventListener('pointerover', show, { passive: true }); }
    document.addEventListener('focusin', show);
  }

  // A long outline scrolls by itself, without moving the page.
  function inSight(link) {
    var box = link.closest('.outline'), at = link.getBoundingClientRect(), frame = box.getBoundingClientRect();
    if (at.top < frame.top) { box.scrollTop -= frame.top - at.top + 40; }
    if (at.bottom > frame.bottom) { box.scrollTop += at.bottom - frame.bottom + 40; }
  }

  // The outline says where the reader is: the last entry above a third of the window.
  function outline() {
    var entries = all('.outline a[href^="#"]').map(function (a) {
      return { link: a, target: document.getElementById(a.getAttribute('href').slice(1)) };
    }).filter(function (e) { return e.target; });
    if (!entries.length || !('IntersectionObserver' in window)) { return; }
    var current = null;
    function mark() {
      var line = window.innerHeight / 3, last = null;
      entries.forEach(function (e) { if (e.target.getBoundingClientRect().top <= line) { last = e.link; } });
      last = last || entries[0].link;
      if (last === current) { return; }
      if (current) { current.removeAttribute('aria-current'); }
      last.setAttribute('aria-current', 'location');
      current = last;
      inSight(last);
    }
    var waiting = false;
    document.addEventListener('scroll', function () {
      if (waiting) { return; }
      waiting = true;
      requestAnimationFrame(function () { waiting = false; mark(); });
    }, { passive: true });
    mark();
  }

  // A chosen entry of the contents closes their sheet.
  function contents() {
    var sheet = document.getElementById('toc');
    if (!sheet || !('popover' in HTMLElement.prototype)) { return; }
    sheet.addEventListener('click', function (e) {
      if (e.target instanceof Element && e.target.closest('a') && sheet.matches(':popover-open')) { sheet.hidePopover(); }
    });
  }

  // A form does not submit from a folder, so the address is gone to instead.
  function jump() {
    all('form[data-search-jump]').forEach(function (form) {
      form.addEventListener('submit', function (e) {
        var input = form.querySelector('input[name="q"]');
        e.preventDefault();
        location.assign(form.getAttribute('action') + '?q=' + encodeURIComponent(input.value));
      });
    });
  }

  // What stands in the element that a button names is copied: by the clipboard, or
  // where there is none (a page over plain http), by the selection.
  function copying() {
    all('[data-copy]').forEach(function (b) {
      b.hidden = false;
      copies(b, function () { return document.getElementById(b.getAttribute('data-copy')); });
    });
  }
  function copies(b, source) {
    // Words in another language than the page's stand in an element of their own.
    var words = b.firstElementChild || b, label = words.textContent;
    b.addEventListener('click', function () {
      var from = source();
      function done() {
        words.textContent = b.getAttribute('data-copied');
        setTimeout(function () { words.textContent = label; }, 2000);
      }
      function byHand() {
        var own = !from.isConnected;
        if (own) { b.parentNode.append(from); }
        getSelection().selectAllChildren(from);
        if (document.execCommand('copy')) { done(); }
        if (own) { from.remove(); }
      }
      if (navigator.clipboard) { navigator.clipboard.writeText(from.textContent).then(done, byHand); } else { byHand(); }
    });
  }

  // The number of a paragraph is a link to it; with a script it also offers what one does with a paragraph.
  function numbers() {
    var box = document.getElementById('at'), pattern = document.getElementById('cite-paragraph'), block = null;
    if (!box || !('popover' in HTMLElement.prototype)) { return; }
    function span(text) { var s = document.createElement('span'); s.textContent = text; return s; }
    function plain() {
      var copy = block.cloneNode(true);
      all('[data-generated], [data-furniture]', copy).forEach(function (e) { e.remove(); });
      return copy.textContent.replace(/\s+/g, ' ').trim();
    }
    var what = {
      link: function () { return location.href.split('#')[0] + '#' + block.id; },
      cite: function () { nameCited(block.id.slice(1), block); return pattern.textContent; },
      words: plain,
    };
    all('button[data-at]', box).forEach(function (b) { copies(b, function () { return span(what[b.getAttribute('data-at')]()); }); });
    all('[data-at="cite"]', box).forEach(function (b) { b.hidden = !pattern; });
    document.addEventListener('click', function (e) {
      var number = e.target instanceof Element && e.target.closest('article :is(.pn, .join)');
      if (e.target instanceof Element && e.target.closest('#at a')) { box.hidePopover(); }
      if (!number || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) { return; }
      e.preventDefault();
      block = document.getElementById(number.getAttribute('href').slice(1));
      all('[data-at-n]', box).forEach(function (n) { n.textContent = block.id.slice(1); });
      all('[data-at="here"]', box).forEach(function (a) { a.setAttribute('href', '#' + block.id); });
      all('[data-at="beside"]', box).forEach(function (a) { a.setAttribute('href', besides([place('#' + block.id)])); });
      box.showPopover({ source: number });
    });
  }

  // Two pages beside each other: each in a frame, which tells where it is.
  function place(hash) { return location.href.split(/[?#]/)[0].slice(home.length) + hash; }
  function besides(pages) { return home + 'beside.html?' + new URLSearchParams(pages.map(function (page, i) { return ['ab'[i], page]; })); }
  function framed() {
    if (parent === self) { return; }
    root.setAttribute('data-framed', '');
    function tell() { parent.postMessage({ postil: place(location.hash) }, '*'); }
    addEventListener('hashchange', tell);
    tell();
  }
  // The ends of a connection too: where its sign is opened, and after the text.
  function ends() {
    var says = document.querySelector('[data-beside-says]');
    if (!says) { return; }
    document.addEventListener('toggle', function (e) {
      if (e.newState !== 'open' || !e.target.matches('.pop, details')) { return; }
      all('li > p > a[href^="#connection-"]', e.target).forEach(function (named) {
        var row = named.closest('li'), other = row.querySelector('.meta a'), slug = named.getAttribute('href').slice(12);
        var own = all('[id^="l-"]').filter(function (end) { return /^l-(.*)-\d+$/.exec(end.id)[1] === slug && !other.href.endsWith('#' + end.id); })[0];
        if (!other || !own || row.querySelector('[data-ends]')) { return; }
        var link = document.createElement('a');
        link.setAttribute('data-ends', '');
        link.href = besides([place('#' + own.id), other.href.slice(home.length)]);
        link.textContent = says.getAttribute('data-beside-says');
        other.parentNode.append(' \u00b7 ', link);
      });
    }, true);
  }

  // A paragraph with many stops of the Tab key is one instead, with its number and its sign; arrows go on inside.
  var MOST_STOPS = 8;
  function twins(stop) { return stop.matches('.ref') ? all('.ref', stop.parentNode) : [stop]; }
  function stops() {
    all('article [data-block]').forEach(function (block) {
      var own = all('a[href], button, summary', block).filter(function (stop) {
        return stop.tabIndex >= 0 && !stop.matches('.pn, .join, .cx') && !stop.closest('.pop');
      });
      var seen = own.filter(function (stop) { return !stop.matches('.in-sheet'); });
      if (seen.length + 2 <= MOST_STOPS) { return; }
      var first = twins(own[0]);
      own.forEach(function (stop) {
        stop.setAttribute('data-stop', '');
        if (first.indexOf(stop) < 0) { stop.tabIndex = -1; }
      });
    });
    document.addEventListener('keydown', function (e) {
      var from = e.target, step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
      if (!step || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || !from.matches('[data-stop]')) { return; }
      if (getComputedStyle(from).direction === 'rtl') { step = -step; }
      var own = all('[data-stop]', from.closest('[data-block]')).filter(function (stop) { return stop === from || stop.getClientRects().length; });
      var to = own[own.indexOf(from) + step];
      if (!to) { return; }
      e.preventDefault();
      twins(from).forEach(function (stop) { stop.tabIndex = -1; });
      twins(to).forEach(function (stop) { stop.tabIndex = 0; });
      to.focus();
    });
  }

  // What is copied out of a note says whose words these are, so that they are not taken
  // for the record's. A whole note has this in its head.
  function labelling() {
    document.addEventListener('copy', function (e) {
      var selected = getSelection();
      if (!e.clipboardData || !selected.rangeCount) { return; }
      var range = selected.getRangeAt(0), node = range.commonAncestorContainer;
      var note = (node.nodeType === 1 ? node : node.parentElement).closest('[data-note-body]');
      var by = note && note.querySelector('[data-by]'), words = selected.toString();
      if (!by || !words.trim() || range.intersectsNode(by)) { return; }
      var label = by.textContent.trim() + ' ', copy = document.createElement('div');
      copy.append(label, range.cloneContents());
      e.clipboardData.setData('text/plain', label + words);
      e.clipboardData.setData('text/html', copy.innerHTML);
      e.preventDefault();
    });
  }

  // The line by which a paragraph is cited names the one that the address leads to,
  // and another the words that were selected last.
  function nameCited(number, node) {
    var pattern = document.getElementById('cite-paragraph');
    var turn = node && node.closest('[data-speaker]'), who = turn ? ' (' + turn.getAttribute('data-speaker') + ')' : '';
    var place = pattern.querySelector('[data-cite-place]'), at = lines(node), said = at && (at[0] === at[1] ? 'data-line' : 'data-lines');
    place.textContent = point(node) + place.getAttribute(said || 'data-cite-place').replace('{n}', at ? at[0] + (at[0] === at[1] ? '' : '–' + at[1]) : number);
    all('[data-cite-n]', pattern).forEach(function (n) { n.textContent = number; });
    all('[data-cite-speaker]', pattern).forEach(function (s) { s.textContent = who; });
  }
  // The page of the source, or the time, in which a place lies: the last mark before it, or at its own beginning.
  function point(node) {
    var last = node && all('article .pt').filter(function (mark) {
      var before = mark;
      if (!node.contains(mark)) { return mark.compareDocumentPosition(node) & 4; }
      do { before = before.previousSibling; } while (before && (before.nodeType === 1 ? before.matches('.furn') : !before.data.trim()));
      return !before;
    }).pop();
    return last ? last.textContent + ', ' : '';
  }
  // Lines of verse have numbers of their own.
  function lines(node) {
    var block = node && node.closest('[data-line]');
    if (!block) { return null; }
    var first = +block.getAttribute('data-line'), all = block.querySelectorAll('.l'), line = node.closest('.l');
    var nth = Array.prototype.indexOf.call(all, line);
    return line ? [first + nth, first + nth] : [first, first + all.length - 1];
  }
  function citing() {
    var pattern = document.getElementById('cite-paragraph'), words = document.getElementById('cite-words');
    if (!pattern || !words) { return; }
    function led() {
      var at = /^#(p(\d+(?:-\d+)?))$/.exec(location.hash.split(':~:')[0]);
      if (at) { nameCited(at[2], document.getElementById(at[1])); }
    }
    addEventListener('hashchange', led);
    led();
    document.addEventListener('selectionchange', function () {
      var selected = getSelection(), text = selected.toString().trim(), node = selected.anchorNode;
      if (!text || !node) { return; }
      if (selected.focusNode && node.compareDocumentPosition(selected.focusNode) & 2) { node = selected.focusNode; }
      var element = node.nodeType === 1 ? node : node.parentElement, block = element.closest('article [data-block]');
      if (!block) { return; }
      nameCited(block.getAttribute('data-block'), element);
      words.textContent = '“' + text.replace(/\s+/g, ' ') + '”, ' + pattern.textContent;
      words.parentNode.hidden = false;
    });
  }

  // Keys: / to the search box, n and p along the notes.
  function keys() {
    document.addEventListener('keydown', function (e) {
      if (!keysOn || e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) { return; }
      if (e.target instanceof Element && e.target.closest('input, textarea, select, [contenteditable]')) { return; }
      if (e.key === '/') { toSearch(e); }
      if (e.key === 'n' || e.key === 'p') { walk(e, e.key === 'n' ? 1 : -1); }
    });
  }
  function toSearch(e) {
    var boxes = all('[data-search-input]').filter(function (i) { return i.getClientRects().length; });
    var link = document.querySelector('.to-search a');
    e.preventDefault();
    if (boxes.length) { boxes[0].focus(); boxes[0].select(); } else if (link) { link.click(); }
  }
  function walk(e, step) {
    var refs = all('article .ref').filter(function (r) { return r.getClientRects().length; });
    if (!refs.length) { return; }
    var here = refs.indexOf(document.activeElement), next;
    if (here >= 0) {
      next = refs[here + step];
    } else {
      var after = refs.filter(function (r) { return r.getBoundingClientRect().top > 0; });
      next = step > 0 ? after[0] : refs[refs.length - after.length - 1];
    }
    if (!next) { return; }
    e.preventDefault();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: 'center' });
  }

  // A page that has moved leads on to the same place. What an address says to the browser alone (`:~:text=…`)
  // stands where it was gone to, and nowhere else.
  function moved() {
    var to = document.querySelector('[data-moved] a'), entry = performance.getEntriesByType('navigation')[0];
    if (!to) { return; }
    var from = entry && entry.name.indexOf('#') > 0 ? entry.name : location.href, at = from.indexOf('#');
    location.replace(to.href + (at < 0 ? '' : from.slice(at)));
  }

  // The address of a connection's end stands on its first words; all of them are shown to who comes by it.
  function led() {
    if (!self.CSS || !CSS.highlights) { return; }
    var at = document.getElementById(location.hash.slice(1).split(':~:')[0]), words = at && at.closest('[data-link]'), shown = new Highlight();
    if (words && /^l-/.test(at.id)) {
      var slug = at.id.slice(2).replace(/-\d+$/, '');
      all('[data-link~="' + slug + '"]', words.closest('.u')).forEach(function (piece) { var r = new Range(); r.selectNodeContents(piece); shown.add(r); });
    }
    CSS.highlights.set('postil-led', shown);
  }

  // The old address of a note is that of the note itself from now on.
  function renamed() {
    var named = document.getElementById(location.hash.slice(1));
    if (named && named.matches('.was')) { location.replace('#' + named.parentElement.id); }
  }

  function begin() {
    moved();
    preferences();
    hover();
    pairing();
    outline();
    contents();
    jump();
    copying();
    numbers();
    ends();
    stops();
    labelling();
    citing();
    keys();
    renamed();
    led();
    addEventListener('hashchange', renamed);
    addEventListener('hashchange', led);
  }
  if (document.readyState === 'loading') { document.addEventListener('DOMContentLoaded', begin); } else { begin(); }
})();
