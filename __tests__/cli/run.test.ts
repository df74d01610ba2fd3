import { readFileSync } from 'node:fs';

import { run } from '../../cli/run';
import { Terminal } from '../../cli/terminal';

async function running(action: () => unknown, json = false) {
  let [stdout, stderr] = ['', ''];
  const terminal = new Terminal({ write: (text) => (stdout += text) }, { write: (text) => (stderr += text) }, {});
  return { code: await run(terminal, { json }, action), stdout, stderr };
}

test('what the system refuses is one line, without a stack', async () => {
  const { code, stdout, stderr } = await running(() => readFileSync('/nowhere/file'), true);
  expect(code).toBe(1);
  expect(stderr).toBe("error: ENOENT: no such file or directory, open '/nowhere/file'\n");
  expect(JSON.parse(stdout)).toEqual({ problems: [{ message: expect.stringContaining('ENOENT') as string }] });
});

test('a mistake of this program is not hidden', async () => {
  const mistake = (): unknown => (undefined as unknown as { x: unknown }).x;
  await expect(running(mistake)).rejects.toThrow(TypeError);
});
