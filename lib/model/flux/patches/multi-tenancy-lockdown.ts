import { type PropPath } from '../../error-place';
import { checkDnsSubdomain } from '../../manifest/kubernetes-name';
import { type KustomizePatch } from '../../manifest/kustomize';
import { type FluxController } from './controllers';
import { type FluxPatchData } from './flux-patch-data';
import { appendArguments, jsonPatch, ROOT_KUSTOMIZATION } from './kustomize-patches';

/** How Flux is locked down. */
export interface MultiTenancyLockdownProps {
  /**
   * Service account that applies what names none, in the namespace of the Flux object. It should have no permissions.
   *
   * @default 'default'
   */
  readonly defaultServiceAccount?: string;
  /**
   * Object-level workload identity, locked down as well: objects reach a cloud only as an account of their namespace.
   *
   * @default - off, as Flux has it: objects reach a cloud as the controller does
   */
  readonly workloadIdentity?: WorkloadIdentityLockdown;
}

/**
 * Service accounts, in the namespace of the Flux object, for objects that name none when they reach a cloud.
 *
 * @see https://fluxcd.io/flux/security/best-practices/
 */
export interface WorkloadIdentityLockdown {
  /**
   * Account for sources, notifications and images.
   *
   * @default 'default'
   */
  readonly defaultServiceAccount?: string;
  /**
   * Account for decryption with a cloud's key service.
   *
   * @default 'default'
   */
  readonly defaultDecryptionServiceAccount?: string;
  /**
   * Account for access to other clusters.
   *
   * @default 'default'
   */
  readonly defaultKubeConfigServiceAccount?: string;
}

const REFER_TO_OTHERS: readonly FluxController[] = [
  'kustomize-controller',
  'helm-controller',
  'notification-controller',
  'image-reflector-controller',
  'image-automation-controller',
  'source-watcher',
];

// Neither kustomize- nor helm-controller: there --default-service-account means who applies.
const REACH_CLOUDS: readonly FluxController[] = [
  'source-controller',
  'notification-controller',
  'image-reflector-controller',
  'image-automation-controller',
];

/**
 * Flux shared by tenants who must not reach each other.
 *
 * @throws ValidationError when an account has no valid name
 * @see https://fluxcd.io/flux/installation/configuration/multitenancy/
 */
export function multiTenancyLockdown(props: MultiTenancyLockdownProps): FluxPatchData {
  const account = accountName('defaultServiceAccount', props.defaultServiceAccount);
  return {
    patches: [
      appendArguments(REFER_TO_OTHERS, ['--no-cross-namespace-refs=true']),
      appendArguments(['kustomize-controller'], ['--no-remote-bases=true']),
      appendArguments(['kustomize-controller', 'helm-controller'], [`--default-service-account=${account}`]),
      ...(props.workloadIdentity ? workloadIdentityLockdown(props.workloadIdentity) : []),
      // The root needs all the permissions that the default account lacks.
      jsonPatch(ROOT_KUSTOMIZATION, [{ op: 'add', path: '/spec/serviceAccountName', value: 'kustomize-controller' }]),
    ],
    requiresServiceAccounts: true,
    settles: ['multiTenancyLockdown'],
  };
}

function workloadIdentityLockdown(props: WorkloadIdentityLockdown): readonly KustomizePatch[] {
  const account = accountName(['workloadIdentity', 'defaultServiceAccount'], props.defaultServiceAccount);
  const decryption = accountName(
    ['workloadIdentity', 'defaultDecryptionServiceAccount'],
    props.defaultDecryptionServiceAccount,
  );
  const kubeConfig = accountName(
    ['workloadIdentity', 'defaultKubeConfigServiceAccount'],
    props.defaultKubeConfigServiceAccount,
  );
  // The controllers refuse to start with the default accounts and without the feature gate. A second --feature-gates
  // adds to what the first one says.
  return [
    appendArguments(
      [...REACH_CLOUDS, 'kustomize-controller', 'helm-controller'],
      ['--feature-gates=ObjectLevelWorkloadIdentity=true'],
    ),
    appendArguments(REACH_CLOUDS, [`--default-service-account=${account}`]),
    appendArguments(['kustomize-controller'], [`--default-decryption-service-account=${decryption}`]),
    appendArguments(
      ['kustomize-controller', 'helm-controller'],
      [`--default-kubeconfig-service-account=${kubeConfig}`],
    ),
  ];
}

function accountName(prop: PropPath, name = 'default'): string {
  checkDnsSubdomain('FluxPatch.multiTenancyLockdown', prop, name);
  return name;
}
