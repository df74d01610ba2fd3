import { fluxVersionOf } from '../../../../lib/model/pipeline/plan/flux-version';

test.each<[string, string | undefined, Parameters<typeof fluxVersionOf>[0]]>([
  [
    'the flux CLI',
    'v2.9.4',
    {
      resource: {
        helm_release: { a: { name: 'flux-cli', values: ['image: mirror:5000/flux-cli:v2.9.4@sha256:0\n'] } },
      },
    },
  ],
  [
    'the operator',
    '2.9.x',
    {
      resource: {
        helm_release: {
          operator: { name: 'flux-operator', values: ['image:\n  tag: v0.58.1\n'] },
          instance: {
            name: 'flux-instance',
            values: ['instance:\n  kind: FluxInstance\n  spec:\n    distribution:\n      version: 2.9.x\n'],
          },
        },
      },
    },
  ],
  ['the Terraform provider', '2.9.4', { resource: { flux_bootstrap_git: { a: { version: '2.9.4' } } } }],
  [
    'values that are no YAML',
    undefined,
    { resource: { helm_release: { a: { name: 'flux-cli', values: ['${yamlencode({'] } } } },
  ],
  ['nothing of Flux', undefined, {}],
])('the version of Flux is found where it is installed by %s', (_, version, stack) => {
  expect(fluxVersionOf(stack)).toBe(version);
});
