// What `gitlab-flux push` does with answers that GitLab never gives: a proxy, a page to sign in, a broken line.
import { type PushTarget } from '../../lib/model/delivery/push-manifest';
import { manifestOf, runPush } from '../support/push';
import { stopAll } from '../support/rig';
import { type SmallAnswer, SmallGitLab } from '../support/small-gitlab';

let gitlab: SmallGitLab;

beforeAll(async () => {
  gitlab = await SmallGitLab.start();
  // The client is loaded by the first push.
  await pushTo({}, '1');
}, 120_000);
afterAll(async () => {
  await gitlab.stop();
  await stopAll();
});
beforeEach(() => {
  gitlab.reset();
  skipWaits();
});
afterEach(() => jest.restoreAllMocks());

let skipped = 0;

/** Waiting takes no time: the clock goes on by what would have been waited. */
function skipWaits(): void {
  const [now, later] = [Date.now, setTimeout];
  jest.spyOn(Date, 'now').mockImplementation(() => now() + skipped);
  jest.spyOn(globalThis, 'setTimeout').mockImplementation((action: () => void, milliseconds = 0) => {
    skipped += milliseconds;
    return later(action, 0);
  });
}

/** What never answers is given up at once, where it would take half a minute; so is what is asked beside it. */
function hurry(): void {
  const asked: AbortController[] = [];
  jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
    const controller = new AbortController();
    asked.push(controller);
    return controller.signal;
  });
  gitlab.onHang = () => {
    skipped += 1_500;
    for (const controller of asked) controller.abort(new DOMException('it took too long', 'TimeoutError'));
  };
}

const target = (rest: Partial<PushTarget> = {}): PushTarget => ({
  ...{ version: 1, url: gitlab.url, project: 'platform/fleet', branch: 'main', inventory: 'dev-uni-dev' },
  ...rest,
});
const byMergeRequest = { mergeRequest: { sourceBranch: 'gitlab-flux/main/dev-uni-dev', wait: '2s' } };
const pushTo = (rest: Partial<PushTarget>, text: string, ...args: string[]) =>
  runPush({ GITLAB_TOKEN: 'glpat-canary-0123456789' }, '--manifest', manifestOf(target(rest), { a: text }), ...args);

const lists = ['GET commits', 'GET tree', 'GET merge_requests', 'GET events'];
const answers: Readonly<Record<string, (route: string) => SmallAnswer>> = {
  null: () => ({ text: 'null' }),
  'a list of nothing, or an object': (route) => ({ text: lists.includes(route) ? '{}' : '[]' }),
  'a list with nothing in it': () => ({ text: '[null]' }),
  'a text': () => ({ text: '"glpat-canary-0123456789"' }),
  'an object without anything': () => ({ status: 201, text: '{"commit":{},"id":"","iid":"1"}' }),
  HTML: () => ({ text: '<html><body>Sign in</body></html>' }),
  'HTML as a failure': () => ({ status: 403, text: '<html><body>Forbidden</body></html>' }),
  nothing: () => ({ text: '' }),
  'JSON that is cut off': () => ({ text: '{"id":"1111111111' }),
  'a hang': () => 'hang',
  'a reset': () => 'reset',
};
const routes: readonly (readonly [string, Partial<PushTarget>])[] = [
  ...['GET branches/:id', 'GET files/:id', 'GET commits', 'GET tree', 'POST commits'].map(
    (route) => [route, {}] as const,
  ),
  ...['GET merge_requests', 'POST merge_requests', 'GET merge_requests/:id', 'POST commits'].map(
    (route) => [route, byMergeRequest] as const,
  ),
];
const cases = routes.flatMap(([route, rest]) =>
  Object.entries(answers).map(([name, answer]) => [route, name, answer, rest] as const),
);

/** Whatever happens, it is said in words, and nothing of the token with it. */
function expectWords({ code, stdout, stderr }: Awaited<ReturnType<typeof runPush>>): void {
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /\nerror: platform\/fleet at http:\S+, branch \S+: (GitLab (answered|did not answer)|!1 holds the files)/,
  );
  expect(stderr).not.toMatch(/\n {4}at |TypeError|undefined|canary/);
  expect(stdout).toBe('');
}

test.each(cases)('%s: %s, for ever', async (route, name, answer, rest) => {
  if (name === 'a hang') hurry();
  gitlab.instead = (each) => (each === route ? answer(route) : undefined);
  const result = await pushTo(rest, '1', '--retry-for', '1s');
  if (name !== 'a hang') expect(gitlab.requests).toContain(route);
  // The small one has one branch: what the merge request would bring is there at the next look.
  if (result.code === 0) expect(route).toBe('POST merge_requests');
  else expectWords(result);
});

test.each(Object.entries(answers))('GET events: %s, for ever, and the deploy goes on', async (name, answer) => {
  if (name === 'a hang') hurry();
  gitlab.instead = (route) => (route === 'GET events' ? answer(route) : undefined);
  const { code, stderr } = await pushTo({}, '1', '--retry-for', '1s');
  expect(code).toBe(0);
  expect(gitlab.requests).toContain('GET events');
  const said = '  nobody knows whether a force-push took a deploy off the branch: GitLab ';
  // What is forbidden or not there is not worth a word.
  if (name === 'HTML as a failure') expect(stderr).not.toContain(said);
  else expect(stderr).toContain(said);
  expect(stderr).not.toMatch(/\n {4}at |TypeError|undefined|canary/);
});

const once = cases.filter(([, name]) => ['null', 'JSON that is cut off', 'a hang', 'a reset'].includes(name));
test.each(once)('%s: %s, once', async (route, name, answer, rest) => {
  if (name === 'a hang') hurry();
  gitlab.instead = (each, count) => (each === route && count === 1 ? answer(route) : undefined);
  const result = await pushTo(rest, '1', '--retry-for', '20s');
  if (result.code !== 0) expectWords(result);
  // One more push at most, and all is as wanted.
  else expect(gitlab.files.get('a')?.content).toBe('1');
  gitlab.instead = () => undefined;
  expect(await pushTo(rest, '1', '--retry-for', '20s')).toMatchObject({ code: 0 });
  expect(gitlab.files.get('a')?.content).toBe('1');
});

test.each([
  ['201 without an id', { status: 201, text: '{"short_id":"11111111"}' }],
  ['200 with a page', { status: 200, text: '<html></html>' }],
])('%s is no success: the branch is asked whether the commit was made', async (_, answer) => {
  // It was not: the same would be answered again.
  gitlab.instead = (route) => (route === 'POST commits' ? answer : undefined);
  expectWords(await pushTo({}, '1'));
  expect(gitlab.requests.filter((route) => route === 'POST commits')).toHaveLength(1);
});

test('a commit whose answer was lost is the one of the push', async () => {
  const fetch = globalThis.fetch;
  const losing = jest.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const response = await fetch(url, init);
    return init?.method === 'POST' ? new Response('{"short_id":"1"}', { status: 201 }) : response;
  });
  const { code, stderr } = await pushTo({}, '1');
  losing.mockRestore();
  expect(code).toBe(0);
  expect(stderr).toMatch(/\ncreate 1 file: commit [0-9a-f]{11}\n$/);
  expect(gitlab.requests.filter((route) => route === 'POST commits')).toHaveLength(1);
});

test.each([
  [401, 'GITLAB_TOKEN is not valid'],
  [403, 'GITLAB_TOKEN needs the scope api'],
  [404, 'There is no such project'],
  [301, 'it is at https://new.example.com now'],
])('%i is not asked again', async (status, sentence) => {
  const fetch = jest
    .spyOn(globalThis, 'fetch')
    .mockImplementation(() =>
      Promise.resolve(new Response('{}', { status, headers: { location: 'https://new.example.com/x' } })),
    );
  const { code, stderr } = await pushTo({}, '1');
  const calls = fetch.mock.calls.length;
  fetch.mockRestore();
  expect({ code, calls: calls <= 2 }).toEqual({ code: 1, calls: true });
  expect(stderr).toContain(status === 301 ? sentence : 'error:');
  expect(stderr).not.toContain('trying again');
});

test('names that are not known are asked for a while, wrong certificates and ports not at all', async () => {
  const failing = (code: string, message: string) =>
    jest.spyOn(globalThis, 'fetch').mockImplementation(() => {
      return Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) }));
    });
  const certificate = failing('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain');
  const untrusted = await pushTo({}, '1');
  expect(untrusted.stderr).toContain('NODE_EXTRA_CA_CERTS');
  expect(certificate.mock.calls.length).toBeLessThanOrEqual(2);
  certificate.mockRestore();
  const closed = await pushTo({ url: 'http://127.0.0.1:1' }, '1');
  expect(closed.stderr).toMatch(/GitLab did not answer: bad port/);
  expect(closed.stderr).not.toContain('trying again');
  let now = 0;
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => (now += 1_000));
  const unknown = failing('ENOTFOUND', 'getaddrinfo ENOTFOUND gitlab.invalid');
  const { stderr } = await pushTo({}, '1', '--retry-for', '3600s');
  clock.mockRestore();
  unknown.mockRestore();
  expect(stderr).toContain('ENOTFOUND gitlab.invalid');
  expect(now).toBeLessThan(30_000);
});
