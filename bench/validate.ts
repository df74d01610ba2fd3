// One `gitlab-flux validate` in a process of its own. It prints one line of JSON: what it took, from the start of the
// process on, and what the command said. `build.ts` runs it from a compiled copy.
import { runProgram } from '../cli/program';

const said = { out: '', err: '' };
void runProgram(['validate', ...process.argv.slice(2)], {
  stdout: { write: (text) => (said.out += text) },
  stderr: { write: (text) => (said.err += text) },
  environment: process.env,
}).then((code) => {
  const { user, system } = process.cpuUsage();
  const cost = { wall: performance.now(), cpu: (user + system) / 1000 };
  process.stdout.write(`${JSON.stringify({ ...cost, code, ...said })}\n`);
});
