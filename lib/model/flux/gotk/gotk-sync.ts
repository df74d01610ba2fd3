import { FLUX_NAMESPACE } from '../metadata';
import { type RootSync } from '../root-sync';
import { goDuration } from './go-duration';
import { toGoYaml } from './go-yaml';
import { GENERATED } from './gotk-components';

/** What the root of a cluster follows, and how. */
export interface GotkSyncProps extends RootSync {
  /** Name of the Secret with the credential. */
  readonly secretName: string;
  /**
   * How often Flux asks for news.
   *
   * @default '1m'
   */
  readonly interval?: string;
  /**
   * Whether submodules are fetched.
   *
   * @default false
   */
  readonly recurseSubmodules?: boolean;
}

/**
 * The content of `gotk-sync.yaml`, byte for byte as `flux bootstrap` writes it.
 *
 * @see https://github.com/fluxcd/flux2/blob/main/pkg/manifestgen/sync/sync.go
 */
export function gotkSync(props: GotkSyncProps): string {
  const metadata = { name: FLUX_NAMESPACE, namespace: FLUX_NAMESPACE };
  const source = {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata,
    spec: {
      interval: goDuration(props.interval ?? '1m'),
      recurseSubmodules: props.recurseSubmodules === true ? true : undefined,
      ref: { branch: props.branch },
      secretRef: { name: props.secretName },
      url: props.url,
    },
  };
  const root = {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata,
    spec: {
      interval: '10m0s',
      path: `./${props.path}`,
      prune: true,
      sourceRef: { kind: 'GitRepository', name: FLUX_NAMESPACE },
    },
  };
  return `${GENERATED}\n---\n${toGoYaml(source)}---\n${toGoYaml(root)}`;
}
