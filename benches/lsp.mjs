// How long a language server takes to answer somebody who types.
//
//   node benches/lsp.mjs PROGRAM SITE FILE [TIMES]
//
// Shows FILE of the archive SITE to `PROGRAM lsp`, types a character and takes it away again, and says how long it
// takes from the change until the problems of that state are told, and until a question is answered right after it;
// on Linux also what a change costs the processor, which other work on the machine does not alter as much.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [program, site, file, times = "20"] = process.argv.slice(2);
const root = resolve(site);
const uri = pathToFileURL(join(root, file)).href;
const server = spawn(resolve(program), ["lsp"], { cwd: root, stdio: ["pipe", "pipe", "inherit"] });

let buffer = Buffer.alloc(0);
const waiting = [];
server.stdout.on("data", (data) => {
  buffer = Buffer.concat([buffer, data]);
  for (;;) {
    const head = buffer.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, head))[1]);
    if (buffer.length < head + 4 + length) return;
    const message = JSON.parse(buffer.subarray(head + 4, head + 4 + length));
    buffer = buffer.subarray(head + 4 + length);
    for (const one of waiting.splice(0)) if (!one(message)) waiting.push(one);
  }
});
const send = (message) => {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
};
const heard = (is) => new Promise((done) => waiting.push((message) => is(message) && (done(message), true)));
let number = 0;
const ask = (method, params) => {
  const id = ++number;
  send({ id, method, params });
  return heard((message) => message.id === id && message.method === undefined);
};

await ask("initialize", { processId: null, rootUri: pathToFileURL(root).href, capabilities: {} });
send({ method: "initialized", params: {} });
const text = readFileSync(join(root, file), "utf8");
let version = 1;
// User and system time of the server, in seconds; a tick is a hundredth.
const spent = () => {
  const stat = `/proc/${server.pid}/stat`;
  if (!existsSync(stat)) return NaN;
  const fields = readFileSync(stat, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
const told = () => heard(({ method, params }) =>
  method === "textDocument/publishDiagnostics" && params.uri === uri && params.version === version);
const began = performance.now();
let first = told();
send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "markdown", version, text } } });
await first;
console.log(`first ${(performance.now() - began).toFixed(0)} ms, CPU ${(spent() * 1000).toFixed(0)} ms`);
const before = spent();

const last = text.split("\n").length - 1;
const end = { line: last, character: text.split("\n")[last].length };
const measured = { problems: [], completion: [], hover: [] };
for (let i = 0; i < Number(times); i++) {
  version++;
  const typed = i % 2 === 0 ? text + "x" : text;
  const began = performance.now();
  const problems = told().then(() => performance.now() - began);
  send({ method: "textDocument/didChange", params: { textDocument: { uri, version }, contentChanges: [{ text: typed }] } });
  const question = i % 2 === 0 ? "completion" : "hover";
  await ask(`textDocument/${question}`, { textDocument: { uri }, position: end });
  measured[question].push(performance.now() - began);
  measured.problems.push(await problems);
}
console.log(`CPU of a change ${(((spent() - before) * 1000) / Number(times)).toFixed(0)} ms`);
for (const [what, all] of Object.entries(measured)) {
  all.sort((a, b) => a - b);
  console.log(`${what}: middle ${all[all.length >> 1].toFixed(0)} ms, least ${all[0].toFixed(0)}, most ${all.at(-1).toFixed(0)}`);
}
await ask("shutdown", null);
send({ method: "exit" });
