import fc from 'fast-check';
import { stringify } from 'yaml';

import { parseFleet } from '../../../lib/model/fleet';
import { mergeChoices, mergeLayers } from '../../../lib/model/fleet/layers';

const settings = fc.record(
  {
    version: fc.constantFrom('v2.9.2', 'v2.9.3', 'v2.9.4'),
    logLevel: fc.constantFrom('debug', 'info', 'error'),
    tolerationKeys: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
    networkPolicy: fc.boolean(),
    author: fc.record({ name: fc.constantFrom('A', 'B'), email: fc.constantFrom('a@x', 'b@x') }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const layer = fc.record(
  {
    flux: settings,
    trigger: fc.constantFrom('interval', 'agent', 'webhook'),
    externalSecrets: fc.boolean(),
    suspend: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** The nearest layer that says something. */
const nearest = (layers: readonly any[], ...path: string[]): unknown =>
  layers.map((each) => path.reduce((value, key) => value?.[key], each)).findLast((value) => value !== undefined);

describe('what fleet, environment and cluster say', () => {
  it('counts setting by setting: cluster over environment over fleet', () => {
    fc.assert(
      fc.property(layer, layer, layer, (defaults, environment, cluster) => {
        const layers = [{ flux: { version: 'v2.9.0' } }, defaults, environment, cluster];
        const file = {
          project: { url: 'https://gitlab.example.com', path: 'a/b' },
          defaults: { ...defaults, flux: { version: 'v2.9.0', ...defaults.flux } },
          environments: { dev: environment },
          clusters: { one: { environment: 'dev', connection: { kubeconfig: { context: 'c' } }, ...cluster } },
        };
        const [{ cluster: made, flux: installation }] = parseFleet(stringify(file)).clusters as any;
        const flux = installation.settings;
        for (const key of ['version', 'logLevel', 'tolerationKeys', 'networkPolicy']) {
          expect(flux[key]).toEqual(nearest(layers, 'flux', key));
        }

        for (const key of ['name', 'email']) expect(flux.author?.[key]).toEqual(nearest(layers, 'flux', 'author', key));
        expect(made.trigger.type).toBe(nearest(layers, 'trigger') ?? 'interval');
        expect(made.externalSecrets).toBe(nearest(layers, 'externalSecrets') ?? false);
        expect(made.suspend).toBe(nearest(layers, 'suspend') ?? false);
      }),
      { numRuns: 100 },
    );
  });

  it('merges maps and replaces lists', () => {
    expect(mergeLayers<object>([{ a: { b: 1, c: 2 }, d: [1, 2] }, undefined, { a: { c: 3 }, d: [3] }])).toEqual({
      a: { b: 1, c: 3 },
      d: [3],
    });
  });

  it('merges connections of one kind and replaces another kind', () => {
    const path = { kubeconfig: { path: 'p' } };
    expect(mergeChoices<object>([path, undefined, { kubeconfig: { context: 'c' } }])).toEqual({
      kubeconfig: { path: 'p', context: 'c' },
    });
    expect(mergeChoices<object>([path, { token: { server: 'h' } }])).toEqual({ token: { server: 'h' } });
    expect(mergeChoices<object>([undefined, undefined])).toBeUndefined();
  });
});
