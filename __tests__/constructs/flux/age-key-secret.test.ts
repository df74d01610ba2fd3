import { parseFleet } from '../../../lib/model/fleet';
import { FleetStacks } from '../../../stacks';
import { AGE_DEV } from '../../support/sops';
import { type SynthesizedResource, Template, testApp } from '../../support/template';

const decryption = (more = '') => `{ secretName: sops-age, recipients: [${AGE_DEV}]${more} }`;

/** The stack of the last cluster of a fleet. */
function templateOf(clusters: string): Template {
  const fleet = parseFleet(`project: { url: https://gitlab.example.com, path: platform/fleet }
environments: { dev: {} }
clusters:
${clusters}`);
  return Template.of(new FleetStacks(testApp(), fleet).clusters.at(-1)!);
}

const clusterWith = (flux: string) =>
  `  uni-dev: { environment: dev, connection: { kubeconfig: { context: uni-dev } }, flux: ${flux} }\n`;
const patched = (more?: string) => `patches: [{ rootDecryption: ${decryption(more)} }]`;
const ageKeyIn = (template: Template): SynthesizedResource | undefined =>
  template.resources('kubernetes_secret_v1').find(({ address }) => address.includes('_AgeKey_'));

describe('the key of age that a root decrypts with', () => {
  test.each([
    ['bootstrap', 'version: v2.9.4', ['flux-git-root', 'flux-cli']],
    ['provider', 'type: provider', ['flux-git-root']],
    ['operator', 'type: operator, version: v2.9.4', ['flux-instance']],
  ])('is on the cluster before Flux looks for it: way %s', (_, flux, releases) => {
    const template = templateOf(clusterWith(`{ ${flux}, ${patched(', terraform: { revision: 3 }')} }`));
    const secret = ageKeyIn(template)!;
    expect(secret).toMatchObject({
      depends_on: [template.resource('kubernetes_namespace_v1').address],
      metadata: { labels: { 'reconcile.fluxcd.io/watch': 'Enabled' }, name: 'sops-age', namespace: 'flux-system' },
      data_wo: { 'age.agekey': '${var.sops_age_key}' },
      data_wo_revision: 3,
    });
    expect(template.toJSON()['variable'].sops_age_key).toMatchObject({ sensitive: true, ephemeral: true });
    for (const name of releases) expect(template.release(name)['depends_on']).toContain(secret.address);
  });

  test('is of nobody but its owner without `terraform`', () => {
    const template = templateOf(clusterWith(`{ version: v2.9.4, ${patched()} }`));
    expect(ageKeyIn(template)).toBeUndefined();
    expect(template.toJSON()['variable']).not.toHaveProperty('sops_age_key');
  });

  test('of a spoke is in its namespace on the hub before the root that needs it', () => {
    const template = templateOf(`  hub:
    environment: dev
    connection: { kubeconfig: { context: hub } }
    flux: { type: operator, version: v2.9.4 }
  shop:
    environment: dev
    hub: hub
    connection: { kubeconfig: { context: shop } }
    spoke:
      authentication: { existingSecret: { secretName: shop-kubeconfig } }
      decryption: ${decryption(', terraform: {}')}
`);
    const secret = ageKeyIn(template)!;
    expect(secret).toMatchObject({
      provider: 'kubernetes.hub',
      metadata: { name: 'sops-age', namespace: 'shop' },
      data_wo: { 'age.agekey': '${var.sops_age_key}' },
      data_wo_revision: 1,
    });
    const commit = template.resources('terraform_data').find(({ address }) => address.includes('_Commit_'))!;
    expect(commit['depends_on']).toContain(secret.address);
    expect(template.release('flux-spoke-removal')['depends_on']).toContain(secret.address);
  });
});
