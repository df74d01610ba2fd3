#!/usr/bin/env node
import { runProgram } from './program';

// `gitlab-flux tree | head` closes the pipe before everything is written, which is no mistake.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

void runProgram(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  stdin: process.stdin,
}).then((code) => {
  process.exitCode = code;
});
