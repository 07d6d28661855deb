// Queries: what a reader typed becomes a tree, and the tree a scored list.
//
// Nodes: `word` (any of these groups), `row` (words one after the other),
// `any` (one of these nodes), `all` (each of these nodes).
const LONGEST_QUERY = 1000;
const MOST_WORDS = 32;
/** How many files a prefix may touch, and how many groups it stands for. */
const PREFIX_FILES = 4;
const PREFIX_GROUPS = 40;
/** A note's word counts so much of a text's. */
const NOTE_WEIGHT = 0.8;
/** Positions that words between two others may take up beyond their count: they may be joined. */
const SLACK = 4;
/** With so few segments their texts are read rather than positions; and of how many words positions are read. */
const FEW_TO_READ = 3;
const MOST_POSITIONS = 3;
/** So many files of positions are read without asking whether that is needed. */
const LITTLE = 14;
/** How many texts are read to see whether words often follow one another. */
const SAMPLE = 4;
/** With so many files of positions, texts are sampled even if few are known to have all the words. */
const MUCH = 40;
/** Of so many words the best segments often have all; of more hardly ever. */
const DEEP_WORDS = 2;
/** A score that is less than this part of another is clearly lower. */
const CLEARLY = 0.95;
/** What the very form that was typed counts, in steps of postings: beside other words, and alone, where no other form comes before it. */
const GAIN = 2;
const FIRST = 30;
/** A passage that has nothing but other forms of a word counts less than this, where all with the very form come before it. */
const LOW = 0.001;
/** Files of the lexicon read for other forms of a word that no text has. */
const KIN_FILES = 2;
/** Scores are told apart by steps of this part; there are fewer segments than this. Both in one number, below 2^53. */
const FINE = 0x20000;
const MOST_IDS = 0x4000000;

// ---- Reading ----

const MARKS = `"“”„‟«»‹›「」『』`;
/** A mark between two letters belongs to the word. */
const WITHIN = raw`\p{L}[${MARKS}״](?=\p{L})`;
/** What stands between quotation marks, or between spaces. */
const PIECES = RegExp(raw`(-?)(?:[${MARKS}]((?:${WITHIN}|[^${MARKS}])*)[${MARKS}]?|((?:${WITHIN}|\d\xA0(?=\d)|[^\s${MARKS}])+))`, "gu");
/** Whether what is typed goes on with another word. */
const isComplete = (typed) => RegExp(`[\\s${MARKS}]$`).test(typed);

/** What is typed in units, in order. */
function unitsTyped(typed) {
  const pieces = [];
  // A number in groups of three digits, as few type it.
  const given = typed.slice(0, LONGEST_QUERY).replace(/(\d)\s(?=\d{3}(?!\d))/g, "$1\xA0");
  for (const { 0: all, 1: minus, 2: quoted, 3: plain, index } of given.matchAll(PIECES)) {
    const not = minus && plain?.[0] !== "-";
    const text = quoted ?? plain;
    const from = index + all.indexOf(text);
    const units = unitsOf(tokenise(text)).map((unit) => ({ ...unit, start: from + unit.start, end: from + unit.end, not, quoted }));
    const end = units.at(-1);
    if (plain?.endsWith("*") && end) end.star = true;
    if (quoted && end) pieces.push([{ ...units[0], parts: units.flatMap((unit) => unit.parts), joined: null, tail: end.tail, end: end.end }]);
    else pieces.push(units);
  }
  const units = pieces.flat().slice(0, MOST_WORDS);
  const last = units.at(-1);
  if (last && !last.quoted && !isComplete(typed)) last.open = true;
  return units;
}

/**
 * Words that nothing separates make one unit: `45-day`, a row of Chinese characters. Of these,
 * one alone is the beginning of a pair; the last of several is a pair only with what follows.
 */
function unitsOf(tokens) {
  const units = [];
  for (const token of tokens) {
    const { form, joined, tied, solo, tail, start, end, other } = token;
    const last = units.at(-1);
    if (joined) last.joined = token;
    else if (tied && last) Object.assign(last, { parts: [...last.parts, token], star: false, tail, end });
    else if (!other) units.push({ parts: [token], star: solo && [...form.normalize("NFC")].length === 1, start, end });
  }
  return units;
}

// ---- From units to nodes ----

const several = (type, nodes) => (nodes.length === 1 ? nodes[0] : { type, nodes });

/** A node of any of these groups, for a word with `form`, maybe in `capitals`. */
const wordNode = (groups, { form, capitals } = {}, forms = groups.flatMap((group) => group.forms)) => ({
  type: "word",
  groups,
  forms: new Set(forms),
  form,
  capitals: capitals && groups.some(({ flags }) => /c/i.test(flags)),
  gain: GAIN,
  rarity: rarity(groups),
});

/** A word, or for what no text has other forms of the same; if `exact`, only as it is spelt. */
async function wordOf(part, exact) {
  const forms = [part, ...part.others].filter(({ other }) => !exact || !other || other === 1).map(({ form }) => form);
  const found = async (groupsFor) => (await Promise.all(forms.map(groupsFor))).flat();
  let groups = await found(groupsOf);
  if (!groups.length && !exact) groups = await found(kin);
  return wordNode(groups, part, exact ? forms : undefined);
}

/** Groups with a word of which the same is left without its ending. */
async function kin(form) {
  const groups = new Map();
  for (const rules of roots) {
    const rootOf = (word) => rules.reduce(rewritten, word);
    const root = rootOf(form);
    const most = root.length > 4 ? Math.min(4, root.length - 2) : root.length;
    let same = 0;
    while (same < most && form[same] === root[same]) same++;
    // What ends in `y` has an `i` there before some endings: `dying`, `die`, `tries`.
    const isShort = root.length > 1 && root.length < 5 && root.endsWith("y") && same > root.length - 2;
    const begins = isShort ? [root, `${root.slice(0, -1)}i`] : same > 1 ? [form.slice(0, same)] : [];
    for (const group of (await Promise.all(begins.map((begin) => groupsFrom(begin, KIN_FILES)))).flat())
      if (group.forms.some((own) => rootOf(own) === root)) groups.set(group.key, group);
  }
  return [...groups.values()];
}

const countOf = (groups) => groups.reduce((sum, group) => sum + group.count, 0);

/** How much it says that a text has one of these groups (BM25's idf). */
function rarity(groups) {
  const all = classEnds()[2];
  const some = Math.min(all, countOf(groups));
  return some ? Math.log(1 + (all - some + 0.5) / (some + 0.5)) : 0;
}

const isKnown = (node) =>
  node.type === "word" ? node.groups.length > 0 : node.nodes[node.type === "any" ? "some" : "every"](isKnown);

/** The nodes that say what is asked for; all, if none of them does. */
const telling = (nodes) => (nodes.every(isCommon) ? nodes : nodes.filter((node) => !isCommon(node)));
/** Whether a node only ties others together: `of`, `the`. */
const isCommon = (node) => node.type === "word" && node.groups.length > 0 && !node.capitals && node.groups.every((group) => group.flags.includes("f"));

async function nodeOf({ parts, joined, tail, quoted }) {
  const ways = [tail ? parts.slice(0, -1) : parts, ...(joined ? [[joined]] : [])];
  const rows = await Promise.all(ways.map(async (words) => several("row", await Promise.all(words.map((part) => wordOf(part, quoted))))));
  const nodes = rows.filter(isKnown);
  return nodes.length ? several("any", nodes) : rows[0];
}

/** Groups that begin as the unit does, the more frequent first. */
async function opened(unit) {
  const prefix = unit.parts.at(-1).form;
  if (unit.parts.length > 1 || (prefix.length < 2 && !unit.star)) return null;
  const groups = (await groupsFrom(prefix, PREFIX_FILES)).sort((a, b) => b.count - a.count).slice(0, PREFIX_GROUPS);
  if (groups.length) return wordNode(groups, {}, groups.flatMap(({ forms }) => forms.filter((form) => form.startsWith(prefix))));
  for (const tail of tails) groups.push(...(await kin(prefix + tail)));
  return groups.length ? wordNode(groups) : null;
}

// ---- Names of terms ----

const hasNames = () => classEnds()[2] > classEnds()[0];
/** The longest name that begins at a unit: how many units, and the terms that bear it. */
async function nameAt(units, start) {
  let found = null;
  for (let end = start, words = []; hasNames() && end < units.length; end++) {
    const unit = units[end];
    if (unit.quoted || unit.not || unit.star) break;
    words = [...words, ...unit.parts];
    const key = nameKey(words);
    const alike = await groupsFrom(key, 2);
    if (!alike.length) break;
    const own = alike.find((group) => group.forms[0] === key);
    if (own) found = { length: end + 1 - start, ids: [...(await postings(own)).ids] };
  }
  return found;
}

/** All other names of these terms, each as a row of words. */
async function otherNames(ids, typed) {
  const names = new Map();
  for (const id of ids.filter((id) => id < classEnds()[1])) {
    const [, title, , , lines, misprints] = await recordOf(id);
    for (const name of [title, ...lines, ...misprints]) {
      const parts = wordsOf(name);
      const key = nameKey(parts);
      if (parts.length && key !== typed) names.set(key, { parts, tail: parts.at(-1).tail });
    }
  }
  const nodes = await Promise.all([...names.values()].map(nodeOf));
  return nodes.filter(isKnown);
}

/**
 * What is asked for: the nodes wanted and unwanted, terms named, words that
 * no text has with their places among the nodes and in what was typed, and a
 * word taken as the beginning of others.
 */
const parse = async (typed) => {
  const units = unitsTyped(typed);
  // All words at once; what comes after finds them there.
  const names = hasNames() ? units.map(({ parts }) => groupsFrom(nameKey(parts.slice(0, 1)), 1)) : [];
  await Promise.allSettled([...units.map(nodeOf), ...names]);
  const query = { wanted: [], unwanted: [], named: [], unknown: [], begun: null };
  const common = [];
  for (let at = 0; at < units.length; ) {
    const unit = units[at];
    const name = unit.not ? null : await nameAt(units, at);
    if (name) {
      const own = units.slice(at, at + name.length);
      const asTyped = await Promise.all(own.map(nodeOf));
      const others = await otherNames(name.ids, nameKey(own.flatMap((u) => u.parts)));
      const areKnown = asTyped.every(isKnown);
      const nodes = areKnown ? [several("all", telling(asTyped)), ...others] : others;
      // The words of the name may stand apart, but a passage that has the name itself answers better.
      const strict = areKnown && asTyped.length > 1 ? [several("row", asTyped), ...others] : null;
      if (nodes.length) query.wanted.push({ ...several("any", nodes), strict });
      query.named.push(...name.ids);
      at += name.length;
      continue;
    }
    at++;
    let node = await nodeOf(unit);
    if (unit.not) {
      if (isKnown(node)) query.unwanted.push(node);
      continue;
    }
    // A paragraph as it is cited: `paragraph 60`, `p. 60`. Its own number answers better than words about it.
    const number = units[at]?.parts[0].form;
    const place = number > 0 && paragraphs.includes(unit.parts[0].form) && (await wordOf({ form: `p${number}`, others: [] }));
    if (place && isKnown(place)) {
      const asTyped = [node, await nodeOf(units[at++])];
      query.wanted.push({ type: "any", nodes: [place, ...(asTyped.every(isKnown) ? [{ type: "all", nodes: asTyped }] : [])], strict: [place] });
      continue;
    }
    if (unit.star || (unit.open && !isKnown(node))) {
      const begun = await opened(unit);
      if (begun && !unit.star) query.begun = { typed: unit.parts[0].form, forms: begun.groups.map((g) => g.forms[0]) };
      node = begun ?? node;
    }
    if (isCommon(node) && !unit.quoted) common.push(node);
    else query.wanted.push(node);
    if (!isKnown(node)) query.unknown.push({ ...unit, word: typed.slice(unit.start, unit.end), place: query.wanted.length - 1 });
  }
  if (!query.wanted.length) query.wanted.push(...common);
  const [only, ...others] = query.wanted;
  if (!others.length && only?.type === "word") Object.assign(only, { gain: FIRST, low: LOW });
  return query;
};

// ---- Lists of segments with scores ----

const EMPTY = { ids: new Uint32Array(), scores: new Float64Array() };

/** Those of a list's places that pass. */
const onlyThose = ({ ids, scores }, passes) => ({ ids: ids.filter((_, i) => passes(i)), scores: scores.filter((_, i) => passes(i)) });

/** Merges two sorted lists; `both` alone keeps only what is in both. */
function merge(a, b, both, combine) {
  if (!both && !a.ids.length) return b;
  const [ids, left, right] = united(a.ids, b.ids, both);
  const scores = new Float64Array(ids.length);
  for (let i = 0; i < ids.length; i++) scores[i] = combine(left[i] < 0 ? 0 : a.scores[left[i]], right[i] < 0 ? 0 : b.scores[right[i]]);
  return { ids, scores };
}
const add = (a, b) => a + b;
const inBoth = (a, b) => merge(a, b, true, add);

/** How many segments a node is in, at the most: what is rare is looked up first. */
function frequencyOf(node) {
  if (node.type === "word") return countOf(node.groups);
  const inner = node.nodes.map(frequencyOf);
  return node.type === "any" ? inner.reduce(add, 0) : Math.min(...inner);
}

/** The segments of a group among `all` of its postings, scored; see `evaluate`. */
function scored(group, { where, word }, all) {
  const own = rarity([group]) / 15;
  const weigh = (value) => own * ((value & 15) + (value >> 4) * word.gain);
  const scores = Float64Array.from(all.ids, (_, i) => (where === "notes" ? 0 : weigh(all.text[i])) + (where === "texts" ? 0 : weigh(all.notes[i]) * NOTE_WEIGHT));
  return where ? onlyThose({ ids: all.ids, scores }, (i) => scores[i]) : { ids: all.ids, scores };
}

/**
 * The segments that have a node, scored. `where`: "texts", "notes" or
 * anything for both; `ids`: only these matter; `best`: of words that very
 * many have, the best will do.
 */
async function evaluate(node, options) {
  if (node.type === "row") return inOrder(node, options);
  if (node.type === "all") return everyOf(node.nodes, options);
  const { ids, best } = options;
  const read = async (group) => scored(group, { ...options, word: node }, await (best ? leading(group, node) : postings(group, node, ids)));
  const lists = await Promise.all(node.groups?.map(read) ?? node.nodes.map((inner) => evaluate(inner, options)));
  return lists.reduce((a, b) => merge(a, b, false, Math.max), EMPTY);
}

/**
 * The segments that have all nodes. If the rarest is rare, of long lists only
 * what may still be among them is read; otherwise that would be all of them,
 * and they are read at once.
 */
async function everyOf(nodes, options) {
  const sorted = [...nodes].sort((a, b) => frequencyOf(a) - frequencyOf(b));
  const isRare = sorted.length > 0 && !isLongNode(sorted[0]);
  const short = sorted.filter((node) => !isRare || !isLongNode(node));
  const long = sorted.filter((node) => !short.includes(node));
  const read = await Promise.all(short.map((node) => evaluate(node, options)));
  let found = read.reduce(inBoth);
  const rest = await Promise.all(long.map((node) => (found.ids.length ? evaluate(node, { ...options, ids: found.ids }) : EMPTY)));
  for (const list of rest) found = inBoth(found, list);
  return found;
}
const isLongNode = (node) => (node.type === "word" ? node.groups.some(isLong) : node.nodes.some(isLongNode));


/**
 * Segments in order of score, as numbers that hold both: these are sorted, and kept, at a
 * quarter of what rows take. `passes`: which of them.
 */
const byScore = ({ ids, scores }, passes = () => true) => {
  const keys = new Float64Array(ids.length);
  let count = 0;
  for (let i = 0; i < ids.length; i++) if (passes(ids[i])) keys[count++] = Math.round(scores[i] * FINE) * MOST_IDS - ids[i];
  return [...keys.subarray(0, count).sort().reverse()];
};
/** The segment and the score that such a number holds. */
const ranked = (key) => {
  const score = Math.ceil(key / MOST_IDS);
  return { id: score * MOST_IDS - key, score: score / FINE };
};

// ---- The first of many ----

/**
 * The best of the segments and entries that have all nodes, before these are
 * all known: no other scores clearly more. None where nothing is known of others, or
 * where it takes as little to read all.
 */
const sureOf = async (nodes, where) => {
  const [row] = nodes;
  if (nodes.length === 1 && row.type === "row") return sampleOf(row, { where });
  const words = nodes.flatMap((node) => (node.type === "all" ? node.nodes : node));
  const groups = words.flatMap(({ groups }) => (groups?.length === 1 && !groups[0].flags.includes("n") ? groups : []));
  if (groups.length < words.length || where === "notes") return [];
  // The best that stand with the words; then, for two words, those that have a file.
  for (const deep of groups.length <= DEEP_WORDS && groups.every(topOf) ? [false, true] : [false]) {
    const lists = await Promise.all(groups.map((group, i) => leading(group, words[i], deep && topOf(group))));
    const all = lists.map((list, i) => scored(groups[i], { where, word: words[i] }, list));
    const most = all.map(({ scores }) => scores.reduce((a, b) => Math.max(a, b), 0));
    // What is not in one of the lists has less than its rest of that word, and at most the most of the others.
    const others = lists.flatMap(({ rest }, i) => (rest ? (rarity([groups[i]]) / 15) * (rest + words[i].gain) - most[i] : []));
    if (!others.length) break;
    const bound = CLEARLY * (most.reduce(add, 0) + Math.max(...others));
    const found = all.reduce(inBoth);
    const sure = byScore(found).filter((key) => ranked(key).score >= bound);
    if (sure.length) return sure;
  }
  return [];
};

/** How many segments a word is in, known without its list; null for all else. */
const countOfWord = ([node, ...others], where) =>
  others.length || node.groups?.length !== 1 || (where && node.groups[0].notes) ? null : node.groups[0].count;

// ---- Words one after the other ----

/** The words of a row that say something, the rarest first, with their places. */
const tellingOf = (row) =>
  row.nodes
    .map((node, place) => ({ node, place }))
    .filter(({ node }) => !isCommon(node))
    .sort((a, b) => frequencyOf(a.node) - frequencyOf(b.node));

/**
 * Texts that have most of the words, read to see whether these often follow one another (`about`): those that
 * have the row, if they do; otherwise what has it around the best, by positions. Nothing is read where all
 * positions tell as soon, or the words hardly meet.
 */
function sampleOf(row, options) {
  return (row.sample ??= sample(row, options).catch((error) => {
    row.sample = null;
    if (!error.missing) throw error;
    return [];
  }));
}
async function sample(row, options) {
  const words = tellingOf(row);
  const groups = words.slice(0, MOST_POSITIONS).flatMap(({ node }) => node.groups);
  const files = groups.map(blocksOfPositions).reduce(add, 0);
  if (words.length < 2 || !isLongNode(words[0].node) || files <= LITTLE) return [];
  const lists = await Promise.all(words.map(({ node }) => evaluate(node, { ...options, best: true })));
  // If there are not enough that have all, those that have most of the rarest.
  const likely = [lists.reduce(inBoth), ...(files > MUCH ? [lists[0]] : [])].flatMap((list) => byScore(list));
  const distinct = new Map(likely.map((key) => [ranked(key).id, key]));
  const chosen = [...distinct].slice(0, SAMPLE);
  if (chosen.length < SAMPLE) return [];
  const reading = Promise.all(chosen.map(([id]) => recordOf(id)));
  // Asked for with the texts, since it would be one load more after them; mostly these will do.
  const around = follow(row, words, { ...options, ids: chosen[0].slice(0, 1) });
  around.catch(() => {});
  const records = await reading;
  const having = chosen.flatMap(([, key], i) => (passagesOf(records[i], { wanted: [row], unwanted: [] }, options).length ? key : []));
  row.about = having.length * 2 >= SAMPLE;
  return row.about ? having : byScore(await around);
}

/**
 * The segments where words follow one another, or may do so: whoever shows a
 * passage looks again. Positions are read of the rarest words, and not at all
 * if few segments have the words, or if they do follow one another in a good
 * part of a sample: then `about` says that others may fail.
 */
async function inOrder(row, options) {
  const words = tellingOf(row);
  await sampleOf(row, options);
  return words.length < 2 || row.about ? everyOf(row.nodes, options) : follow(row, words, options);
}

/** The same by positions, which come together with the segments. */
async function follow(row, words, options) {
  const near = isLongNode(words[0].node) ? options.ids : (await evaluate(words[0].node, options)).ids;
  const looking = Promise.all(
    words.slice(0, MOST_POSITIONS).map(async ({ node, place }) => ({ place, lists: await Promise.all(node.groups.map((group) => positionsOf(group, near))) })),
  );
  looking.catch(() => {});
  const found = await everyOf(row.nodes, options);
  if (found.ids.length <= FEW_TO_READ) return found;
  const steps = (await looking).filter(({ lists }) => lists.every((list) => list)).sort((a, b) => a.place - b.place);
  if (steps.length < 2) return found;
  // Most are of the blocks, but not among the segments whose positions were read.
  const follows = found.ids.map((id) => steps[0].lists.some((list) => list.has(id)) && canFollow(steps, id));
  return onlyThose(found, (i) => follows[i]);
}

function canFollow(steps, id) {
  let last;
  let reached;
  return steps.every(({ place, lists }) => {
    const step = place - last;
    const here = lists.flatMap((list) => [...(list.get(id) ?? [])]);
    reached = reached ? here.filter((at) => reached.some((from) => at > from && at <= from + step + (step > 1 ? SLACK : 0))) : here;
    last = place;
    return reached.length;
  });
}

