// Passages: where in a segment the words stand, and what to show of them.

/** Characters of a snippet, more or less. */
const SNIPPET = 260;
/** Three words before a place, and after it, tell it apart. */
const ENDS = /(?:\S+\s+){0,3}\S*$/u;
const BEGINS = /^\S*(?:\s+\S+){0,3}/u;
/** A passage as long as this is neither held back nor favoured, in words. */
const USUAL_WORDS = 100;
/** What the words of a name count where they stand apart; and what other forms of a word count, beside other words. */
const APART = 0.3;
const NOT_EXACT = 0.9;

/** The stretches of a text that a node matches, or if `exact` matches to the letter: places as tokens have them. */
function spansOf(node, tokens, exact) {
  if (node.type === "word") return tokens.filter(({ form, capitals }) => (exact ? form === node.form && (capitals || !node.capitals) : node.forms.has(form)));
  const inner = node.nodes.map((each) => spansOf(each, tokens, exact));
  if (node.type === "row")
    return inner.reduce((reached, next) =>
      reached.flatMap((a) => next.filter((b) => b.pos === a.next).map((b) => ({ ...a, next: b.next, end: Math.max(a.end, b.end) }))),
    );
  return node.type === "any" || inner.every((spans) => spans.length) ? inner.flat() : [];
}

/** A text with the stretches of each node in it. */
function look(text, nodes) {
  const tokens = tokenise(text);
  const weights = [];
  const spans = nodes.map((node, i) => {
    const strict = node.strict?.flatMap((each) => spansOf(each, tokens)) ?? [];
    weights[i] = (node.strict && !strict.length ? APART : 1) * (spansOf(node, tokens, true).length ? 1 : node.low / 10 || NOT_EXACT);
    return (strict.length ? strict : spansOf(node, tokens)).map(({ start, end }) => [start, end]);
  });
  return { text, words: tokens.length, spans, weights, has: spans.map(({ length }) => length > 0) };
}

const rarityOf = (node) =>
  node.rarity ?? node.nodes.map(rarityOf).reduce((a, b) => (node.type === "any" ? Math.max(a, b) : a + b), 0);

/** The shortest stretch that has each node that occurs at all. */
function closest({ spans }) {
  const marks = spans.flatMap((own, node) => own.map(([start, end]) => ({ start, end, node })));
  marks.sort((a, b) => a.start - b.start || a.end - b.end);
  const kinds = spans.filter((own) => own.length).length;
  /** The last mark of each node, the one furthest back first. */
  const last = new Map();
  let best = null;
  for (const mark of marks) {
    last.delete(mark.node);
    last.set(mark.node, mark);
    const [{ start }] = last.values();
    const length = mark.end - start;
    if (last.size === kinds && !(best?.length <= length)) best = { start, until: mark.start, length };
  }
  if (!best) return null;
  const within = marks.filter(({ start }) => start >= best.start && start <= best.until);
  return { start: best.start, end: Math.max(...within.map(({ end }) => end)), marks: within };
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

/** Stretches in order, without those that overlap one before. */
function apart(spans) {
  let at = 0;
  return [...spans].sort((a, b) => a[0] - b[0] || b[1] - a[1]).filter(([start, end]) => start >= at && (at = end));
}

/** A stretch of text around the best place, as [words, marked] pairs. */
function snippet(field) {
  const { text } = field;
  let start = 0;
  let end = text.length;
  if (end > SNIPPET * 1.3) {
    const near = closest(field) ?? { start, end: start };
    const width = Math.min(SNIPPET, near.end - near.start);
    start = atSpace(text, near.start - ((SNIPPET - width) >> 1), -1);
    end = atSpace(text, start + SNIPPET, 1);
  }
  const pieces = [[start > 0 ? "… " : ""]];
  let at = start;
  for (const [from, to] of apart(field.spans.flat())) {
    if (from < at || to > end) continue;
    pieces.push([text.slice(at, from)], [text.slice(from, to), true]);
    at = to;
  }
  pieces.push([text.slice(at, end)], [end < text.length ? " …" : ""]);
  return pieces.map(([words, isMarked = false]) => [words.replace(/\s+/gu, " "), isMarked]).filter(([words]) => words);
}

/** The next space in a direction, if one is near. */
function atSpace(text, from, direction) {
  if (from <= 0 || from >= text.length) return from > 0 ? text.length : 0;
  for (let i = 0; i < 40; i++) if (/\s/u.test(text[from + i * direction] ?? " ")) return from + i * direction;
  return text.codePointAt(from - 1) > 0xffff ? from + direction : from;
}

/**
 * The part of an address that has a browser mark the words: each with a few
 * words before and after, since a browser marks the first place of a page
 * that fits.
 */
function directive(field) {
  const encode = (words) => encodeURIComponent(words).replaceAll("-", "%2D");
  const context = (text, pattern) => {
    const words = text.match(pattern)[0].trim();
    return /[\p{L}\p{N}]/u.test(words) ? encode(words) : "";
  };
  const marks = apart((closest(field)?.marks ?? []).map(({ start, end }) => [start, end])).slice(0, 4);
  const parts = marks.map(([start, end]) => {
    // Far enough for the context, and no further: a paragraph may be long.
    const before = context(field.text.slice(Math.max(0, start - 200), start), ENDS);
    const after = context(field.text.slice(end, end + 200), BEGINS);
    return `text=${before && `${before}-,`}${encode(field.text.slice(start, end))}${after && `,-${after}`}`;
  });
  return parts.length ? `:~:${parts.join("&")}` : "";
}

// ---- A segment's passages ----

/** A passage as it is handed out, with a snippet and what marks its words: most are never shown. */
const handed = ({ shown, marked, ...passage }) => ({ ...passage, snippet: snippet(shown), directive: marked ? directive(marked) : "" });

/**
 * The passages of a segment that answer a query, in its order: `found` says
 * which of the wanted nodes each has, `score` how well; see `handed`.
 */
function passagesOf([address, title, date, kind, lines, , at, blocks], { wanted, unwanted }, { where, speaker, topic }) {
  const lookAt = (text) => look(text, wanted);
  const foundIn = (...fields) => wanted.filter((_, i) => fields.some(({ has }) => has[i]));
  const worthOf = (field) => worth(field, wanted);
  const isUnwanted = (...texts) => unwanted.length && texts.some((text) => look(text, unwanted).has.includes(true));
  const about = { address, title, date, kind, type: "text", anchor: "", label: "", speaker: "", at };
  const heading = lookAt(title);
  const passages = [];
  const weak = [];
  for (const [anchor, text, label, said, corrected, all, filed] of blocks) {
    const notes = all.filter(isOn(topic));
    if ((speaker && said !== speaker) || (topic && !notes.length && !filed.split(" ").includes(topic)) || isUnwanted(text, corrected, label, ...notes.map(([, , body]) => body))) continue;
    const fields = [text, corrected, `${label} ${anchor}`, said].map(lookAt);
    const [plain, mended, name, by] = fields;
    if (where !== "notes" && foundIn(...fields).length) {
      const shown = foundIn(mended).length > foundIn(plain).length ? mended : plain;
      (foundIn(plain, mended, name).length ? passages : weak).push({
        ...about,
        anchor,
        label,
        speaker: said,
        found: foundIn(...fields, heading),
        score: worthOf(shown) + worthOf(name) + 0.2 * (worthOf(by) + worthOf(heading)),
        corrected: shown === mended,
        shown,
        marked: plain,
      });
    }
    if (where !== "texts")
      for (const [anchor, label, words] of notes) {
        const body = lookAt(words);
        const name = lookAt(label);
        const found = foundIn(body, name);
        if (found.length) passages.push({ ...about, type: "note", anchor, label, found, score: worthOf(body) + worthOf(name), shown: body });
      }
  }
  // Of what is found by its speaker alone the first, if it has what no other has.
  const other = weak.find(({ found }) => found.some((node) => !passages.some((passage) => passage.found.includes(node))));
  if (other) passages.push(other);
  // A text that is found by its title or its record only: its beginning.
  const record = [heading, ...lines.map(lookAt)];
  const found = foundIn(...record);
  if (!passages.length && found.length && where !== "notes" && !at && !speaker && !topic && !isUnwanted(title, ...lines)) {
    const line = record.slice(1).find(({ has }) => has.includes(true));
    passages.push({ ...about, found, score: Math.max(...record.map(worthOf)), shown: line ?? look(blocks.find(([, text]) => text)?.[1] ?? "", []) });
  }
  return passages;
}

/** Whether a note names a topic, if one is asked for. */
const isOn =
  (topic) =>
  ([, , , topics]) =>
    !topic || topics.split(" ").includes(topic);

/**
 * What there is of a segment where no word is asked for, in its order: what is filed under a topic or somebody says,
 * with notes on a topic; otherwise the text itself, or its notes.
 */
function browsed([address, title, date, kind, lines, , at, blocks], { where, speaker, topic }) {
  const about = { address, title, date, kind, type: "text", anchor: "", label: "", speaker: "", at, found: [], score: 0 };
  const shown = (text) => look(text, []);
  if (where !== "notes" && !speaker && !topic) {
    const text = blocks.find(([, text]) => text)?.[1] ?? lines[0] ?? "";
    return at ? [] : [{ ...about, shown: shown(text) }];
  }
  return blocks.flatMap(([anchor, text, label, said, corrected, notes, filed]) => {
    if (speaker && said !== speaker) return [];
    const isFiled = where !== "notes" && (text || corrected) && (!topic || filed.split(" ").includes(topic));
    const own = where === "texts" || (where !== "notes" && !topic) ? [] : notes.filter(isOn(topic));
    return [
      ...(isFiled ? [{ ...about, anchor, label, speaker: said, shown: shown(text) }] : []),
      ...own.map(([anchor, label, words]) => ({ ...about, type: "note", anchor, label, shown: shown(words) })),
    ];
  });
}

/** A term or topic: its name, its other names, and what it says; `inName`: the length of its shortest name that has all that is asked for. */
const guideOf = ([address, title, , kind, names, , , [block]], id, nodes) => ({
  inName: Math.min(...[title, ...names].map((name) => (look(name, nodes).has.includes(false) ? Infinity : name.length))),
  type: id < classEnds()[1] ? "term" : "topic",
  address,
  title,
  kind,
  names,
  snippet: snippet(look(block?.[1] ?? "", nodes)),
});
