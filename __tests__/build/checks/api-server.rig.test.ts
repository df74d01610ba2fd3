import { toYaml } from '../../../lib/model/manifest/yaml';
import { acceptedObjects, refusedObjects } from '../../support/judged-objects';
import { type ControlPlane, describeWithRig, startControlPlane } from '../../support/rig';

// What this library refuses of built objects, the API server refuses too, and the other way round.
describeWithRig('the API server', () => {
  let cluster: ControlPlane;

  beforeAll(async () => {
    cluster = await startControlPlane();
  });

  const apply = (object: object): Promise<string> =>
    cluster.kubectl(['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-'], toYaml([object]));

  test.each(Object.entries(refusedObjects))('refuses an object with %s', async (_, [object]) => {
    await expect(apply(object)).rejects.toThrow();
  });

  test.each(Object.entries(acceptedObjects))('takes an object with %s', async (_, object) => {
    await expect(apply(object)).resolves.toContain('serverside-applied');
  });
});
