import fc from 'fast-check';

import { Cluster } from '../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../lib/model/cluster/cluster-connection';
import { SpokeAuthentication } from '../../lib/model/cluster/spoke-authentication';
import { Trigger } from '../../lib/model/cluster/trigger';
import { KustomizeBase } from '../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../lib/model/component/kustomize-component';
import { type ClusterDefinition } from '../../lib/model/fleet/definition/fleet-definition';
import { FluxInstallation } from '../../lib/model/installation/flux-installation';
import { FleetStacks } from '../../stacks';
import { certificateAuthority } from '../support/certificate-authority';
import { stackJson, testApp, type SynthesizedStack } from '../support/template';

const server = 'https://spoke.example.com';
const components = ['store', 'portal'].map(
  (name) => new KustomizeComponent({ name, base: KustomizeBase.inRepository() }),
);
const connection = ClusterConnection.kubeconfig({ context: 'x' });
const authentications = [
  SpokeAuthentication.workloadIdentity({ provider: 'generic', server }),
  SpokeAuthentication.serviceAccountToken({
    server,
    certificateAuthority,
  }),
  SpokeAuthentication.existingSecret({ secretName: 'somebodys' }),
];

const spokes = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'ab', 'a-b', 'shop', 'kiosk'),
    environment: fc.constantFrom('dev', 'prod'),
    authentication: fc.constantFrom(...authentications),
    components: fc.subarray(components, { minLength: 1 }),
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
);
const hubs = fc.record({
  trigger: fc.constantFrom(Trigger.interval(), Trigger.webhook({ url: 'https://flux.example.com', ingress: {} })),
  multiTenancyLockdown: fc.constantFrom(undefined, {}),
  sharding: fc.constantFrom(undefined, { shards: ['one', 'two', 'three'] }),
});

const synthesize = (clusters: readonly ClusterDefinition[]): Readonly<Record<string, SynthesizedStack>> => {
  const stacks = new FleetStacks(testApp(), {
    project: { url: 'https://gitlab.example.com', path: 'platform/fleet' },
    clusters,
  });
  return stackJson([stacks.repository, ...stacks.clusters]);
};

test('the stacks of all others stay as they are, byte for byte, when a spoke comes or goes', () => {
  fc.assert(
    fc.property(spokes, hubs, fc.nat(3), (plans, { trigger, ...hub }, nat) => {
      const onHub = {
        // It has all components, so that those that clusters share stay the same.
        cluster: new Cluster({ name: 'hub', environment: 'dev', connection, trigger, components }),
        flux: FluxInstallation.operator({ version: 'v2.9.4', ...hub }),
      };
      const definitions: readonly ClusterDefinition[] = [
        onHub,
        ...plans.map(({ authentication, ...props }) => ({
          cluster: new Cluster({ ...props, connection, trigger }),
          flux: FluxInstallation.spoke({ hub: onHub, authentication }),
        })),
      ];
      const gone = 1 + (nat % plans.length);
      const all = synthesize(definitions);
      const fewer = synthesize(definitions.filter((_, index) => index !== gone));
      expect(Object.keys(all)).toHaveLength(Object.keys(fewer).length + 1);
      for (const [name, stack] of Object.entries(fewer)) expect(JSON.stringify(stack)).toBe(JSON.stringify(all[name]));
    }),
    { numRuns: 10, endOnFailure: true },
  );
}, 60_000);
