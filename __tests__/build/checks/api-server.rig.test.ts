import { ApiServer } from '../../support/api-server';
import { acceptedObjects, refusedObjects } from '../../support/judged-objects';
import { describeWithRig, startControlPlane } from '../../support/rig';

// What this library refuses of built objects, the API server refuses too, and the other way round.
describeWithRig('the API server', () => {
  let api: ApiServer;

  beforeAll(async () => {
    api = ApiServer.of(await startControlPlane());
  });

  test.each(Object.entries(refusedObjects))('refuses an object with %s', async (_, [object]) => {
    await expect(api.create(object, { dryRun: true })).rejects.toThrow(/^4(00|03|04|22): /);
  });

  test.each(Object.entries(acceptedObjects))('takes an object with %s', async (_, object) => {
    await expect(api.create(object, { dryRun: true })).resolves.toMatchObject({ kind: object.kind });
  });
});
