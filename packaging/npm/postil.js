#!/usr/bin/env node
// Starts the program, which lies in a package of its own for each kind of machine; npm has installed the one that fits.
'use strict';

const { spawn } = require('node:child_process');
const { constants } = require('node:os');

const machine = `${process.platform}-${process.arch}`;

function find() {
  try {
    return require.resolve(`postil-${machine}/postil${process.platform === 'win32' ? '.exe' : ''}`);
  } catch {
    return null;
  }
}

const program = find();
if (program === null) {
  console.error(`error: the package \`postil-${machine}\` is not installed`);
  console.error('  = help: install `postil` again, without `--omit=optional`; for other machines `cargo install postil` compiles it');
  process.exit(2);
}

const child = spawn(program, process.argv.slice(2), { stdio: 'inherit' });
// Ctrl-C reaches both: the program ends as it sees fit, and this after it. What is sent to this alone is passed on.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('error', (error) => {
  console.error(`error: could not run \`${program}\`: ${error.message}`);
  process.exit(2);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
