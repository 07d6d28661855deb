
// Parts: what is registered, what has to be loaded, and how both are read.
((search) => {
  /** Parts by name; a name is a kind and a hash of the content. */
  const parts = new Map();
  /** Parts on their way. */
  const coming = new Map();
  let manifest = null;
  let load = () => Promise.reject(new Error("nothing loads parts yet"));

  /** Called by each part of the index. */
  search.register = (name, value) => void parts.set(name, value);
  /** Called by the head of the index. */
  search.open = (given) => void (manifest = given);
  /** Says how a part is loaded: a function from its name to a promise. */
  search.connect = (loader) => void (load = loader);

  const manifestOrThrow = () => {
    if (!manifest) throw new Error("the index is missing");
    return manifest;
  };

  /** A part of the index, loaded if need be; tried twice. Throws an error that is `missing` if that fails. */
  async function part(name) {
    if (!parts.has(name)) {
      if (!coming.has(name)) {
        const tried = load(name).catch(() => load(name)).catch(() => {});
        coming.set(name, tried.finally(() => coming.delete(name)));
      }
      await coming.get(name);
    }
    if (!parts.has(name)) throw Object.assign(new Error(`${name} is missing`), { missing: true });
    return parts.get(name);
  }

  /** The last of sorted [key, …] rows whose key is not after `key`. */
  function rowOf(rows, key) {
    let low = 0;
    let high = rows.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (rows[middle][0] <= key) low = middle;
      else high = middle;
    }
    return low;
  }

  /** What is to be shown of a segment, with names in place of columns. */
  async function record(id) {
    const directories = manifestOrThrow().texts;
    const packs = await part(directories[rowOf(directories, id)][1]);
    const [first, name] = packs[rowOf(packs, id)];
    const [address, title, date, kind, lines, misprints, at, blocks] = (await part(name))[id - first];
    return {
      ...{ address, title, date, kind, lines, misprints, at },
      blocks: blocks.map(([anchor, text, label, speaker, corrected, notes]) => ({
        ...{ anchor, text, label, speaker, corrected },
        notes: notes.map(([anchor, title, body]) => ({ anchor, title, body })),
      })),
    };
  }

  // ---- The lexicon ----

  /** Files of terms as read, by their place in the manifest. */
  const shards = new Map();

  function shard(at) {
    if (!shards.has(at)) {
      const reading = part(manifestOrThrow().terms[at][1]).then(readShard);
      reading.catch(() => shards.delete(at));
      shards.set(at, reading);
    }
    return shards.get(at);
  }

  /** From each form to its groups, or to the form at whose place a group stands. */
  function readShard([positions, ...lines]) {
    const forms = new Map();
    const groups = [];
    const add = (form, entry) => forms.set(form, [...(forms.get(form) ?? []), entry]);
    lines.forEach((text, line) => {
      const [names, count, postings, common] = text.split("\t");
      if (count.startsWith(">")) return add(names, count.slice(1));
      const group = { forms: names.split(" "), count: Number(count), postings, positions, line, common: common !== undefined };
      groups.push(group);
      for (const form of group.forms) add(form, group);
    });
    return { forms, groups };
  }

  /** The groups that a form belongs to: none, one, or one for each language. */
  async function groupsOf(form) {
    const { terms } = manifestOrThrow();
    const found = [];
    for (const entry of (await shard(rowOf(terms, form))).forms.get(form) ?? []) {
      if (typeof entry !== "string") found.push(entry);
      else {
        const home = await shard(rowOf(terms, entry));
        found.push(...home.groups.filter((group) => group.forms.includes(form)));
      }
    }
    return [...new Set(found)];
  }

  /** The groups with a form that begins so, from at most `most` files. */
  async function groupsFrom(prefix, most) {
    const { terms } = manifestOrThrow();
    const found = new Set();
    for (let at = rowOf(terms, prefix), read = 0; at < terms.length && read < most; at++, read++) {
      if (read && !terms[at][0].startsWith(prefix)) break;
      const { forms } = await shard(at);
      for (const [form, entries] of forms)
        if (form.startsWith(prefix))
          for (const entry of entries)
            if (typeof entry !== "string") found.add(entry);
            else for (const group of await groupsOf(form)) found.add(group);
    }
    return [...found];
  }

  // ---- Lists ----

  const bytesOf = (base64) => Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0));

  /** A reader of numbers in groups of seven bits. */
  function numbers(bytes) {
    let at = 0;
    return {
      more: () => at < bytes.length,
      byte: () => bytes[at++],
      next() {
        let value = 0;
        for (let shift = 0; ; shift += 7) {
          const byte = bytes[at++];
          value |= (byte & 0x7f) << shift;
          if (byte < 0x80) return value >>> 0;
        }
      },
    };
  }

  const list = async (written) => bytesOf(written.startsWith("@") ? await part(written.slice(1)) : written);

  /** The segments of a group, rising, with what it counts in text and notes (0 to 15). */
  function postings(group) {
    group.list ??= (async () => {
      const read = numbers(await list(group.postings));
      const ids = new Uint32Array(group.count);
      const text = new Uint8Array(group.count);
      const notes = new Uint8Array(group.count);
      for (let i = 0, id = 0; i < group.count; i++) {
        const value = read.next();
        ids[i] = id += value >>> 5;
        text[i] = value & 15;
        if (value & 16) notes[i] = read.byte();
      }
      return { ids, text, notes };
    })();
    group.list.catch(() => (group.list = undefined));
    return group.list;
  }

  /** From each segment of a group to its positions; null for words too common to have any. */
  function positions(group) {
    group.places ??= (async () => {
      const lines = group.positions ? await part(group.positions) : [];
      if (!lines[group.line]) return null;
      const read = numbers(await list(lines[group.line]));
      const places = new Map();
      for (const id of (await postings(group)).ids) {
        const own = new Uint32Array(read.next());
        for (let i = 0, at = 0; i < own.length; i++) own[i] = at += read.next();
        places.set(id, own);
      }
      return places;
    })();
    group.places.catch(() => (group.places = undefined));
    return group.places;
  }

  /** Kinds, topics, speakers: for each its values as [slug, label, texts]. */
  search.filters = async () => new Map(await part(manifestOrThrow().filters));
  /** Years of texts with the first segment of each; the last row, null, the texts without a date. */
  search.years = () => manifestOrThrow().years;

  search.index = { part, record, groupsOf, groupsFrom, postings, positions, ends: () => manifestOrThrow().ends };
})(self.postilSearch);
