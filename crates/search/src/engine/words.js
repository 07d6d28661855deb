// The search engine of the published site: what turns a reader's words into
// passages. These files stand, joined in one function, at the head of
// search/index.js, so that the engine and the index it reads are always of one
// make. The manifest follows, and every further part of the index is a script
// that calls `postilSearch.register`. Nothing here knows the page: how a part
// is loaded is handed in, what is found is handed out, by way of `search`.
//
// No module, fetch, worker or WebAssembly: none works from file:// under the
// site's content security policy.

// Words: the rules of crates/search/src/token.rs, pinned by the same vectors.

const LONGEST = 64;
const DROPPED = /[\p{Cf}\u02B9-\u02C1\u0300-\u036F\u0640\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE00-\uFE2F]|(?=\p{M})[\u0591-\u06ED]/u;
/** Signs that stand for the first of each row. */
const SIGNS = ["'‘’‚‛ʼ׳`´", '"“”„‟״', "-‐‒", "\x1F\xA0\u2007\u2009\u202F", ".٫", ",٬", "σς"];
/** How letters are written where there is none such. */
const SPELLED = { ß: "ss", æ: "ae", œ: "oe", þ: "th", ł: "l", đ: "d", ð: "d", ħ: "h", ı: "i" };
const CAPITALS = /^(?:\P{Ll}*\p{Lu}){2}\P{Ll}*$/u;

// What words are made of, as patterns for folded text. In scripts without spaces each character is a word.
const { raw } = String;
const SPACELESS = raw`[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3005-\u9FFF\uF900-\uFAFF\u{20000}-\u{3FFFF}]`;
const SOLO = raw`((?!\p{M})(?=${SPACELESS})[\p{Alphabetic}\p{N}]\p{M}*)`;
const PART = raw`(?:\p{M}|(?!${SPACELESS})[\p{Alphabetic}\p{N}])`;
const LETTER = raw`(?!\d)${PART}\p{M}*(?!${PART})`;
const POSSESSIVE = raw`'s(?!'?${PART})`;
const TIED = raw`\d(?:\.(?=\d)|,(?=(?:\d\d,)*\d{3}(?!\d)))|[א-ײ](?:"|'')(?=[א-ײ])|${PART}(?:(?!${POSSESSIVE})'(?=${PART}))?`;
const WORD = raw`(?:${LETTER}(?:\.${LETTER})+|(?:${TIED})+(?:${POSSESSIVE})?)`;
const WORDS = RegExp(raw`${SOLO}(?=${SOLO}?)|\d{1,3}(?:\x1F\d{3}(?!\d))+|${WORD}(?:-${WORD})*`, "gu");

// What the index brings along of the languages that it is in; see crates/search/src/language.rs.
let keepsMarks;
let otherForms;
let roots;
let tails;
let paragraphs;

const ruleOf = (rule) => rule.map((part, i) => (i && i % 2 < 1 ? part : RegExp(part, i ? "gu" : "u")));
/** A word as a rule rewrites it: a pattern that says when, then pairs of a pattern and of what takes its place. */
function rewritten(word, [when, ...steps]) {
  if (when.test(word)) for (let i = 0; i < steps.length; i += 2) word = word.replace(steps[i], steps[i + 1]);
  return word;
}

/** A sign or digit in its plain shape. */
function straight(character) {
  let value = character.codePointAt();
  if (!/\p{Nd}/u.test(character)) return SIGNS.find((signs) => signs.includes(character))?.[0] ?? character;
  // Digits of a script stand in order, from its zero on.
  while (/\p{Nd}/u.test(String.fromCodePoint(value - 1))) value--;
  return String((character.codePointAt() - value) % 10);
}

/** Folded text, with the beginning and end in `text` of each of its units where these differ. */
function fold(text) {
  if (/^[\0-_a-\x7F]*$/.test(text)) return [text.toLowerCase()];
  const places = [];
  let folded = "";
  let at = 0;
  for (const character of text) {
    const sign = straight(character);
    const place = [at, (at += character.length)];
    for (const part of character <= "\x7F" || sign !== character ? sign : character.normalize("NFKD")) {
      // Kept for the word's other forms.
      const isKept = /[aou]\u0308|a\u030A/.test(folded.slice(-1) + part) || (keepsMarks && /[\u0300-\u036F]/.test(part));
      if (isKept || !DROPPED.test(part)) for (const low of part.toLowerCase()) folded += (!keepsMarks && SPELLED[low]) || straight(low);
    }
    // What is dropped belongs to what is before it.
    if (places.length === folded.length) (places.at(-1) ?? place)[1] = at;
    while (places.length < folded.length) places.push(place);
  }
  return [folded, places];
}

/** A word without what its other forms are told by. */
function plainly(word) {
  word = word.replaceAll("'", "");
  return keepsMarks ? word : word.replace(/[\u0308\u030A]/g, "").replaceAll("ø", "o");
}

/**
 * The forms of a text: `form`, `pos`ition, `next` (the position after it),
 * `start` and `end` in the text, `capitals` if it has some and no small letter;
 * `joined` if made of words tied by hyphens or of groups of digits, `other` (by
 * which rule, from 1) if another form of a word, which has it among its
 * `others`, `tied` if nothing stands between it and the word before; in scripts
 * without spaces `solo`, and `tail` for the last character of several.
 */
const tokenise = (search.tokenise = (text) => {
  const [folded, places] = fold(text);
  const tokens = [];
  let position = 0;
  let lastEnd = -1;
  let lastSolo;

  function emit(form, pos, first, last, more) {
    const start = places ? places[first][0] : first;
    const end = places ? places[last - 1][1] : last;
    const token = { form: [...form].slice(0, LONGEST).join(""), others: [], pos, next: position, start, end, capitals: CAPITALS.test(text.slice(start, end)), ...more };
    tokens.push(token);
    return token;
  }

  for (const { 0: all, 1: solo, 2: after = "", index } of folded.matchAll(WORDS)) {
    const first = position;
    const tied = index === lastEnd;
    lastEnd = index + all.length;
    if (solo) {
      position++;
      emit(solo + after, first, index, lastEnd + after.length, { tied, solo, tail: !after && tied && lastSolo });
    } else {
      let joined = "";
      let at = index;
      for (const part of all.split(/[-\x1F]/)) {
        const end = at + part.length;
        const word = part.replace(/'s$|''|[,"]/g, "").replace(/(\D)\./g, "$1");
        const form = plainly(word);
        joined += form;
        position++;
        const { others } = emit(form, position - 1, at, end, { tied: tied || at > index });
        otherForms.forEach((rule, i) => {
          const other = rewritten(word, rule);
          if (other === word) return;
          const [begins, ends] = [word.startsWith(other), word.endsWith(other)].map((is) => is && word === part);
          others.push(emit(plainly(other), position - 1, ends && !begins ? end - other.length : at, begins ? at + other.length : end, { other: i + 1 }));
        });
        at = end + 1;
      }
      if (position - first > 1 && [...joined].length <= LONGEST) emit(joined, first, index, lastEnd, { joined });
    }
    lastSolo = solo;
  }
  return tokens;
});

/** The words of a text, each once. */
const wordsOf = (text) => tokenise(text).filter(({ joined, other }) => !joined && !other);
/** A name in the shape in which two spellings of it are the same; see `key` in crates/search/src/token.rs. */
const nameKey = (words) => `=${words.map(({ form }) => form).join("_").replaceAll("z", "s")}`;
