"use strict";

// The search engine of the published site: what turns a reader's words into
// passages. These files stand, joined, at the head of search/index.js, so that
// the engine and the index it reads are always of one make. The manifest
// follows, and every further part of the index is a script that calls
// `postilSearch.register`. Nothing here knows the page: how a part is loaded
// is handed in, what is found is handed out.
//
// No module, fetch, worker or WebAssembly: none works from file:// under the
// site's content security policy.
self.postilSearch = {};

// Words: the rules of crates/search/src/token.rs, pinned by the same vectors.
((search) => {
  const LONGEST = 64;
  const DROPPED =
    /[\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE00-\uFE0F\uFE20-\uFE2F\u00AD\u0640\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]|(?=\p{M})[\u0591-\u05C7\u0610-\u06ED]/u;
  const SPACELESS =
    /^[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3005-\u3007\u3041-\u312F\u31F0-\u31FF\u3400-\u9FFF\uF900-\uFAFF\u{20000}-\u{3FFFF}]$/u;
  const MARK = /^\p{M}$/u;
  const SPELLED = { ß: "ss", æ: "ae", œ: "oe", þ: "th", ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ı: "i" };
  const ALPHANUMERIC = /^[\p{Alphabetic}\p{N}]$/u;

  function straight(character) {
    if (character === "ς") return "σ";
    return /[\u2018-\u201B\u02BC\u05F3\u05F4]/.test(character) ? "'" : /[\u2010\u2012]/.test(character) ? "-" : character;
  }

  /** Folded text, with the first and last place in `text` of each of its units. */
  function fold(text) {
    if (/^[\0-\x7F]*$/.test(text)) return { text: text.toLowerCase(), from: null, to: null };
    const from = [];
    const to = [];
    let folded = "";
    let at = 0;
    for (const character of text) {
      const end = at + character.length;
      let fresh = "";
      if (character <= "\x7F") fresh = character.toLowerCase();
      else
        for (const part of character.normalize("NFKD"))
          if (!DROPPED.test(part) || (search.marks && /[\u0300-\u036F]/.test(part))) for (const low of part.toLowerCase()) fresh += (!search.marks && SPELLED[low]) || straight(low);
      if (!fresh && to.length) to[to.length - 1] = end;
      for (let i = 0; i < fresh.length; i++) {
        from.push(at);
        to.push(end);
      }
      folded += fresh;
      at = end;
    }
    return { text: folded, from, to };
  }

  const isDigit = (unit) => unit >= "0" && unit <= "9";

  /** "w" word, "1" a word by itself, "'", "-", ".", ",", or "" for all else. */
  function classOf(character) {
    if ((character >= "a" && character <= "z") || isDigit(character)) return "w";
    if (!(character > "\x7F")) return "'-.,".includes(character) ? character : "";
    const mark = MARK.test(character);
    const alphanumeric = ALPHANUMERIC.test(character);
    if (SPACELESS.test(character) && !mark && alphanumeric) return "1";
    return mark || alphanumeric ? "w" : "";
  }

  /**
   * The words of a text: `form`, `pos`ition, `next` (the position after it),
   * `start` and `end` in the text, `joined` if made of words tied by hyphens,
   * `tied` if nothing stands between it and the word before; in scripts without
   * spaces `solo`, and `tail` for the last character of several.
   */
  function tokenise(given) {
    const folded = fold(given);
    const text = folded.text;
    const tokens = [];
    let position = 0;
    let lastEnd = -1;
    let lastSolo = -1;

    const charAt = (at) => (at < text.length ? String.fromCodePoint(text.codePointAt(at)) : "");
    const is = (at, what) => classOf(charAt(at)) === what;

    function emit(form, pos, start, end, joined, tied, more) {
      const short = form.length > LONGEST ? [...form].slice(0, LONGEST).join("") : form;
      if (!short) return;
      tokens.push({
        form: short,
        pos,
        next: position,
        start: folded.from?.[start] ?? start,
        end: folded.to?.[end - 1] ?? end,
        joined,
        tied,
        ...more,
      });
    }

    /** The end of a character with the marks upon it. */
    function cluster(start) {
      let end = start + charAt(start).length;
      while (MARK.test(charAt(end))) end += charAt(end).length;
      return end;
    }

    function solo(start) {
      const end = cluster(start);
      const last = is(end, "1") ? cluster(end) : end;
      const tied = start === lastEnd;
      position++;
      emit(text.slice(start, last), position - 1, start, last, false, tied, { solo: true, tail: last === end && tied && lastSolo >= 0 });
      lastSolo = start;
      lastEnd = end;
      return end;
    }

    function compound(start) {
      const first = position;
      let joined = "";
      let at = start;
      for (;;) {
        const [form, end] = word(at);
        joined += form;
        position++;
        emit(form, position - 1, at, end, false, at > start || at === lastEnd);
        at = end;
        if (!(is(at, "-") && is(at + 1, "w"))) break;
        at++;
      }
      lastEnd = at;
      lastSolo = -1;
      if (position - first > 1 && [...joined].length <= LONGEST) emit(joined, first, start, at, true, true);
      return at;
    }

    function word(start) {
      const end = acronym(start);
      if (end) return [text.slice(start, end).replaceAll(".", ""), end];
      let form = "";
      let at = start;
      for (;;) {
        const character = charAt(at);
        const kind = classOf(character);
        if (kind === "w") form += character;
        else if (kind === "'" && isPossessive(at)) return [form, at + 2];
        else if (kind === "." && isDigit(charAt(at - 1)) && isDigit(charAt(at + 1))) form += ".";
        else if (!(kind === "'" && is(at + 1, "w")) && !(kind === "," && groupsDigits(at))) return [form, at];
        at += character.length;
      }
    }

    const isPossessive = (at) =>
      text[at + 1] === "s" && !is(at + 2, "w") && !(is(at + 2, "'") && is(at + 3, "w"));
    const groupsDigits = (at) =>
      isDigit(charAt(at - 1)) && [1, 2, 3].every((i) => isDigit(charAt(at + i))) && !isDigit(charAt(at + 4));

    function acronym(start) {
      const letter = (at) => {
        const character = charAt(at);
        const end = at + character.length;
        return classOf(character) === "w" && !isDigit(character) && !is(end, "w") ? end : 0;
      };
      let end = letter(start);
      let letters = end ? 1 : 0;
      while (end && is(end, ".") && letter(end + 1)) {
        end = letter(end + 1);
        letters++;
      }
      return letters > 1 ? end : 0;
    }

    for (let at = 0; at < text.length; ) {
      const kind = classOf(charAt(at));
      if (kind === "1") at = solo(at);
      else if (kind === "w") at = compound(at);
      else at += charAt(at).length;
    }
    return tokens;
  }

  search.tokenise = tokenise;
})(self.postilSearch);
