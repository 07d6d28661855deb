
  // From a passage to words that mean it and nothing else: what
  // crates/anchor/src/anchor/finder.rs and context.rs do. What is written is proved before it
  // is given: looked for as a note's quotation is, it stands there and nowhere else.

  const MOST_WORDS = 8;
  const MOST_BYTES = 200;
  const ENDS = [12, 24, 48];

  const bytesOf = (c) => { const n = c.codePointAt(0); return n < 0x80 ? 1 : n < 0x800 ? 2 : n < 0x10000 ? 3 : 4; };
  /** Places of the spaces in a text. */
  const spaces = (text) => eachStart(" ", text);

  /** The next words, at most `count`. */
  function wordsAfter(text, at, count) {
    while (text[at] === " ") at += 1;
    let end = at;
    for (let bytes = 0; end < text.length;) {
      const c = charAt(text, end);
      bytes += bytesOf(c);
      if (bytes > MOST_BYTES) break;
      end += c.length;
    }
    const near = text.slice(at, end);
    return near.slice(0, spaces(near)[count - 1] ?? near.length);
  }
  /** The words before, at most `count`. */
  function wordsBefore(text, at, count) {
    while (text[at - 1] === " ") at -= 1;
    let start = at;
    for (let bytes = 0; start > 0;) {
      const c = charBefore(text, start);
      bytes += bytesOf(c);
      if (bytes > MOST_BYTES) break;
      start -= c.length;
    }
    const near = text.slice(start, at);
    const cut = spaces(near).at(-count);
    return cut === undefined ? near : near.slice(cut + 1);
  }

  /** The fewest words, before or after or both, that tell place `i` from the others. */
  function unique(text, places, i) {
    const [start, end] = places[i].whole;
    const others = places.filter((_, j) => j !== i).map(({ whole }) => whole);
    for (let count = 1; count <= MOST_WORDS; count += 1) {
      const after = wordsAfter(text, end, count);
      const before = wordsBefore(text, start, count);
      if (saysSomething(after) && !others.some((other) => beginsAfter(text, other[1], after))) return { before: "", after };
      if (saysSomething(before) && !others.some((other) => endsBefore(text, other[0], before))) return { before, after: "" };
    }
    const before = wordsBefore(text, start, MOST_WORDS);
    const after = wordsAfter(text, end, MOST_WORDS);
    const alike = others.some((other) => endsBefore(text, other[0], before) && beginsAfter(text, other[1], after));
    return alike ? null : { before, after };
  }

  /** The lines of a block quote, one for each block of the text. */
  class Lines {
    constructor(text, end) {
      Object.assign(this, { text, end, lines: [] });
    }
    /** Adds a stretch of the reading stream, with signs around it. */
    add([start, end], signs = "") {
      if (start === end) return this;
      const { reading, visible } = this.text;
      const joint = reading.text.slice(Math.min(this.end, start), start);
      for (const [i, [from, to]] of this.text.seen(reading.start(start), reading.end(end)).entries()) {
        const { number } = this.text.blockAt(from);
        const goesOn = this.lines.at(-1)?.number === number;
        if (!goesOn) this.lines.push({ number, words: "" });
        const line = this.lines.at(-1);
        if (i === 0) line.words += (goesOn ? joint : "") + signs;
        line.words += visible.slice(from, to).replace(DROPPED, "");
      }
      if (this.lines.length) this.lines.at(-1).words += signs;
      this.end = end;
      return this;
    }
    toString() {
      return this.lines.map(({ words }) => words.split(/\p{White_Space}+/u).filter(Boolean).join(" ")).join("\n");
    }
  }

  /** The beginning and the end of a passage that is too long to be quoted whole. */
  function shortened(text, [start, end], words) {
    const whole = text.reading.text.slice(start, end);
    if ([...whole].length <= LONGEST_QUOTE) return [];
    const gaps = spaces(whole);
    const head = gaps[words - 1];
    const tail = gaps.at(-words);
    if (head === undefined || tail === undefined || head >= tail + 1) return [];
    const part = (from, to) => String(new Lines(text, start + from).add([start + from, start + to]));
    return [{ quotation: `${part(0, head)} […] ${part(tail + 1, whole.length)}` }];
  }

  /** Ways to write a passage, the plainest first; none of them is proved. */
  function ways(text, passage) {
    const stream = text.reading.text;
    const start = text.reading.folded(passage[0][0]);
    let end = Math.max(text.reading.folded(passage.at(-1)[1]), start);
    while (end > start && stream[end - 1] === " ") end -= 1;
    if (start === end) return [];
    const found = find(text, { quote: stream.slice(start, end) });
    const places = Array.isArray(found) ? found : [];
    const i = places.findIndex((place) => same(place.passage, passage));
    const alone = { before: [start, start], marked: [start, end], after: [end, end] };
    let stretch = i >= 0 && places.length === 1 ? alone : null;
    const context = i >= 0 && places.length > 1 ? unique(stream, places, i) : null;
    if (context) {
      let before = start;
      while (stream[before - 1] === " ") before -= 1;
      let after = end;
      while (stream[after] === " ") after += 1;
      stretch = {
        before: [before - context.before.length, before],
        marked: [start, end],
        after: [after, after + context.after.length],
      };
    }
    const quotation = ({ before, marked, after }) => {
      const signs = before[0] < before[1] || after[0] < after[1] ? "**" : "";
      return { quotation: String(new Lines(text, before[0]).add(before).add(marked, signs).add(after)) };
    };
    const literal = ({ before, marked, after }) =>
      ({ quote: stream.slice(...marked), prefix: stream.slice(...before), suffix: stream.slice(...after) });
    const here = text.blockAt(passage[0][0]).number;
    const beside = places.filter((place) => text.blockAt(place.passage[0][0]).number === here);
    const nth = beside.length > 1 ? beside.findIndex((place) => same(place.passage, passage)) + 1 : 0;
    const byBlock = (words) => ({ ...words, at: here, ...(nth > 0 ? { nth } : {}) });
    const short = ENDS.flatMap((words) => shortened(text, [start, end], words));
    return [
      ...(stretch ? [quotation(stretch)] : []),
      ...short,
      ...(stretch ? [literal(stretch)] : []),
      byBlock(quotation(alone)),
      ...short.map(byBlock),
      byBlock(literal(alone)),
    ];
  }

  /** How to write a passage so that it is meant and no other; null if nothing does. */
  function wordingFor(text, passage) {
    const means = (wording) => {
      const found = find(text, wording);
      return Array.isArray(found) && found.length === 1 && same(found[0].passage, passage);
    };
    return ways(text, passage).find(means) ?? null;
  }
