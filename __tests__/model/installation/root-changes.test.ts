// The root reads a revision with the settings that it has from an earlier one. When they are not enough, it applies
// nothing of it, new settings neither, and Flux stands still.
import fc from 'fast-check';
import { parse } from 'yaml';

import { type ClusterPlan, type ComponentPlan } from '../../support/fleets';
import { type Secrets, substituted } from '../../support/root';
import { pairsOfStates, type RootState, stateOf } from '../../support/root-states';

/** What the cluster has of a state: each file as Flux applies it. */
const applied = ({ files, secrets, root }: RootState, strict = true) => substituted(files, root, secrets, strict);

describe('a root that Flux applied in one state', () => {
  test('applies any other state of the cluster as it is meant, and so its own new settings', () => {
    fc.assert(
      fc.property(pairsOfStates, fc.boolean(), ([before, after], removed) => {
        fc.pre(before.root.postBuild !== undefined || after.root.postBuild === undefined);
        // Terraform writes Secrets before it pushes, and removes them before or after Flux looks.
        const secrets = removed ? after.secrets : { ...before.secrets, ...after.secrets };
        expect(substituted(after.files, before.root, secrets, true)).toEqual(applied(after));
      }),
      { numRuns: 60 },
    );
  });

  test('never applies a placeholder, nor an empty value, when the Secret is gone', () => {
    fc.assert(
      fc.property(pairsOfStates, ([, after]) => {
        fc.pre(after.root.postBuild !== undefined);
        const { 'fleet-variables': own = {}, 'sops-age': keys = {} } = after.secrets;
        const secrets: Secrets = { 'fleet-variables': own, 'sops-age': keys };
        const result = substituted(after.files, after.root, secrets, true);
        if (Object.keys(after.secrets).length > 2) expect(result).toMatch(/variable not set \(strict mode\): "\w+"/);
        else expect(result).toEqual(applied(after));
      }),
      { numRuns: 40 },
    );
  });

  test('of nothing but Flux applies its new settings too, and what it did not fill in with them', () => {
    fc.assert(
      fc.property(pairsOfStates, ([before, after]) => {
        fc.pre(before.root.postBuild === undefined);
        expect(typeof substituted(after.files, before.root, after.secrets, true)).not.toBe('string');
        expect(typeof applied(after)).not.toBe('string');
      }),
      { numRuns: 40 },
    );
  });
});

describe('a Secret of your own that the root substitutes', () => {
  const plan: ClusterPlan = { name: 'uni', environment: 'dev', components: ['app'] };
  const components: readonly ComponentPlan[] = [{ name: 'app' }];
  const before = stateOf(components, plan, []);
  const after = stateOf(components, plan, ['substitution']);

  test('needs the settings first, which the Job gives the root', () => {
    expect(substituted(after.files, before.root, after.secrets, true)).toBe(
      'clusters/uni/own.yaml: variable not set (strict mode): "REGION"',
    );
    const own = applied(after) as Readonly<Record<string, string>>;
    expect(parse(own['clusters/uni/own.yaml']!)).toEqual({ data: { region: 'eu' } });
  });
});

describe('a root that decrypts', () => {
  const plan: ClusterPlan = { name: 'uni', environment: 'dev', components: ['app'] };
  const components: readonly ComponentPlan[] = [{ name: 'app' }];
  const [plain, decrypting] = [stateOf(components, plan, []), stateOf(components, plan, ['decryption'])];
  const { 'sops-age': _keys, ...withoutKeys } = decrypting.secrets;
  const missing = "decryption Secret 'sops-age' error: not found";

  test('is one that did not before, and applies the change of itself', () => {
    expect(substituted(decrypting.files, plain.root, decrypting.secrets, true)).toEqual(applied(decrypting));
    expect(decrypting.root.decryption).toEqual({ provider: 'sops', secretRef: { name: 'sops-age' } });
  });

  test('applies nothing without its Secret, the change back neither, which the Job makes', () => {
    expect(substituted(decrypting.files, decrypting.root, withoutKeys, true)).toBe(missing);
    expect(substituted(plain.files, decrypting.root, withoutKeys, true)).toBe(missing);
    expect(substituted(plain.files, plain.root, withoutKeys, true)).toEqual(applied(plain));
  });
});
