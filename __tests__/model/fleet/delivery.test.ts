import { FleetFileError, parseFleet } from '../../../lib/model/fleet';

const fleet = (delivery: string): string => `project: { url: https://gitlab.example.com, path: platform/fleet }
delivery: ${delivery}
environments: { dev: { flux: { version: v2.9.4 } } }
clusters:
  uni-dev:
    environment: dev
    connection: { kubeconfig: { context: uni-dev } }
`;

test.each([
  ['{ type: commit, author: { name: " ", email: a@b } }', '2:43: delivery.author.name: got " ", want one line of text'],
  // Two stacks that share a branch would close each other's merge requests.
  [
    '{ type: commit, mergeRequest: { sourceBranch: fleet } }',
    '2:43: delivery.mergeRequest: unknown key "sourceBranch"',
  ],
  ['{ type: commit, mergeRequest: { labels: ["a,b"] } }', 'labels[0]: got "a,b", want a text without commas'],
  ['{ type: files, timeout: soon }', '2:35: delivery.timeout: got "soon", want a duration'],
  ['{ type: files, onConflict: adopt }', '2:26: delivery: unknown key "onConflict"'],
  ['{ type: commit, from: commit }', '2:33: '],
])('refuses %s, with its place in the file', (delivery, message) => {
  const refused = (): unknown => parseFleet(fleet(delivery));
  expect(refused).toThrow(FleetFileError);
  expect(refused).toThrow(message);
});

test('takes every option of commit()', () => {
  const delivery = {
    type: 'commit',
    onConflict: 'adopt',
    onDestroy: 'keep',
    message: { subject: 'Deploy', skipCi: true },
    author: { name: 'Fleet', email: 'fleet@example.com' },
    mergeRequest: { title: 'Deploy', labels: ['fleet'], ready: 'opened', wait: '1m' },
    from: 'files',
    command: 'gitlab-flux',
  };
  expect(parseFleet(fleet(JSON.stringify(delivery))).delivery).toEqual(delivery);
});
