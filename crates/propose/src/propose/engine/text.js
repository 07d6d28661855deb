
  // The text of a page: its blocks, its furniture, and what of both a reader sees.
  // What crates/anchor/src: document, anchor/stream.rs and anchor/words.rs do.

  const WORD = /[\p{Alphabetic}\p{N}]/u;
  const RAISED = /[²³¹\u2070-\u2079\u2080-\u2089]/;
  const MARK = /\p{M}/u;
  const DIGIT = /^[0-9]$/;
  /** Scripts without spaces between words. */
  const UNSPACED = /[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\u1b00-\u1b7f\u3005-\u3007\u3040-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua980-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\uff66-\uff9f\u{20000}-\u{3ffff}]/u;

  const isWord = (c) => WORD.test(c) && !RAISED.test(c);
  const saysSomething = (words) => [...words].some(isWord);
  const charAt = (text, at) => (at < text.length ? String.fromCodePoint(text.codePointAt(at)) : "");
  /** The character before `at`. */
  function charBefore(text, at) {
    if (at <= 0) return "";
    const low = text.charCodeAt(at - 1);
    return low >= 0xdc00 && low < 0xe000 && at > 1 ? text.slice(at - 2, at) : text[at - 1];
  }

  /** Whether a place that begins or ends at `at` would cut a word or a number. */
  function cutsWord(text, at) {
    const next = charAt(text, at);
    let back = at;
    let last = charBefore(text, back);
    while (last && MARK.test(last)) last = charBefore(text, back -= last.length);
    if (!next || !last) return false;
    if (isWord(last) && isWord(next)) return !(UNSPACED.test(last) || UNSPACED.test(next));
    const isPoint = (c) => c === "." || c === ",";
    return (DIGIT.test(last) && isPoint(next) && DIGIT.test(charAt(text, at + 1)))
      || (isPoint(last) && DIGIT.test(next) && DIGIT.test(charBefore(text, back - last.length)));
  }

  class Text {
    /**
     * `blocks` are { number, text }, in order; `hidden` is the furniture, as
     * [start, end] in the blocks' texts joined by one line feed, sorted, not overlapping.
     */
    constructor(blocks, hidden) {
      let at = 0;
      this.blocks = blocks.map(({ number, text }) => {
        const block = { number, start: at, end: at + text.length };
        at = block.end + 1;
        return block;
      });
      this.visible = blocks.map(({ text }) => text).join("\n");
      this.hidden = hidden;
      this.raw = hidden.length ? foldWithMap(this.visible) : null;
      this.reading = new Folded();
      for (const [start, end] of this.#pieces()) this.reading.push(this.visible.slice(start, end), start);
      this.reading.finish();
    }

    /** The index of the block that holds a place. */
    #index(at) {
      let low = 0;
      let high = this.blocks.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.blocks[middle].start <= at) low = middle + 1; else high = middle;
      }
      return Math.max(low - 1, 0);
    }
    blockAt(at) { return this.blocks[this.#index(at)]; }

    /** The visible text without furniture; a block with nothing left drops out with its line feed. */
    #pieces() {
      const { visible, hidden } = this;
      const blank = (start, end) => BLANK.test(visible.slice(start, end));
      let pieces = [];
      let gap = 0;
      let from = 0;
      for (const { start, end } of this.blocks) {
        if (gap >= hidden.length) break;
        if (hidden[gap][0] >= end) continue;
        const begin = pieces.length;
        const before = from;
        let at = start;
        let anything = false;
        while (gap < hidden.length && hidden[gap][0] < end) {
          anything ||= !blank(at, hidden[gap][0]);
          pieces.push([from, hidden[gap][0]]);
          at = from = hidden[gap][1];
          gap += 1;
        }
        if (!anything && blank(at, end)) {
          pieces.length = begin;
          pieces.push([before, start]);
          from = Math.min(end + 1, visible.length);
        }
      }
      pieces.push([from, visible.length]);
      return pieces.filter(([start, end]) => start < end);
    }

    /**
     * What a reader sees of a stretch: block by block, without furniture and
     * without white space at the ends. As [[start, end], …]; empty if nothing is left.
     */
    seen(start, end) {
      const ranges = [];
      const blank = ([from, to]) => BLANK.test(this.visible.slice(from, to));
      const visibly = (from, to, step) => {
        const at = step > 0 ? from : to;
        for (let i = at; step > 0 ? i < to : i > from;) {
          const c = step > 0 ? charAt(this.visible, i) : charBefore(this.visible, i);
          if (!BLANK.test(c)) return i;
          i += step * c.length;
        }
        return at;
      };
      for (let i = this.#index(start); i < this.blocks.length && this.blocks[i].start < end; i += 1) {
        let at = Math.max(this.blocks[i].start, start);
        const stop = Math.min(this.blocks[i].end, end);
        const own = [];
        for (const [from, to] of this.hidden) {
          if (to <= at) continue;
          if (from >= stop) break;
          if (at < from) own.push([at, from]);
          at = to;
        }
        if (at < stop) own.push([at, stop]);
        while (own.length && blank(own.at(-1))) own.pop();
        while (own.length && blank(own[0])) own.shift();
        if (!own.length) continue;
        own.at(-1)[1] = visibly(...own.at(-1), -1);
        own[0][0] = visibly(...own[0], 1);
        ranges.push(...own);
      }
      return ranges;
    }

    /** The words of a passage; a space between two blocks. */
    words(passage) {
      let block = null;
      return passage.map(([start, end]) => {
        const here = this.#index(start);
        const joint = block !== null && block !== here ? " " : "";
        block = here;
        return joint + this.visible.slice(start, end);
      }).join("");
    }

    blockCount(passage) { return new Set(passage.map(([start]) => this.#index(start))).size; }

    /** Whether a place is between two characters as a reader counts them. */
    isClusterEdge(at) {
      const ascii = (i) => i < 0 || i >= this.visible.length || this.visible.charCodeAt(i) < 0x80;
      if (ascii(at - 1) && ascii(at)) return true;
      const { start, end } = this.blockAt(at);
      if (at <= start || at >= end) return true;
      return clusters.segment(this.visible.slice(start, end)).containing(at - start).index === at - start;
    }

    /**
     * The passage of a stretch that somebody selected: without white space at its
     * ends, and with the words whole that it begins and ends in.
     */
    passage(start, end) {
      const { text } = this.reading;
      let from = this.reading.folded(start);
      let to = Math.max(this.reading.folded(end), from);
      while (from < to && text[from] === " ") from += 1;
      while (from < to && text[to - 1] === " ") to -= 1;
      if (from === to) return [];
      const cuts = (at, source) => cutsWord(text, at) || this.reading.splits(at) || !this.isClusterEdge(source);
      while (from > 0 && cuts(from, this.reading.start(from))) from -= 1;
      while (to < text.length && cuts(to, this.reading.end(to))) to += 1;
      return this.seen(this.reading.start(from), this.reading.end(to));
    }
  }
