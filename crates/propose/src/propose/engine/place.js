
  // Where words stand: what crates/anchor/src/anchor/pattern.rs, place.rs and sift.rs do for one note.

  const LONGEST_QUOTE = 2000;
  const MOST_BLOCKS = 10;
  const MOST_COUNTED = 200;

  /** Every place at which a needle begins. */
  function eachStart(needle, text) {
    const starts = [];
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) starts.push(at);
    return starts;
  }

  /** What stands between the gaps of a quotation (`[…]` or `[...]` between white space, or at an end). */
  function parts(text) {
    const found = [];
    let from = 0;
    const open = (c) => c === "" || WHITE.test(c);
    for (const { 0: sign, index } of text.matchAll(/\[(?:…|\.\.\.)\]/g)) {
      const end = index + sign.length;
      if (!open(charBefore(text, index)) || !open(charAt(text, end))) continue;
      found.push([from, index]);
      from = end;
    }
    found.push([from, text.length]);
    return found.filter(([start, end]) => fold(text.slice(start, end)) !== "");
  }

  /** The bold stretches of a quotation, as places of their stars. */
  function bold(text) {
    const pairs = [];
    let open = null;
    for (const { 0: stars, index: at } of text.matchAll(/\*+/g)) {
      if (stars.length !== 2) continue;
      const before = charBefore(text, at);
      const after = charAt(text, at + 2);
      const closes = before && !WHITE.test(before) && !(isWord(after) && !UNSPACED.test(after));
      const opens = after && !WHITE.test(after);
      if (open !== null && closes) {
        pairs.push([open, at]);
        open = null;
      } else if (open === null && opens) open = at;
    }
    return pairs;
  }

  /** Needles that follow each other, and the stretch of them that is marked. */
  function pattern(text, pieces, [start, end]) {
    const first = pieces.findIndex((piece) => piece[1] > start);
    const last = pieces.findLastIndex((piece) => piece[0] < end);
    if (first < 0 || last < 0) return [];
    let from = 0;
    let to = 0;
    const needles = [];
    for (const [i, piece] of pieces.entries()) {
      const folded = foldWithMap(text.slice(...piece));
      if (folded.text === "") return [];
      if (i === first) from = folded.folded(Math.max(0, start - piece[0]));
      if (i === last) to = end >= piece[1] ? folded.text.length : folded.folded(end - piece[0]);
      needles.push(folded.text);
    }
    const marks = first < last || (first === last && from < to);
    return marks ? [{ needles, from: [first, from], to: [last, to] }] : [];
  }

  /** The ways to read words, in the order in which they are tried. */
  function readings({ quotation, quote }) {
    const asWritten = (text, marked) => pattern(text, [[0, text.length]], marked);
    if (quote !== undefined) return asWritten(quote, [0, quote.length]);
    const both = (text, marked) => {
      const pieces = parts(text);
      const whole = pieces.length === 1 && pieces[0][0] === 0 && pieces[0][1] === text.length;
      return [...asWritten(text, marked), ...(whole ? [] : pattern(text, pieces, marked))];
    };
    const pairs = bold(quotation);
    const found = both(quotation, [0, quotation.length]);
    if (pairs.length !== 1) return found;
    const [[start, end]] = pairs;
    const plain = quotation.slice(0, start) + quotation.slice(start + 2, end) + quotation.slice(end + 2);
    return [...found, ...both(plain, [start, end - 2])];
  }

  /** One stream of a text, and how a pattern is looked for in it. */
  class Search {
    constructor(text, stream, wanted) {
      Object.assign(this, { text, stream });
      this.hits = new Map([...wanted].map((needle) => [needle, eachStart(needle, stream.text)]));
    }
    startsOf(needle) { return this.hits.get(needle) ?? []; }

    #edge(at, source) {
      return !cutsWord(this.stream.text, at) && !this.stream.splits(at) && this.text.isClusterEdge(source)
        ? "clean" : cutsWord(this.stream.text, at) ? "word" : "cluster";
    }
    #isClean(at) { return this.#edge(at, this.stream.end(at)) === "clean"; }

    /** Hits of a later part that cut no word where its ends count. */
    #tails({ needles, to }, part) {
      const { length } = needles[part];
      const last = part + 1 === needles.length;
      const isContext = last && !(to[0] === part && to[1] === length);
      const begun = this.startsOf(needles[part]).filter((hit) => this.#isClean(hit));
      const whole = begun.filter((hit) => isContext || this.#isClean(hit + length));
      return whole.length === 0 && last ? begun : whole;
    }

    /** From a hit of the first part to the nearest of each later part. */
    #chain({ needles }, head, tails) {
      const starts = [head];
      let end = head + needles[0].length;
      if (tails.length && !this.#isClean(end)) return null;
      for (const [i, tail] of tails.entries()) {
        const next = tail.find((hit) => hit >= end);
        if (next === undefined) return null;
        starts.push(next);
        end = next + needles[i + 1].length;
      }
      return starts;
    }

    /** Adds the places of a pattern; says whether the words stand here visibly. */
    sift(pattern, query, places) {
      const { needles, from, to } = pattern;
      const tails = needles.slice(1).map((_, i) => this.#tails(pattern, i + 1));
      let met = false;
      for (const head of this.startsOf(needles[0])) {
        if (places.length >= (query.nth ?? MOST_COUNTED)) return met;
        const starts = this.#chain(pattern, head, tails);
        if (!starts) continue;
        const whole = [starts[0], starts.at(-1) + needles.at(-1).length];
        const marked = [starts[from[0]] + from[1], starts[to[0]] + to[1]];
        const { stream } = this;
        const passage = this.text.seen(stream.start(marked[0]), stream.end(marked[1]));
        if (!passage.length) continue;
        if (places.length && same(places.at(-1).passage, passage)) {
          met = true;
          continue;
        }
        const edges = [this.#edge(marked[0], stream.start(marked[0])), this.#edge(marked[1], stream.end(marked[1]))];
        if (edges.includes("cluster")) continue;
        met = true;
        if (!edges.includes("word") && this.#fits(query, whole, passage)) places.push({ passage, whole });
      }
      return met;
    }

    #fits({ prefix = "", suffix = "", at }, [start, end], passage) {
      return endsBefore(this.stream.text, start, fold(prefix))
        && beginsAfter(this.stream.text, end, fold(suffix))
        && (at === undefined || this.text.blockAt(passage[0][0]).number === at);
    }
  }

  const same = (a, b) => String(a) === String(b);
  function endsBefore(text, at, words) {
    while (text[at - 1] === " ") at -= 1;
    return text.slice(0, at).endsWith(words);
  }
  function beginsAfter(text, at, words) {
    while (text[at] === " ") at += 1;
    return text.startsWith(words, at);
  }

  /**
   * Where a wording stands: { quotation } or { quote, prefix, suffix }, with or
   * without `at` (a block's number) and `nth`. Gives the places that are left, as
   * many as there are, or a word for why none can be: "empty", "long", "wide".
   */
  function find(text, query) {
    const words = query.quotation ?? query.quote;
    if (!saysSomething(words)) return "empty";
    if ([...words].length > LONGEST_QUOTE) return "long";
    const patterns = readings(query);
    const reading = new Search(text, text.reading, new Set(patterns.flatMap(({ needles }) => needles)));
    const missing = patterns.filter(({ needles }) => needles.some((needle) => !reading.startsOf(needle).length));
    const raw = text.raw && new Search(text, text.raw, new Set(missing.flatMap(({ needles }) => needles)));
    let places = [];
    for (const pattern of patterns) {
      if (!reading.sift(pattern, query, places) && raw) raw.sift(pattern, query, places);
      if (places.length) break;
    }
    if (query.nth !== undefined) places = places.slice(query.nth - 1, query.nth);
    const wide = ({ passage }) => text.blockCount(passage) > MOST_BLOCKS;
    return places.length === 1 && wide(places[0]) ? "wide" : places;
  }
