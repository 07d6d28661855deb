// Makes an archive of many texts, the same each time: for timings of what depends on how many there are.
//
//   node benches/made_archive.mjs OUT TEXTS
//
// A text has some 6 KB in 12 paragraphs, of words that are the rarer the longer; each has a record, every second a note.
// There are 192 terms, each a word that some of the texts have, and 20 topics of 10 passages.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const [out, count] = [process.argv[2], Number(process.argv[3])];
let state = 20;
const random = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
const syllables = ["ba", "den", "cor", "mi", "tal", "ver", "os", "ru", "pen", "lia", "gra", "so", "ent", "il", "qua", "dro"];
const words = Array.from({ length: 20_000 }, (_, i) => {
  let word = "";
  for (let left = i + 1; left > 0; left = Math.floor(left / syllables.length)) word += syllables[left % syllables.length];
  return word;
});
const word = () => words[Math.floor(words.length ** (random(1_000_000) / 1_000_000)) - 1];
const sentence = (length) => {
  const all = Array.from({ length }, word).join(" ");
  return `${all[0].toUpperCase()}${all.slice(1)}.`;
};
const write = (path, text) => {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), text);
};

write("postil.toml", 'title = "Made"\n');
for (let i = 0; i < count; i++) {
  const id = `t${String(i % 40).padStart(2, "0")}/t${String(i).padStart(6, "0")}`;
  const paragraphs = Array.from({ length: 12 }, (_, p) => `Mark ${i} of ${p} is ${Array.from({ length: 6 }, () => sentence(13)).join(" ")}`);
  write(`content/${id}.txt`, `${paragraphs.join("\n\n")}\n`);
  write(`content/${id}.toml`, `title = "Text ${i}"\ndate = ${1900 + (i % 100)}\nkind = "made"\nsource = { name = "Made" }\nrights = "None."\nlayout = "wrapped"\n`);
  if (i % 2 === 0) {
    write(`annotations/${id}/n.md`, `+++\nby = "Somebody"\ntitle = "A find"\ntopics = ["t${i % 20}"]\n+++\n> Mark ${i} of 3\n\n${sentence(30)}\n`);
  }
}
for (let i = 0; i < 192; i++) {
  write(`annotations/glossary/g${i}.toml`, `term = "${words[400 + 20 * i]}"\nkind = "concept"\ndefinition = "${sentence(12)}"\n`);
}
for (let i = 0; i < 20; i++) {
  const passages = Array.from({ length: 10 }, (_, n) => {
    const text = (i * 10 + n) % count;
    const id = `t${String(text % 40).padStart(2, "0")}/t${String(text).padStart(6, "0")}`;
    return `\n[[passage]]\ntext = "${id}"\nquote = "Mark ${text} of 5"\nwhy = "${sentence(5)}"\n`;
  });
  write(`annotations/topics/t${i}.toml`, `title = "Topic ${i}"\nscope = "${sentence(8)}"\n${passages.join("")}`);
}
