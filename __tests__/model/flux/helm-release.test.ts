import { helmRelease, type HelmReleaseProps } from '../../../lib/model/flux/helm-release';

const specOf = (settings: Partial<HelmReleaseProps>): any =>
  helmRelease({ name: 'app', namespace: 'app', ...settings } as HelmReleaseProps).spec;

describe('what Helm leaves out', () => {
  it('counts for install and upgrade, and waiting for a rollback too', () => {
    const spec = specOf({ disableWaitForJobs: true, disableSchemaValidation: true, disableTakeOwnership: true });
    const action = { disableWaitForJobs: true, disableSchemaValidation: true, disableTakeOwnership: true };
    expect(spec.install).toMatchObject(action);
    expect(spec.upgrade).toMatchObject(action);
    expect(spec.rollback).toEqual({ disableWait: undefined, disableWaitForJobs: true });
  });

  it('is nothing by default', () => {
    const { install, rollback } = specOf({});
    expect(
      Object.entries(install).filter(([name, value]) => name.startsWith('disable') && value !== undefined),
    ).toEqual([]);
    expect(rollback).toBeUndefined();
  });

  it('is all waiting without `wait`', () => {
    expect(specOf({ wait: false }).rollback).toEqual({ disableWait: true, disableWaitForJobs: undefined });
  });
});
