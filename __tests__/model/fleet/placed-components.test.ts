import fc from 'fast-check';
import { stringify } from 'yaml';

import { parseFleet } from '../../../lib/model/fleet';

const NAMES = ['a', 'b', 'c', 'd'];
const names = fc.subarray(NAMES);
const layer = fc.record({ components: names, without: names });

/** A fleet of the clusters `one` (dev) and `two` (prod), of components with a base in the repository. */
const fleet = (parts: any, components: any = {}) => ({
  project: { url: 'https://gitlab.example.com', path: 'a/b' },
  defaults: { flux: { version: 'v2.9.4' }, ...parts.defaults },
  environments: { dev: { ...parts.dev }, prod: { ...parts.prod } },
  components: Object.fromEntries(
    NAMES.map((name) => [name, { kustomize: { base: { inRepository: true }, ...components[name] } }]),
  ),
  clusters: {
    one: { environment: 'dev', connection: { kubeconfig: { context: 'one' } }, ...parts.one },
    two: { environment: 'prod', connection: { kubeconfig: { context: 'two' } }, ...parts.two },
  },
});
const load = (parts: any, components?: any) => parseFleet(stringify(fleet(parts, components)));
const componentsOf = (made: ReturnType<typeof load>): any =>
  Object.fromEntries(made.clusters.map(({ cluster }) => [cluster.name, cluster.components.map(({ name }) => name)]));

const problems = (parts: any, components?: any): readonly string[] => {
  try {
    load(parts, components);
    return [];
  } catch (error: any) {
    return error.problems.map(({ message }: any) => message);
  }
};

describe('where components run', () => {
  it('is what all layers name, without what any layer takes away', () => {
    const parts = {
      defaults: { components: ['a', 'b'] },
      dev: { components: ['c'], without: ['b'] },
      two: { components: ['b', 'd'], without: ['a'] },
    };
    expect(componentsOf(load(parts))).toEqual({ one: ['a', 'c'], two: ['b', 'd'] });
  });

  it('is what components say themselves, by environment and labels', () => {
    const parts = { defaults: { labels: { size: 'small' } }, two: { labels: { size: 'large', site: 'muc' } } };
    const on = {
      a: { on: { environments: ['dev'] } },
      b: { on: { labels: { size: ['large', 'huge'] } } },
      c: { on: { environments: ['dev'], labels: { size: 'large' } } },
      d: { on: [{ labels: { site: 'muc' } }, { environments: ['dev'] }] },
    };
    const made = load(parts, on);
    expect(componentsOf(made)).toEqual({ one: ['a', 'd'], two: ['b', 'd'] });
    expect([...made.placementsOn('two')]).toEqual([
      ['b', ['on']],
      ['d', ['on']],
    ]);
  });

  it('is said with everybody who says it', () => {
    const made = load(
      { defaults: { components: ['a'] }, one: { components: ['a'] } },
      { a: { on: { environments: ['dev'] } } },
    );
    expect(made.placementsOn('one').get('a')).toEqual(['defaults', 'cluster one', 'on']);
  });

  it('does not depend on which layer says it, nor on the order', () => {
    fc.assert(
      fc.property(layer, layer, layer, fc.boolean(), (defaults, dev, one, comes) => {
        const on = comes ? { d: { on: { environments: ['dev'] } } } : {};
        const set = (parts: any): readonly string[] => [...componentsOf(load(parts, on)).one].sort();
        const before = set({ defaults, dev, one });
        const reversed = ({ components, without }: any) => ({
          components: [...components].reverse(),
          without: [...without].reverse(),
        });
        expect(set({ defaults: one, dev: defaults, one: dev })).toEqual(before);
        expect(set({ defaults: reversed(defaults), dev: reversed(dev), one: reversed(one) })).toEqual(before);
        const all = [defaults, dev, one];
        const expected = NAMES.filter(
          (name) =>
            (all.some((each) => each.components.includes(name)) || (comes && name === 'd')) &&
            !all.some((each) => each.without.includes(name)),
        );
        expect(before).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('writes the same tree when it is written out cluster by cluster', () => {
    const by = load(
      { defaults: { components: ['c', 'a'] }, prod: { without: ['c'] }, two: { components: ['b'] } },
      { d: { on: { environments: ['dev'] } } },
    );
    const out = load({ one: { components: ['a', 'c', 'd'] }, two: { components: ['b', 'a'] } });
    const tree = (made: ReturnType<typeof load>): unknown =>
      made.files().map(({ stack, files }) => [stack, [...files].map(({ path, content }) => [path, content])]);
    expect(tree(by)).toEqual(tree(out));
  });
});

describe('refused is', () => {
  it.each([
    [
      'a name that is none, once',
      { defaults: { components: ['x'] } },
      {},
      ['defaults.components[0]: unknown component "x"; did you mean "a"?'],
    ],
    [
      'one that is taken away',
      { dev: { without: ['x'] } },
      {},
      ['environments.dev.without[0]: unknown component "x"; did you mean "a"?'],
    ],
    [
      'a name twice in one list',
      { one: { components: ['a', 'a'] } },
      {},
      ['clusters.one.components[1]: got "a", want each component once'],
    ],
    [
      'an `on` that says nothing',
      {},
      { a: { on: {} } },
      ['components.a.kustomize.on: got a map, want environments, labels, or both'],
    ],
    [
      'an environment that there is not',
      { one: { components: ['a'] } },
      { a: { on: { environments: ['prd'] } } },
      ['components.a.kustomize.on.environments[0]: got "prd", want one of the fleet\'s environments: dev, prod'],
    ],
    [
      'a label that is none',
      { defaults: { labels: { size: 'very large' } } },
      {},
      [
        'defaults.labels.size: got "very large", want at most 63 letters, digits, hyphens, underscores and dots, with a letter or digit at both ends',
      ],
    ],
    [
      'a mistake of a component where a layer names it',
      { defaults: { components: ['a', 'b'] } },
      { b: { namespace: 'a' } },
      [
        'defaults.components[1]: got "\\"b\\" with the namespace \\"a\\", which \\"a\\" brings", want namespaceOwner: "a", or another namespace',
      ],
    ],
  ])('%s', (_, parts, components, expected) => {
    expect(problems(parts, components)).toEqual(expected);
  });
});

it('warns of what is taken away from nobody', () => {
  const { warnings } = load({
    defaults: { components: ['a', 'b', 'c', 'd'] },
    dev: { without: ['a'] },
    two: { without: ['b'] },
  });
  expect(warnings).toEqual([]);
  const idle = load({ defaults: { components: ['a', 'b', 'c'], without: ['d'] } }).warnings.map(
    ({ message }) => message,
  );
  expect(idle).toContain('defaults.without[0]: no cluster here has "d": nothing is taken away');
});

it('refuses environments that there are not also in components that are on no cluster', () => {
  const components = {
    a: { on: { environments: ['prd'] } },
    b: { variants: [{ when: { environments: ['prd'] }, suspend: true }] },
  };
  expect(problems({}, components)).toEqual([
    'components.a.kustomize.on.environments[0]: got "prd", want one of the fleet\'s environments: dev, prod',
    'components.b.kustomize.variants[0].when.environments[0]: got "prd", want one of the fleet\'s environments: dev, prod',
  ]);
});

it('refuses conditions that say nothing', () => {
  const components = {
    a: { on: { environments: [] } },
    b: { on: [{ labels: {} }] },
    c: { variants: [{ when: { labels: { size: [] } } }] },
  };
  expect(problems({}, components)).toEqual([
    'components.a.kustomize.on.environments: got [], want at least one',
    'components.b.kustomize.on[0].labels: got {}, want at least one',
    'components.c.kustomize.variants[0].when.labels.size: got [], want at least one value',
  ]);
});
