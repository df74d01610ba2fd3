import fc from 'fast-check';

import { countChanges, planDigest } from '../../../../lib/model/pipeline/plan/plan-digest';
import { changedOutside, resourceChanges } from '../../../../lib/model/pipeline/plan/resource-change';
import { parseTerraformPlan, type PlannedResource } from '../../../../lib/model/pipeline/plan/terraform-plan';

const planOf = (...resources: object[]) =>
  parseTerraformPlan(JSON.stringify({ format_version: '1.2', resource_changes: resources }), 'plan');
const resource = (address: string, change: Partial<PlannedResource['change']>, more: object = {}) => ({
  address,
  mode: 'managed',
  change: { actions: ['update'], before: null, after: null, ...change },
  ...more,
});
const digestOf = (...resources: object[]) => planDigest(resourceChanges(planOf(...resources)));

const upgrade = resource('helm_release.Flux', {
  before: { name: 'flux-cli', set: [{ name: 'tag', value: 'v1' }], replicas: 2 },
  after: { name: 'flux-cli', set: [{ name: 'tag', value: 'v2' }], replicas: 2 },
});

describe('the changes of a plan', () => {
  test('are what differs, by path', () => {
    expect(resourceChanges(planOf(upgrade))).toEqual([
      {
        address: 'helm_release.Flux',
        action: 'update',
        attributes: [{ path: 'set[0].value', before: '"v1"', after: '"v2"' }],
      },
    ]);
  });

  test('say what is only known after the apply, and never a secret', () => {
    const secret = resource('kubernetes_secret_v1.Token', {
      actions: ['create'],
      after: { data: { token: 'canary-token' }, metadata: [{ name: 'token', labels: { 'example.com/team': 'a' } }] },
      after_unknown: { id: true, metadata: [{ uid: true }] },
      after_sensitive: { data: true },
    });
    const changes = resourceChanges(planOf(secret));
    expect(changes).toEqual([
      {
        address: 'kubernetes_secret_v1.Token',
        action: 'create',
        attributes: [
          { path: 'data', after: '(sensitive)' },
          { path: 'id', after: '(known after apply)' },
          { path: 'metadata[0].labels["example.com/team"]', after: '"a"' },
          { path: 'metadata[0].name', after: '"token"' },
          { path: 'metadata[0].uid', after: '(known after apply)' },
        ],
      },
    ]);
    expect(JSON.stringify(changes)).not.toContain('canary');
  });

  test('hide a secret also where the plan does not know that it is one, and forget what a value was before nobody knows', () => {
    const plan = parseTerraformPlan(
      JSON.stringify({
        format_version: '1.2',
        variables: { password: { value: 'canary-"password"' }, open: { value: 'plain' } },
        configuration: { root_module: { variables: { password: { sensitive: true }, open: {} } } },
        resource_changes: [
          resource('terraform_data.a', {
            before: {
              input: { token: 'canary-token', version: 'v1' },
              output: { token: 'canary-token', version: 'v1' },
            },
            after: {
              input: { token: 'canary-token', version: 'v2' },
              url: 'https://user:canary-"password"@host',
              note: 'plain',
            },
            after_unknown: { output: true },
            before_sensitive: { input: { token: true } },
            after_sensitive: { input: { token: true } },
          }),
          resource('terraform_data.b', { after: { copy: 'with canary-token in it' } }),
        ],
      }),
      'plan',
    );
    expect(resourceChanges(plan).map(({ attributes }) => attributes)).toEqual([
      [
        { path: 'input.version', before: '"v1"', after: '"v2"' },
        { path: 'note', after: '"plain"' },
        { path: 'output', after: '(known after apply)' },
        { path: 'url', after: '(sensitive)' },
      ],
      [{ path: 'copy', after: '(sensitive)' }],
    ]);
  });

  test('leave out data sources and what stays, and name what only changes the state', () => {
    const plan = planOf(
      resource('a.stays', { actions: ['no-op'] }),
      resource('data.b.read', { actions: ['read'] }, { mode: 'data' }),
      resource('c.moved', { actions: ['no-op'] }, { previous_address: 'c.old' }),
      resource('d.imported', { actions: ['no-op'], importing: { id: '4711' } }),
      resource('e.replaced', { actions: ['delete', 'create'], before: { name: 'a' }, after: { name: 'b' } }),
      resource('f.deleted', { actions: ['delete'], before: { name: 'a' } }),
      resource('g.forgotten', { actions: ['forget'], before: { name: 'a' } }),
      resource('h.left', { actions: ['delete'] }, { deposed: '00000001' }),
    );
    expect(resourceChanges(plan).map(({ address, action }) => `${action} ${address}`)).toEqual([
      'move c.moved',
      'import d.imported',
      'replace e.replaced',
      'delete f.deleted',
      'forget g.forgotten',
      'delete h.left (deposed 00000001)',
    ]);
    expect(countChanges(resourceChanges(plan))).toEqual({ create: 1, update: 0, delete: 3 });
  });

  test('outside of Terraform are those that are more than another way to say nothing', () => {
    const resource_drift = [
      resource('a.same', { before: { labels: null }, after: { labels: {} } }),
      resource('b.scaled', { before: { replicas: 2 }, after: { replicas: 5 } }),
      resource('c.gone', { actions: ['delete'], before: { name: 'c' } }),
    ];
    const plan = parseTerraformPlan(JSON.stringify({ format_version: '1.2', resource_drift }), 'plan');
    expect(changedOutside(plan)).toEqual(['b.scaled', 'c.gone']);
  });

  test('are not looked for in what is no plan', () => {
    expect(() => parseTerraformPlan('{ "token": "canary', 'plan of dev-a')).toThrow(
      'plan of dev-a: want the JSON of a plan',
    );
    expect(() => parseTerraformPlan('{"format_version":"2.0"}', 'plan')).toThrow(
      'plan: format_version: got "2.0", want a plan of format 1',
    );
  });
});

describe('the digest of a plan', () => {
  const other = resource('terraform_data.a', { actions: ['create'], after: { input: 1 } });

  test('is a contract: records of earlier versions are compared with it', () => {
    expect(digestOf(upgrade)).toBe('22383ef47b559f717348068fdb85e285c23401696d3749731c8a5fee44f2eebe');
  });

  test('does not depend on order, data sources, what stays, nor on how a secret changes', () => {
    const noise = [
      resource('x.stays', { actions: ['no-op'] }),
      resource('data.y', { actions: ['read'] }, { mode: 'data' }),
    ];
    expect(digestOf(other, upgrade, ...noise)).toBe(digestOf(upgrade, other));
    const secret = (value: string) =>
      digestOf(
        resource('s.a', {
          before: { token: 'old' },
          after: { token: value },
          after_sensitive: { token: true },
          before_sensitive: { token: true },
        }),
      );
    expect(secret('one')).toBe(secret('two'));
  });

  test.each<[string, object]>([
    ['another address', { ...upgrade, address: 'helm_release.Other' }],
    ['another action', { ...upgrade, change: { ...upgrade.change, actions: ['delete', 'create'] } }],
    [
      'another value',
      resource('helm_release.Flux', {
        before: upgrade.change.before,
        after: { ...(upgrade.change.after as object), replicas: 3 },
      }),
    ],
    [
      'another beginning',
      resource('helm_release.Flux', {
        before: { ...(upgrade.change.before as object), name: 'x' },
        after: upgrade.change.after,
      }),
    ],
    ['a move', { ...upgrade, previous_address: 'helm_release.Old' }],
    [
      'a value that is not known yet',
      resource('helm_release.Flux', { ...upgrade.change, after_unknown: { version: true } }),
    ],
  ])('tells %s', (_, changed) => {
    expect(digestOf(changed)).not.toBe(digestOf(upgrade));
  });

  test('holds for any attributes, whatever the order of their keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (after) => {
        const reversed = Object.fromEntries(Object.entries(after).reverse());
        expect(digestOf(resource('a.b', { actions: ['create'], after: reversed }))).toBe(
          digestOf(resource('a.b', { actions: ['create'], after })),
        );
      }),
    );
  });
});
