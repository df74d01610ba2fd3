// What synth refuses, `gitlab-flux validate` refuses with a place in the file.
import { FleetFileError, parseFleet } from '../../../lib/model/fleet';

const bootstrap = (
  settings: string,
  more = '',
): string => `project: { url: https://gitlab.example.com, path: platform/fleet }
${more}
environments: { dev: { flux: { version: v2.9.4 } } }
clusters:
  uni-dev:
    environment: dev
    connection: { kubeconfig: { context: uni-dev } }
    flux: { ${settings} }
`;
const spoke = (settings: string): string => `project: { url: https://gitlab.example.com, path: platform/fleet }
environments: { dev: {} }
clusters:
  hub:
    environment: dev
    connection: { kubeconfig: { context: hub } }
    flux: { version: v2.9.4, type: operator }
  edge:
    environment: dev
    connection: { kubeconfig: { context: edge } }
    hub: hub
    spoke: { authentication: { serviceAccountToken: {} }, ${settings} }
`;

test.each([
  [
    'an image',
    bootstrap(`jobImage: 'GHCR IO/x'`),
    '8:23: clusters.uni-dev.flux.jobImage: got "GHCR IO/x", want an image such as ghcr.io/fluxcd/flux-cli:v2.9.4',
  ],
  ['a toleration', bootstrap('tolerations: [{ operator: Exists, value: x }]'), '8:27: '],
  [
    'a key of a certificate authority',
    bootstrap(`certificateAuthorityRef: { kind: Secret, name: ca, key: 'a b' }`),
    'certificateAuthorityRef.key: got "a b", want a key of a Secret or ConfigMap',
  ],
  [
    'the end of a deploy token',
    bootstrap('readCredential: { type: deploy-token, expiresAt: tomorrow }'),
    'readCredential.expiresAt: got "tomorrow", want a time such as 2027-06-30T00:00:00Z',
  ],
  [
    'the end of the deploy token of a spoke',
    spoke('readCredential: { type: deploy-token, expiresAt: 2027-02-30T00:00:00Z }'),
    'readCredential.expiresAt: got "2027-02-30T00:00:00Z", want a time such as 2027-06-30T00:00:00Z',
  ],
  [
    'the address of the states',
    bootstrap('', 'state: { type: gitlab, url: gitlab.example.com, project: platform/states }'),
    '2:29: state.url: got "gitlab.example.com", want ',
  ],
  [
    'how long an apply waits',
    bootstrap('', "planPipeline: { image: image, lockTimeout: '5m; curl example.com' }"),
    '2:44: planPipeline.lockTimeout: got "5m; curl example.com", want a duration such as 90s, 10m or 1h30m',
  ],
])('refuses %s', (_, text, message) => {
  const refused = (): unknown => parseFleet(text);
  expect(refused).toThrow(FleetFileError);
  expect(refused).toThrow(message);
});

test.each([
  ['bootstrap', bootstrap('readCredential: { type: deploy-token, expiresAt: 2027-06-30T00:00:00Z }')],
  ['a spoke', spoke('readCredential: { type: deploy-token, expiresAt: 2027-06-30T00:00:00Z }')],
])('takes what synth takes, for %s', (_, text) => {
  expect(() => parseFleet(text)).not.toThrow();
});
