// The root reads a revision with the settings that it has from an earlier one. When they are not enough, it applies
// nothing of it, new settings neither, and Flux stands still.
import fc from 'fast-check';
import { parse } from 'yaml';

import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { bootstrapFiles, bootstrapTarget } from '../../../lib/model/installation/bootstrap-files';
import { clusterReceivers } from '../../../lib/model/layout/cluster-receivers';
import { clusterComponentFiles } from '../../../lib/model/layout/component-files';
import { secretVariables } from '../../../lib/model/layout/component-secrets';
import { receiverFiles } from '../../../lib/model/layout/receiver-files';
import { FileTree } from '../../../lib/model/manifest/file-tree';
import { fleetPlans } from '../../support/arbitrary-fleet';
import { type ClusterPlan, type ComponentPlan, fleetOf } from '../../support/fleets';
import { type RootSettings, rootOf, type Secrets, substituted } from '../../support/root';

/** What a deploy brings: files to Git, Secrets to the cluster. */
interface State {
  readonly files: FileTree;
  readonly secrets: Secrets;
  readonly root: RootSettings;
}

const repository = { httpUrl: 'https://gitlab.example.com/platform/fleet.git', branch: 'main' };
const patches = {
  concurrency: FluxPatch.concurrency({ kustomize: 10 }),
  substitution: FluxPatch.rootSubstitution('fleet-variables'),
};
type Patch = keyof typeof patches;

function stateOf(components: readonly ComponentPlan[], plan: ClusterPlan, names: readonly Patch[]): State {
  const { cluster } = fleetOf({ components, clusters: [plan] }).clusters[0]!;
  const settings = { version: 'v2.9.4', patches: names.map((name) => patches[name]) };
  const target = bootstrapTarget(cluster, settings);
  const context = { cluster, target, repository };
  const files = FileTree.merge([
    bootstrapFiles(cluster, settings, repository),
    clusterComponentFiles(cluster, target, repository),
    receiverFiles(context),
    names.includes('substitution')
      ? FileTree.of([{ path: `clusters/${plan.name}/own.yaml`, content: 'data: {region: "${REGION}"}\n' }])
      : FileTree.EMPTY,
  ]);
  const credentials = cluster.components.flatMap((component) =>
    component
      .secretsFor(cluster)
      .filter(({ credential }) => credential.data.type === 'terraform')
      .flatMap((secret) => secretVariables(component, secret).map(({ name }) => name)),
  );
  const paths = clusterReceivers(context).map(({ pathVariable }) => pathVariable);
  const webhook = plan.trigger === 'webhook' ? ['WEBHOOK_TOKEN', 'WEBHOOK_REVISION', ...paths] : [];
  const valuesOf = (variables: readonly string[]) => Object.fromEntries(variables.map((name) => [name, `"<${name}>"`]));
  const secrets = {
    ...(credentials.length > 0 && plan.trigger !== 'pipeline' && { 'git-credentials': valuesOf(credentials) }),
    ...(webhook.length > 0 && { 'webhook-receiver': valuesOf(webhook) }),
    // Not Terraform's, so it is there before and after.
    'fleet-variables': { REGION: 'eu' },
  };
  return { files, secrets, root: rootOf(files, plan.name) };
}

/** Two states of one cluster, with the same components to choose from. */
const pairs = fc
  .tuple(fleetPlans, fleetPlans, fc.subarray<Patch>(['concurrency', 'substitution']), fc.boolean())
  .map(([before, after, names, more]) => {
    const [first, second] = [before.clusters[0]!, { ...after.clusters[0]!, name: before.clusters[0]!.name }];
    // A change of the user's own substitution is another matter: see below.
    const later = more ? names : names.filter((name) => name === 'substitution');
    return [stateOf(before.components, first, names), stateOf(after.components, second, later)] as const;
  });

/** What the cluster has of a state: each file as Flux applies it. */
const applied = ({ files, secrets, root }: State, strict = true) => substituted(files, root, secrets, strict);

describe('a root that Flux applied in one state', () => {
  test('applies any other state of the cluster as it is meant, and so its own new settings', () => {
    fc.assert(
      fc.property(pairs, fc.boolean(), ([before, after], removed) => {
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
      fc.property(pairs, ([, after]) => {
        fc.pre(after.root.postBuild !== undefined);
        const { 'fleet-variables': own } = after.secrets;
        const secrets: Secrets = own === undefined ? {} : { 'fleet-variables': own };
        const result = substituted(after.files, after.root, secrets, true);
        if (Object.keys(after.secrets).length > 1) expect(result).toMatch(/variable not set \(strict mode\): "\w+"/);
        else expect(result).toEqual(applied(after));
      }),
      { numRuns: 40 },
    );
  });

  test('of nothing but Flux applies its new settings too, and what it did not fill in with them', () => {
    fc.assert(
      fc.property(pairs, ([before, after]) => {
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
