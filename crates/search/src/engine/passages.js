
// Passages: where in a segment the words stand, and what to show of them.
((search) => {
  /** Characters of a snippet, more or less. */
  const SNIPPET = 260;
  /** How many words before and after tell a place apart. */
  const CONTEXT_WORDS = 3;
  /** A passage as long as this is neither held back nor favoured, in words. */
  const USUAL_WORDS = 100;
  /** What the words of a name count where they stand apart. */
  const APART = 0.3;

  /** The stretches of a text that a node matches: places as tokens have them. */
  function spansOf(node, tokens) {
    if (node.type === "word") return tokens.filter((token) => node.forms.has(token.form));
    const inner = node.nodes.map((each) => spansOf(each, tokens));
    if (node.type === "row")
      return inner.reduce((reached, next) =>
        reached.flatMap((a) => next.filter((b) => b.pos === a.next).map((b) => ({ ...a, next: b.next, end: Math.max(a.end, b.end) }))),
      );
    return node.type === "any" || inner.every((spans) => spans.length) ? inner.flat() : [];
  }

  /** A text with the stretches of each node in it. */
  function look(text, nodes) {
    const tokens = text ? search.tokenise(text) : [];
    const weights = [];
    const spans = nodes.map((node, i) => {
      const strict = node.strict?.flatMap((each) => spansOf(each, tokens)) ?? [];
      weights[i] = node.strict && !strict.length ? APART : 1;
      return (strict.length ? strict : spansOf(node, tokens)).map(({ start, end }) => [start, end]);
    });
    return { text, words: tokens.length, spans, weights, has: spans.map((own) => own.length > 0) };
  }

  const rarityOf = (node) =>
    node.rarity ?? node.nodes.map(rarityOf).reduce((a, b) => (node.type === "any" ? Math.max(a, b) : a + b), 0);

  /** The shortest stretch that has each node that occurs at all. */
  function closest({ spans }) {
    const marks = spans.flatMap((own, node) => own.map(([start, end]) => ({ start, end, node })));
    marks.sort((a, b) => a.start - b.start || a.end - b.end);
    const kinds = new Set(marks.map((mark) => mark.node)).size;
    let best = null;
    const counts = new Map();
    for (let first = 0, last = 0; last < marks.length; last++) {
      counts.set(marks[last].node, (counts.get(marks[last].node) ?? 0) + 1);
      while (counts.size === kinds) {
        const length = marks[last].end - marks[first].start;
        if (!best || length < best.length) best = { first, last, length };
        const gone = marks[first++].node;
        counts.set(gone, counts.get(gone) - 1);
        if (!counts.get(gone)) counts.delete(gone);
      }
    }
    if (!best) return null;
    const within = marks.slice(best.first, best.last + 1);
    return { start: within[0].start, end: Math.max(...within.map((mark) => mark.end)), marks: within };
  }

  /** How well a field answers: BM25 over the passage, and words close together. */
  function worth(field, nodes) {
    const length = 1.2 * (0.25 + (0.75 * field.words) / USUAL_WORDS);
    let score = 0;
    nodes.forEach((node, i) => {
      const count = field.spans[i].length;
      score += (rarityOf(node) * field.weights[i] * count) / (count + length);
    });
    const found = field.has.filter(Boolean).length;
    const near = found > 1 ? closest(field) : null;
    return near ? score * (1 + Math.min(1, (found * 12) / (near.end - near.start))) : score;
  }

  // ---- What is shown ----

  /** A stretch of text around the best place, as [words, marked] pairs. */
  function snippet(field) {
    const { text } = field;
    let start = 0;
    let end = text.length;
    if (end > SNIPPET * 1.3) {
      const { start: from, end: to } = closest(field) ?? { start, end: start };
      const width = Math.min(SNIPPET, to - from);
      start = atSpace(text, Math.max(0, from - Math.floor((SNIPPET - width) / 2)), -1);
      end = atSpace(text, Math.min(text.length, start + SNIPPET), 1);
    }
    const pieces = start > 0 ? [["… ", false]] : [];
    let at = start;
    for (const [from, to] of united(field.spans.flat())) {
      if (from < at || to > end) continue;
      pieces.push([text.slice(at, from), false], [text.slice(from, to), true]);
      at = to;
    }
    pieces.push([text.slice(at, end), false]);
    if (end < text.length) pieces.push([" …", false]);
    return pieces.map(([words, marked]) => [words.replace(/\s+/gu, " "), marked]).filter(([words]) => words);
  }

  /** The next space in a direction, if one is near. */
  function atSpace(text, from, direction) {
    if (from <= 0 || from >= text.length) return from;
    for (let i = 0; i < 40; i++) if (/\s/u.test(text[from + i * direction] ?? " ")) return from + i * direction;
    return (text.codePointAt(from - 1) ?? 0) > 0xffff ? from + direction : from;
  }

  function united(spans) {
    const sorted = [...spans].sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    return sorted.filter(([start], i) => start >= Math.max(0, ...sorted.slice(0, i).map((s) => s[1])));
  }

  /**
   * The part of an address that has a browser mark the words: each with a few
   * words before and after, since a browser marks the first place of a page
   * that fits.
   */
  function directive(field) {
    const best = closest(field);
    if (!best) return "";
    const encode = (words) => encodeURIComponent(words).replaceAll("-", "%2D");
    const context = (text, pattern) => {
      const words = text.match(pattern)[0].trim();
      return /[\p{L}\p{N}]/u.test(words) ? encode(words) : "";
    };
    const ends = new RegExp(`(?:\\S+\\s+){0,${CONTEXT_WORDS}}\\S*$`, "u");
    const begins = new RegExp(`^\\S*(?:\\s+\\S+){0,${CONTEXT_WORDS}}`, "u");
    const marks = united(best.marks.map(({ start, end }) => [start, end])).slice(0, 4);
    const parts = marks.map(([start, end]) => {
      // Far enough for the context, and no further: a paragraph may be long.
      const before = context(field.text.slice(Math.max(0, start - 200), start), ends);
      const after = context(field.text.slice(end, end + 200), begins);
      const words = encode(field.text.slice(start, end));
      return `text=${before ? `${before}-,` : ""}${words}${after ? `,-${after}` : ""}`;
    });
    return `:~:${parts.join("&")}`;
  }

  // ---- A segment's passages ----

  /** A passage as it is handed out, with a snippet and what marks its words: most are never shown. */
  search.handed = ({ shown, marked, ...passage }) => ({ ...passage, snippet: snippet(shown), directive: marked ? directive(marked) : "" });

  /**
   * The passages of a segment that answer a query, in its order: `found` says
   * which of the wanted nodes each has, `score` how well; see `search.handed`.
   */
  search.passages = (record, query, options) => {
    const nodes = query.wanted;
    const title = look(record.title, nodes);
    const lines = record.lines.map((line) => look(line, nodes));
    const passages = [];
    const weak = [];
    for (const block of record.blocks) {
      if (options.speaker && block.speaker !== options.speaker) continue;
      const fields = [block.text, block.corrected, block.label, block.speaker].map((text) => look(text, nodes));
      if (isUnwanted([block.text, block.corrected, block.label, ...block.notes.map((note) => note.body)], query)) continue;
      if (options.where !== "notes") {
        const passage = fromBlock(record, block, fields, title, nodes);
        if (passage) (passage.weak ? weak : passages).push(passage);
      }
      if (options.where !== "texts")
        for (const note of block.notes) {
          const passage = fromNote(record, block, note, nodes);
          if (passage) passages.push(passage);
        }
    }
    // Of what is found by its speaker alone the first, if it has what no other has.
    const other = weak.find(({ found }) => found.some((node) => !passages.some((passage) => passage.found.includes(node))));
    if (other) passages.push(other);
    if (passages.length) return passages;
    const onRecord = options.where !== "notes" && record.at === 0 && !options.speaker && !isUnwanted([record.title, ...record.lines], query);
    return onRecord && [title, ...lines].some((field) => field.has.includes(true)) ? [fromRecord(record, title, lines, nodes)] : [];
  };

  const isUnwanted = (texts, query) =>
    query.unwanted.length > 0 && texts.some((text) => look(text, query.unwanted).has.includes(true));

  const about = ({ address, title, date, kind }) => ({ address, title, date, kind, type: "text", anchor: "", label: "", speaker: "" });
  const foundIn = (nodes, ...fields) => nodes.filter((_, i) => fields.some((field) => field.has[i]));
  const count = (nodes, ...fields) => foundIn(nodes, ...fields).length;

  /** How much of what a query asks these nodes are, from 0 to 1: rare words are more. */
  search.shareOf = (nodes, all) => {
    const weigh = (some) => some.reduce((sum, node) => sum + rarityOf(node), 0);
    return weigh(nodes) / (weigh(all) || 1);
  };

  function fromBlock(record, block, [text, corrected, label, speaker], title, nodes) {
    const own = count(nodes, text, corrected, label);
    if (!own && !count(nodes, speaker)) return null;
    const shown = count(nodes, corrected) > count(nodes, text) ? corrected : text;
    return {
      ...about(record),
      weak: !own,
      anchor: block.anchor,
      label: block.label,
      speaker: block.speaker,
      found: foundIn(nodes, text, corrected, label, speaker, title),
      score: worth(shown, nodes) + worth(label, nodes) + 0.2 * (worth(speaker, nodes) + worth(title, nodes)),
      corrected: shown === corrected,
      shown,
      marked: text,
    };
  }

  function fromNote(record, block, note, nodes) {
    const body = look(note.body, nodes);
    const title = look(note.title, nodes);
    const found = foundIn(nodes, body, title);
    if (!found.length) return null;
    return { ...about(record), type: "note", anchor: note.anchor, label: note.title, found, score: worth(body, nodes) + worth(title, nodes), shown: body };
  }

  /** A text that is found by its title or its record only: its beginning. */
  function fromRecord(record, title, lines, nodes) {
    const line = lines.find((field) => field.has.includes(true));
    const begin = record.blocks.find((block) => block.text)?.text ?? "";
    const shown = line ?? look(begin, []);
    const score = Math.max(worth(title, nodes), ...lines.map((field) => worth(field, nodes)));
    return { ...about(record), found: foundIn(nodes, title, ...lines), score, shown };
  }

  /** A term or topic: its name, its other names, and what it says; `inName`: the length of its shortest name that has all that is asked for. */
  search.guide = (record, id, nodes) => ({
    inName: Math.min(...[record.title, ...record.lines].map((name) => (look(name, nodes).has.includes(false) ? Infinity : name.length))),
    type: id < search.index.ends()[1] ? "term" : "topic",
    address: record.address,
    title: record.title,
    kind: record.kind,
    names: record.lines,
    snippet: snippet(look(record.blocks[0]?.text ?? "", nodes)),
  });
})(self.postilSearch);
