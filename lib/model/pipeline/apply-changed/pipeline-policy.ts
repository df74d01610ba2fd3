import { FLUX_NAMESPACE } from '../../flux/metadata';
import { type ClusterLayout } from '../../layout/cluster-layout';
import { CLUSTER_LABEL } from '../../layout/pipeline-labels';
import { type KubernetesObject } from '../../manifest/kubernetes-object';
import { celOf } from './cel';
import { PIPELINE_ACCOUNT } from './pipeline-rights';

/** The ConfigMap in which the script records what a cluster has. */
const RECORD = 'gitlab-flux-applied';

/**
 * What decides, for each kind, with whose rights something is applied, where it comes from and what is changed on the
 * way. How often and how patiently is not among it.
 */
const GOVERNED: Readonly<Record<string, readonly string[]>> = {
  Kustomization: [
    ...['serviceAccountName', 'kubeConfig', 'sourceRef', 'path', 'components', 'decryption', 'postBuild'],
    ...['patches', 'images', 'targetNamespace', 'namePrefix', 'nameSuffix', 'commonMetadata'],
  ],
  HelmRelease: [
    ...['serviceAccountName', 'kubeConfig', 'chart', 'chartRef', 'values', 'valuesFrom', 'postRenderers'],
    ...['targetNamespace', 'storageNamespace', 'releaseName', 'commonMetadata'],
  ],
  GitRepository: [
    ...['url', 'ref', 'secretRef', 'proxySecretRef', 'provider', 'serviceAccountName', 'verify', 'include'],
  ],
  HelmRepository: [
    'url',
    'type',
    'secretRef',
    'certSecretRef',
    'passCredentials',
    'provider',
    'insecure',
    'accessFrom',
  ],
  HelmChart: ['chart', 'sourceRef', 'valuesFiles', 'verify'],
  OCIRepository: [
    ...['url', 'ref', 'layerSelector', 'secretRef', 'certSecretRef', 'proxySecretRef', 'provider'],
    ...['serviceAccountName', 'insecure', 'verify'],
  ],
};

/** What the API server fills in where nothing is said. */
const DEFAULTS = { provider: 'generic' };

/** All groups of Flux: what the account has no rights for today, it may have tomorrow. */
const GROUPS = ['kustomize', 'helm', 'source', 'source.extensions', 'notification', 'image'].map((name) =>
  name === 'source.extensions' ? 'source.extensions.fluxcd.io' : `${name}.toolkit.fluxcd.io`,
);

/** Options of {@link pipelinePolicyObjects}. */
export interface PipelinePolicyOptions {
  /**
   * Name of the user as which GitLab CI acts on the cluster.
   *
   * @default 'system:serviceaccount:flux-system:gitlab-flux-pipeline'
   */
  readonly username?: string;
}

/**
 * What holds GitLab CI on a cluster to the files of its components: the API server refuses any other object of Flux, and
 * in these another account, source, path, Secret or patch than the fleet says. Roles cannot say that: without it whoever
 * may write a `Kustomization` can have Flux apply anything with the rights of Flux.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function pipelinePolicyObjects(
  layout: ClusterLayout,
  options: PipelinePolicyOptions = {},
): readonly KubernetesObject[] {
  const { username = `system:serviceaccount:${FLUX_NAMESPACE}:${PIPELINE_ACCOUNT}` } = options;
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const metadata = { name: PIPELINE_ACCOUNT };
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            ruleFor(GROUPS, ['*/*'], ['CREATE', 'UPDATE', 'DELETE']),
            ruleFor([''], ['configmaps'], ['CREATE', 'UPDATE', 'DELETE']),
            ruleFor([''], ['namespaces'], ['CREATE', 'UPDATE']),
          ],
        },
        matchConditions: [{ name: 'account', expression: `request.userInfo.username == ${celOf(username)}` }],
        variables: variablesOf(layout),
        validations: [
          {
            expression: 'variables.isKnown || variables.isLeftAlone',
            messageExpression:
              "'GitLab CI may only write what the fleet says: there is no ' + variables.id + ' in the files of this cluster'",
            reason: 'Forbidden',
          },
          {
            expression: 'variables.isLeftAlone || variables.changed.size() == 0',
            messageExpression:
              "'GitLab CI may only write ' + variables.id + ' as the fleet says: deploy the stack of this cluster first. Another: spec.' + variables.changed.join(', spec.')",
            reason: 'Forbidden',
          },
        ],
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: PIPELINE_ACCOUNT, validationActions: ['Deny'] },
    },
  ];
}

function ruleFor(apiGroups: readonly string[], resources: readonly string[], operations: readonly string[]): object {
  return { apiGroups, apiVersions: ['*'], resources, operations };
}

function variablesOf({
  cluster,
  objects,
}: ClusterLayout): readonly { readonly name: string; readonly expression: string }[] {
  const entries = objects.map((each): [string, object] => [idOf(each), governedOf(each)]);
  const known = { ...Object.fromEntries(entries), [`ConfigMap/${RECORD}`]: {} };
  const given = 'variables.subject.?spec';
  return Object.entries({
    known: celOf(known),
    governed: celOf(GOVERNED),
    defaults: celOf(DEFAULTS),
    subject: 'object == null ? oldObject : object',
    id: "request.kind.kind + '/' + variables.subject.metadata.?name.orValue('')",
    ofCluster: `oldObject != null && oldObject.metadata.?labels[${celOf(CLUSTER_LABEL)}].orValue('') == ${celOf(cluster.name)}`,
    keys: 'variables.governed[?request.kind.kind].orValue([])',
    isKnown: `variables.id in variables.known && (request.kind.kind == 'Namespace' || request.namespace == ${celOf(FLUX_NAMESPACE)})`,
    // What is there already may be deleted, and changed in what does not matter: also while Terraform is ahead of Git.
    isLeftAlone: `variables.ofCluster && (object == null || variables.keys.size() > 0 && variables.keys.all(key, ${given}[?key] == oldObject.?spec[?key]))`,
    changed:
      'object == null || !variables.isKnown ? [] : variables.keys.filter(key, ' +
      `(key in object.spec ? dyn(object.spec[key]) : dyn(variables.defaults[?key].orValue('')))` +
      ` != dyn(variables.known[variables.id][?key].orValue(dyn(variables.defaults[?key].orValue('')))))`,
  }).map(([name, expression]) => ({ name, expression }));
}

function idOf({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.name}`;
}

/** The part of an object that the account may not choose. */
function governedOf(object: KubernetesObject): object {
  const keys = GOVERNED[object.kind] ?? [];
  const spec = (object['spec'] ?? {}) as Readonly<Record<string, unknown>>;
  const governed = Object.entries(spec).filter(([key, value]) => keys.includes(key) && value !== undefined);
  return Object.fromEntries(governed.map(([key, value]) => [key, withDefaults(key, value)]));
}

/** As the API server fills it in, below a key. */
function withDefaults(key: string, value: unknown): unknown {
  const { substituteFrom, ...rest } = value as { readonly substituteFrom?: readonly object[] };
  if (key === 'postBuild' && substituteFrom !== undefined) {
    return { ...rest, substituteFrom: substituteFrom.map((each) => ({ optional: false, ...each })) };
  }

  return key === 'verify' ? { provider: 'cosign', ...(value as object) } : value;
}
