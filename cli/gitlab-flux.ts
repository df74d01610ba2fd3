#!/usr/bin/env node
import { runProgram } from './program';

void runProgram(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
}).then((code) => {
  // `push` sets the exit code itself.
  process.exitCode ??= code;
});
