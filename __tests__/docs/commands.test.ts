import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { runProgram } from '../../cli/program';
import { anchorsOf, type Block, blocksOf, pages, root } from './markdown';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

/** Programs of others, with the commands of them that the pages may use; an empty list allows everything. */
const others: Readonly<Record<string, readonly string[]>> = {
  cdktf: ['synth', 'diff', 'deploy', 'destroy', 'list'],
  jest: [],
  kubectl: [
    'kustomize',
    'apply',
    'get',
    'logs',
    'create',
    'delete',
    'annotate',
    'label',
    'describe',
    'diff',
    'port-forward',
  ],
  flux: ['get', 'reconcile', 'suspend', 'resume', 'tree', 'events'],
  git: ['clone', 'init', 'mv', 'tag', 'push', 'rm', 'commit', 'switch', 'add', 'log'],
  terraform: ['-chdir', 'apply', 'plan', 'show', 'state', 'init', 'destroy'],
  diff: [],
  'age-keygen': [],
  sops: ['encrypt', 'updatekeys'],
  cp: [],
  mkdir: [],
  docker: ['build', 'push'],
  jq: [],
  cd: [],
};

/** Environment variables that the pages tell people to set. */
const variables = [
  /^GITLAB_(TOKEN|FLUX_DEPLOY_OVER)$/,
  /^TF_VAR_((git|chart)_(username|password)(_[a-z_]+)?|helm_values_[a-z_]+|gitlab_bootstrap_token|flux_webhook_token|sops_age_key|cluster_(token|client_certificate|client_key))$/,
  /^TF_HTTP_(USERNAME|PASSWORD)$/,
  /^(NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|KUBE_CONFIG_PATH|TERRAFORM_BINARY_NAME)$/,
  /^(SHARED_DIR|RIG_BIN|REQUIRE_RIG|TF_CLI_CONFIG_FILE)$/,
];

const commands = blocksOf('bash').flatMap((block) =>
  commandsOf(block).map((command) => [`${block.at}: ${command}`, command] as const),
);

test.each(commands)('%s', async (_, command) => {
  const words = wordsOf(command);
  while (/^(export$|[A-Z]\w*=)/.test(words[0] ?? '')) {
    const [name = ''] = words.shift()!.split('=');
    if (name !== 'export') expect(variables.some((pattern) => pattern.test(name)) ? 'known' : name).toBe('known');
  }
  const called = words[0] === 'npx' ? words.slice(words[1] === '--package' ? 3 : 1) : words;
  const [program, ...args] = called;
  if (program === undefined) return;
  if (program === 'npm') expectNpm(args);
  else if (program === 'gitlab-flux' || program === 'cdktf-gitlab-flux') await expectGitLabFlux(args);
  else expectOther(program, args);
});

function expectOther(program: string, [command = '']: readonly string[]): void {
  expect(Object.keys(others)).toContain(program);
  const allowed = others[program]!;
  if (allowed.length > 0) expect(allowed).toContain(command.replace(/=.*/, ''));
}

function expectNpm([command = '', name = '']: readonly string[]): void {
  const ofScript = command === 'run' ? name : command;
  if (command === 'run' || ['start', 'test'].includes(command)) expect(Object.keys(scripts)).toContain(ofScript);
  else expect(['install', 'ci', 'pack']).toContain(command);
}

/** The command exists, its help knows every option, and where it only reads it also succeeds. */
async function expectGitLabFlux(args: readonly string[]): Promise<void> {
  if (args.length === 0 || args[0] === 'help') return;
  const [command = '', ...rest] = args;
  const names = command === 'vendor' ? [command, rest[0] ?? ''] : [command];
  const help = await outputOf([...names, '--help']);
  expect(help.code).toBe(0);
  for (const option of rest.filter((word) => /^--?[a-z]/.test(word))) {
    expect(help.text).toMatch(new RegExp(`(^|[\\s,])${option.replace(/=.*/, '')}\\b`, 'm'));
  }

  const reads = ['validate', 'tree', 'show', 'values', 'schema'].includes(command);
  const isExample = rest.every((word) => word === 'fleet.yaml' || !/\.ya?ml$/.test(word));
  // A directory and programs of the reader's are not there.
  const isSelfContained = !rest.includes('--against') && !rest.includes('required');
  if (reads && isExample && isSelfContained) expect((await outputOf(args)).code).toBe(0);
}

test('docs/cli.md has a section for each command', async () => {
  const { text } = await outputOf(['--help']);
  const names = [...text.matchAll(/^ {2}([a-z][a-z-]*)(?= .*\[| {2})/gm)].map(([, name]) => name);
  const page = pages.find(({ path }) => path === 'docs/cli.md')!;
  expect(names).toContain('validate');
  expect(anchorsOf(page)).toEqual(expect.arrayContaining(names.filter((name) => name !== 'help')));
});

async function outputOf(args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  let text = '';
  const write = (part: string): void => void (text += part);
  const code = await runProgram(args, { stdout: { write }, stderr: { write }, environment: {} });
  return { code, text };
}

/** The commands of a block, one by one, without comments. */
function commandsOf({ text }: Block): readonly string[] {
  return text
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .flatMap((line) => line.match(/(?:[^'"&;|]|'[^']*'|"[^"]*")+/g) ?? [])
    .map((command) => command.trim())
    .filter((command) => command !== '');
}

function wordsOf(command: string): string[] {
  return [...command.replace(/\s>\s*\S+/, '').matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replace(/^'(.*)'$/, '$1'),
  );
}
