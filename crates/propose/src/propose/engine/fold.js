"use strict";
(() => {
  // Folding: two spellings that a reader takes for the same become the same.
  // What crates/anchor/src/anchor/fold.rs does, for the page in hand; tests/vectors/fold.json
  // pins both.

  const WHITE = /\p{White_Space}/u;
  const BLANK = /^[\p{White_Space}\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]*$/u;
  const DROPPED = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
  const DROPPED_FIRST = /^[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+/;
  const SAME = new Map();
  for (const [folded, spellings] of [
    ["'", "‘’‚‛ʼ"],
    ['"', "“”„‟"],
    ["-", "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"],
    ["...", "…"],
    ["ff", "\ufb00"], ["fi", "\ufb01"], ["fl", "\ufb02"], ["ffi", "\ufb03"], ["ffl", "\ufb04"],
    ["st", "\ufb05\ufb06"],
  ]) for (const spelling of spellings) SAME.set(spelling, folded);

  const clusters = new Intl.Segmenter("und", { granularity: "grapheme" });
  /** Whatever is not ASCII, with the ASCII letters that may form a cluster with it. */
  const JOINED = /[\0-\x7f]?(?:[^\0-\x7f]+[\0-\x7f]?)+/g;

  /** The clusters of a text: what is dropped parts no letter from its marks. */
  function* clustersOf(text) {
    let cluster = "";
    let unseen = "";
    let last;
    for (const { segment } of clusters.segment(text)) {
      const seen = segment.replace(DROPPED, "");
      if (last && seen === "") {
        unseen += segment;
        continue;
      }
      const isParted = unseen !== "" || DROPPED_FIRST.test(segment);
      const [mark] = segment.replace(DROPPED_FIRST, "");
      const joins = isParted && last && mark && !WHITE.test(last) && [...clusters.segment(last + mark)].length === 1;
      if (joins) cluster += unseen + segment;
      else {
        yield* [cluster, unseen].filter((part) => part);
        cluster = segment;
        last = undefined;
      }
      unseen = "";
      last = [...seen].at(-1) ?? last;
    }
    yield* [cluster, unseen].filter((part) => part);
  }

  /**
   * A folded text. `from[i]` and `to[i]` are where the source of what stands at
   * `i` begins and ends; what stands for a cluster as a whole has the same ones.
   */
  class Folded {
    text = "";
    from = [];
    to = [];

    /** The place in the source at which the text from `at` on begins. */
    start(at) { return at < this.from.length ? this.from[at] : this.to.at(-1) ?? 0; }
    /** The place in the source at which the text before `at` ends. */
    end(at) { return at > 0 ? this.to[at - 1] : this.from[0] ?? 0; }
    /** Whether `at` lies inside what stands for one cluster. */
    splits(at) { return at > 0 && at < this.from.length && this.from[at] === this.from[at - 1]; }
    /** The first place that stands for the source's `at` or a later one. */
    folded(at) {
      let low = 0;
      let high = this.from.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.from[middle] < at) low = middle + 1; else high = middle;
      }
      return low;
    }

    #unit(text, start, end) {
      this.text += text;
      for (let i = 0; i < text.length; i += 1) {
        this.from.push(start);
        this.to.push(end);
      }
    }
    #run(text, start) {
      this.text += text;
      for (let i = 0; i < text.length; i += 1) {
        this.from.push(start + i);
        this.to.push(start + i + 1);
      }
    }
    /** Whether a space would be one too many. */
    get #spaced() { return this.text === "" || this.text.endsWith(" "); }
    #space(start, end) { if (!this.#spaced) this.#unit(" ", start, end); }

    #ascii(text, origin) {
      let copied = 0;
      for (let i = 0; i < text.length; i += 1) {
        if (!(text[i] === " " || (text[i] >= "\t" && text[i] <= "\r"))) continue;
        this.#run(text.slice(copied, i), origin + copied);
        this.#space(origin + i, origin + i + 1);
        copied = i + 1;
      }
      this.#run(text.slice(copied), origin + copied);
    }

    #cluster(cluster, origin) {
      const end = origin + cluster.length;
      if (BLANK.test(cluster)) {
        if (WHITE.test(cluster)) this.#space(origin, end);
        return;
      }
      let seen = "";
      for (const c of cluster) {
        if (!WHITE.test(c)) seen += SAME.get(c) ?? c.replace(DROPPED, "");
        else if (seen === "" ? !this.#spaced : !seen.endsWith(" ")) seen += " ";
      }
      // Now that nothing stands between a letter and its marks.
      const folded = seen.normalize("NFC");
      if (folded === cluster) this.#run(folded, origin);
      else this.#unit(folded, origin, end);
    }

    /** Folds the next piece; its first letter is at `origin` of the source. */
    push(piece, origin) {
      let at = 0;
      for (const { 0: joined, index } of piece.matchAll(JOINED)) {
        this.#ascii(piece.slice(at, index), origin + at);
        let from = origin + index;
        for (const cluster of clustersOf(joined)) {
          this.#cluster(cluster, from);
          from += cluster.length;
        }
        at = index + joined.length;
      }
      this.#ascii(piece.slice(at), origin + at);
      return this;
    }

    /** Takes off the space at the end. */
    finish() {
      if (this.text.endsWith(" ")) {
        this.text = this.text.slice(0, -1);
        this.from.pop();
        this.to.pop();
      }
      return this;
    }
  }

  const foldWithMap = (text) => new Folded().push(text, 0).finish();
  const fold = (text) => foldWithMap(text).text;
