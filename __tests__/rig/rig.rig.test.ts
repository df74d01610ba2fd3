import { existsSync } from 'node:fs';

import {
  type ControlPlane,
  describeWithRig,
  startControlPlane,
  startGitLab,
  startKubelet,
  until,
} from '../support/rig';

describeWithRig('the control plane of the rig', () => {
  let cluster: ControlPlane;

  beforeAll(async () => {
    cluster = await startControlPlane();
  });

  test('answers', async () => {
    await cluster.kubectl(['apply', '-f', '-'], '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"tried"}}');
    expect(await cluster.kubectl(['get', 'namespace', 'tried', '-o', 'name'])).toBe('namespace/tried\n');
  });

  test('has a kubelet, which reports a pod as ready', async () => {
    const kubelet = startKubelet(cluster);
    await until(
      async () => (await cluster.kubectl(['get', 'serviceaccounts', '-o', 'name'])).includes('default'),
      20_000,
    );
    await cluster.kubectl(['run', 'tried', '--image', 'registry.example.com/anything:1']);
    await until(
      async () => (await cluster.kubectl(['get', 'pod', 'tried', '-o', 'jsonpath={.status.phase}'])) === 'Running',
      20_000,
      () => kubelet.output(),
    );
    expect(kubelet.output()).toContain('not run default/tried');
    await kubelet.stop();
  });

  test('leaves nothing when it is stopped', async () => {
    await cluster.stop();
    expect(existsSync(`${cluster.directory}/apiserver.pid`)).toBe(false);
    await expect(cluster.kubectl(['get', 'namespaces', '--request-timeout', '2s'])).rejects.toThrow();
  });
});

describeWithRig(
  'the GitLab stand-in of the rig',
  () => {
    test('answers, logs and obeys', async () => {
      const gitlab = await startGitLab();
      const headers = { 'PRIVATE-TOKEN': gitlab.token };
      const user = await fetch(`${gitlab.api}/user`, { headers });
      expect(await user.json()).toMatchObject({ username: 'root' });
      // The log is written after the answer.
      const logged = () => gitlab.requests().some(({ path, status }) => path === '/api/v4/user' && status === 200);
      await until(logged, 10_000);
      await gitlab.control({ fail: [{ method: 'GET', pathRegex: '/user', status: 503 }] });
      expect((await fetch(`${gitlab.api}/user`, { headers })).status).toBe(503);
      await gitlab.stop();
      await expect(fetch(gitlab.url)).rejects.toThrow();
    });
  },
  ['gitlab'],
);
