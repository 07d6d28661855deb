
  // Files: what note.rs and toml.rs of this crate, and name.rs of crates/archive, write.

  const SLUG_WORDS = 5;
  const SLUG_LENGTH = 40;
  const SPELT = new Map([["ß", "ss"], ["æ", "ae"], ["œ", "oe"], ["ø", "o"], ["đ", "d"], ["ð", "d"], ["ł", "l"], ["þ", "th"], ["'", ""], ["’", ""]]);
  /** Names that Windows keeps, and those that mean something else here. */
  const RESERVED = /^(?:con|prn|aux|nul|(?:com|lpt)[0-9]|apparatus|none|index)$/;

  const isSlug = (name) => /^[a-z0-9-]+$/.test(name) && !RESERVED.test(name);

  /** The slug of the Latin letters of a name; may be empty. */
  function slugOf(name) {
    let slug = "";
    for (const c of name.normalize("NFKD").toLowerCase()) {
      if (/[a-z0-9]/.test(c)) slug += c;
      else if (SPELT.has(c)) slug += SPELT.get(c);
      else if (!MARK.test(c) && slug && !slug.endsWith("-")) slug += "-";
    }
    return slug.replace(/-+$/, "");
  }

  /**
   * The name of a note's file: from its words, or the number of their block if they have no Latin letter;
   * with a number if `taken` says that it is taken.
   */
  function nameFor(words, block, taken) {
    let base = slugOf(words.split(/\p{White_Space}+/u).filter(Boolean).slice(0, SLUG_WORDS).join(" ")) || `p${block}`;
    if (base.length > SLUG_LENGTH) {
      const cut = base.slice(0, SLUG_LENGTH).lastIndexOf("-");
      base = base.slice(0, cut < 0 ? SLUG_LENGTH : cut);
    }
    for (let n = 1, slug = base; ; slug = `${base}-${n += 1}`) if (isSlug(slug) && !taken(slug)) return slug;
  }

  /** A string of TOML, on one line. */
  function string(value) {
    const escape = (c) => {
      if (c === "\n") return "\\n";
      return /\p{Cc}/u.test(c) ? `\\u${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}` : `\\${c}`;
    };
    return `"${value.replace(/["\\\p{Cc}]/gu, escape)}"`;
  }
  const strings = (values) => (values.length === 1 ? string(values[0]) : `[${values.map(string).join(", ")}]`);
  const trimmed = (text) => text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");

  /** What the file of a note holds. `by` and `topics` are lists; `title` and `kind` may be empty. */
  function write(wording, { by, title, kind, topics, body }) {
    const keys = [];
    if (by.length) keys.push(["by", strings(by)]);
    if (title) keys.push(["title", string(title)]);
    if (kind) keys.push(["kind", string(kind)]);
    if (topics.length) keys.push(["topics", strings(topics)]);
    for (const key of ["quote", "prefix", "suffix"]) if (wording[key]) keys.push([key, string(wording[key])]);
    if (wording.at) keys.push(["at", string(`p${wording.at}`)]);
    if (wording.nth) keys.push(["nth", String(wording.nth)]);
    const front = keys.map(([key, value]) => `${key} = ${value}\n`).join("");
    const lines = wording.quotation?.split("\n").map((line) => `> ${line}\n`).join(">\n");
    const text = `+++\n${front}+++\n${lines ? `${lines}\n` : ""}${trimmed(body)}`;
    return `${text.replace(/\p{White_Space}+$/u, "")}\n`;
  }

  // ---- A zip of small text files, stored as they are ----

  const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k += 1) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n;
  });
  const crc = (bytes) => ~bytes.reduce((sum, byte) => CRC[(sum ^ byte) & 0xff] ^ (sum >>> 8), ~0) >>> 0;
  /** Numbers as little-endian bytes: [value, bytes] each. */
  const numbers = (...list) => list.flatMap(([value, count]) => Array.from({ length: count }, (_, i) => (value / 2 ** (8 * i)) & 0xff));

  /**
   * The bytes of a zip that holds `files`, [path, text] each: sorted, with a fixed
   * time (1 January 1980) and mode 0644, so that the same files give the same bytes.
   */
  function zip(files) {
    const encode = (text) => new TextEncoder().encode(text);
    const out = [];
    const directory = [];
    let offset = 0;
    const put = (list, ...pieces) => { for (const piece of pieces) list.push(Uint8Array.from(piece)); };
    const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [path, text] of sorted) {
      const name = encode(path);
      const bytes = encode(text);
      // Names are UTF-8 (bit 11); stored (0); the first day that the format knows.
      const shared = [[20, 2], [0x800, 2], [0, 2], [0, 2], [0x21, 2], [crc(bytes), 4], [bytes.length, 4], [bytes.length, 4], [name.length, 2], [0, 2]];
      put(out, numbers([0x04034b50, 4], ...shared), name, bytes);
      put(directory, numbers([0x02014b50, 4], [0x0314, 2], ...shared, [0, 2], [0, 2], [0, 2], [0o100644 * 0x10000, 4], [offset, 4]), name);
      offset += 30 + name.length + bytes.length;
    }
    const size = directory.reduce((sum, piece) => sum + piece.length, 0);
    const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [sorted.length, 2], [sorted.length, 2], [size, 4], [offset, 4], [0, 2]);
    return [...out, ...directory, Uint8Array.from(end)];
  }
