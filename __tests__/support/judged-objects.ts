// Objects, and what the API server says of them: __tests__/build/checks holds that this library says the same.
import { type KubernetesObject } from '../../lib/model/manifest/kubernetes-object';

/** An object named x. */
export const object = (apiVersion: string, kind: string, fields: object = {}): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'x' },
  ...fields,
});

/** A ConfigMap named x. */
export const configMap = (fields: object): KubernetesObject => object('v1', 'ConfigMap', fields);

const pod = { containers: [{ name: 'web', image: 'registry.example.com/web:1' }] };
const template = { metadata: { labels: { app: 'web' } }, spec: pod };

/** A Deployment named web. */
export const deployment = object('apps/v1', 'Deployment', {
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: { selector: { matchLabels: { app: 'web' } }, template },
});

/** A StatefulSet whose claims have labels. */
export const statefulSet = (labels: object): KubernetesObject =>
  object('apps/v1', 'StatefulSet', {
    spec: {
      serviceName: 'x',
      selector: { matchLabels: { app: 'web' } },
      template,
      volumeClaimTemplates: [
        {
          metadata: { name: 'data', labels },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  });

const named = (apiVersion: string, kind: string, name: string, fields: object = {}): KubernetesObject =>
  object(apiVersion, kind, { metadata: { name }, ...fields });
const labelled = (labels: object): KubernetesObject => configMap({ metadata: { name: 'x', labels } });
const annotated = (annotations: object): KubernetesObject => configMap({ metadata: { name: 'x', annotations } });
const namespace = (labels: object): KubernetesObject => object('v1', 'Namespace', { metadata: { name: 'x', labels } });
const cronJob = (name: string, metadata: object = {}): KubernetesObject =>
  named('batch/v1', 'CronJob', name, {
    spec: {
      schedule: '0 0 * * *',
      jobTemplate: { spec: { template: { metadata, spec: { ...pod, restartPolicy: 'Never' } } } },
    },
  });
const MIB = 1024 * 1024;

/** What the API server refuses, with what this library says. */
export const refusedObjects: Readonly<Record<string, readonly [KubernetesObject, RegExp]>> = {
  'capitals in its name': [named('v1', 'ConfigMap', 'My_Map'), /metadata\.name: got "My_Map", want a DNS subdomain/],
  'a dot in the name of a Namespace': [named('v1', 'Namespace', 'a.b'), /metadata\.name: got "a\.b", want a DNS label/],
  'a long name of a CronJob': [cronJob('a'.repeat(53)), /want a DNS subdomain: up to 52/],
  'a slash in the name of a Role': [
    named('rbac.authorization.k8s.io/v1', 'Role', 'a/b'),
    /metadata\.name: got "a\/b", want a name without/,
  ],
  'a namespace that is none': [
    configMap({ metadata: { name: 'x', namespace: 'A b' } }),
    /metadata\.namespace: got "A b"/,
  ],
  'a blank in a label': [labelled({ team: 'a b' }), /metadata\.labels\.team: got "a b"/],
  'a long label': [labelled({ team: 'a'.repeat(64) }), /metadata\.labels\.team/],
  'a number for a label': [labelled({ team: 1 }), /metadata\.labels\.team: got 1, want text, in quotes/],
  'a key of a label with a blank': [labelled({ 'bad key': 'x' }), /metadata\.labels: got "bad key"/],
  'a key of a label with two slashes': [labelled({ 'a/b/c': 'x' }), /metadata\.labels: got "a\/b\/c"/],
  'a boolean for an annotation': [annotated({ a: true }), /metadata\.annotations\.a: got true, want text/],
  'a key of an annotation that is none': [annotated({ 'a b': 'x' }), /metadata\.annotations: got "a b"/],
  'too many annotations': [annotated({ a: 'x'.repeat(256 * 1024) }), /want at most 262144 bytes of annotations/],
  'a label in a template': [
    cronJob('x', { labels: { a: 'b c' } }),
    /spec\.jobTemplate\.spec\.template\.metadata\.labels\.a: got "b c"/,
  ],
  'a level of Pod Security that is none': [
    namespace({ 'pod-security.kubernetes.io/enforce': 'Restricted' }),
    /got "Restricted", want privileged, baseline, restricted/,
  ],
  'a version of Pod Security that is none': [
    namespace({ 'pod-security.kubernetes.io/warn-version': '1.30' }),
    /got "1\.30", want latest or v1\.<number>/,
  ],
  'a number for data': [configMap({ data: { port: 80 } }), /port: got a number, want text, in quotes/],
  'a list for data': [configMap({ data: { ports: ['80'] } }), /ports: got a list, want text/],
  'a key with a slash': [configMap({ data: { 'a/b': 'x' } }), /got the key "a\/b"/],
  'a key of two dots': [configMap({ data: { '..a': 'x' } }), /got the key "\.\.a"/],
  'more than one MiB': [configMap({ data: { a: 'x'.repeat(MIB), b: 'y' } }), /got 1048577 bytes of data, want at most/],
};

/** What the API server takes. */
export const acceptedObjects: Readonly<Record<string, KubernetesObject>> = {
  'dots in its name': named('v1', 'ConfigMap', 'a.b-c.1'),
  'colons in the name of a Role': named('rbac.authorization.k8s.io/v1', 'Role', 'system:Web_1'),
  'the longest name of a CronJob': cronJob('a'.repeat(52)),
  'capitals in a label': labelled({ 'example.com/Team_1': 'A_b.C', empty: '' }),
  'any text in an annotation': annotated({ 'example.com/Note': 'a b\nc' }),
  'levels and versions of Pod Security': namespace({
    'pod-security.kubernetes.io/enforce': 'baseline',
    'pod-security.kubernetes.io/enforce-version': 'latest',
    'pod-security.kubernetes.io/audit-version': 'v1.30',
  }),
  'a level of Pod Security on no Namespace': labelled({ 'pod-security.kubernetes.io/enforce': 'x' }),
  'data with dots and hyphens': configMap({ data: { '.a-b_c.D': 'x' }, binaryData: { b: 'AAAA' } }),
  'one MiB': configMap({ data: { a: 'x'.repeat(MIB) } }),
};
