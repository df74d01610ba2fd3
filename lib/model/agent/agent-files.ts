import valid from 'semver/functions/valid';

import { type ComponentServiceAccount } from '../component/service-account';
import { helmChart, type HelmChartProps } from '../flux/helm-chart';
import { helmRelease } from '../flux/helm-release';
import { helmRepository } from '../flux/helm-repository';
import { SUBSTITUTE_DISABLED, WATCH_LABEL } from '../flux/metadata';
import { ociRepository } from '../flux/oci-repository';
import { type ClusterLayout } from '../layout/cluster-layout';
import { type FluxSource, isOnGitLab } from '../layout/flux-source';
import { FileTree } from '../manifest/file-tree';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { withKustomization } from '../manifest/kustomize';
import { toYamlDocument } from '../manifest/yaml';
import { agentConfigurationText } from './agent-configuration';
import { agentNamespaceObjects, agentRights } from './agent-objects';
import { type AgentSettings, CHART_VERSION } from './agent-settings';
import { agentNames, agentValues } from './agent-values';

/** Where GitLab publishes the chart. */
export const CHART_REPOSITORY = 'https://charts.gitlab.io';

/** What the files of an agent on a cluster depend on. */
export interface AgentFilesProps {
  /** The components of the cluster. */
  readonly layout: ClusterLayout;
  /** Namespace of the agent. */
  readonly namespace: string;
  /** How the agent is. */
  readonly settings: AgentSettings;
}

/** `.gitlab/agents/<name>/config.yaml`. GitLab reads it from the default branch. */
export function agentConfigurationFile(name: string, settings: AgentSettings): FileTree {
  const content = agentConfigurationText(settings.configuration ?? {});
  return FileTree.of([{ path: `.gitlab/agents/${name}/config.yaml`, content }]);
}

/**
 * `clusters/<cluster>/<namespace>/…`: the agent's Flux objects, in the layout of a Helm component with a namespace of
 * its own.
 */
export function agentClusterFiles(props: AgentFilesProps): FileTree {
  const { layout, namespace } = props;
  const files = Object.entries({
    namespace: agentNamespaceObjects(namespace, props.settings, installerOf(props), SUBSTITUTE_DISABLED),
    rbac: agentRights({ namespace, settings: props.settings, sources: notifiedSources(layout, props.settings) }).map(
      unsubstituted,
    ),
    ...releaseObjects(props),
  }).map(([role, objects]) => ({ path: `${namespace}-${role}.yaml`, objects }));
  return FileTree.of(withKustomization(files)).below(`clusters/${layout.target.directory}/${namespace}`);
}

/** The sources that the agent tells Flux about; undefined when another trigger does. */
export function notifiedSources(
  layout: ClusterLayout,
  { externalUrl = layout.repository.url }: AgentSettings,
): readonly FluxSource[] | undefined {
  if (layout.cluster.trigger.type !== 'agent') return undefined;
  return layout.sources.filter(({ url }) => isOnGitLab(url, externalUrl));
}

/** Under lockdown helm-controller itself may nothing. Scanning brings a ClusterRole. */
function installerOf({ layout, settings }: AgentFilesProps): ComponentServiceAccount | undefined {
  const { serviceAccountName: name } = layout.target;
  const clusterWide = settings.configuration?.containerScanning !== undefined;
  return name === undefined ? undefined : { name, clusterWide };
}

function releaseObjects(props: AgentFilesProps): Readonly<Record<string, readonly KubernetesObject[]>> {
  const { namespace, settings, layout } = props;
  const { repository, target } = layout;
  const names = agentNames(namespace);
  const common = { name: namespace, namespace, annotations: SUBSTITUTE_DISABLED };
  const chart = chartObjects(settings, common);
  const values = toYamlDocument(agentValues(settings, names, repository.certificateAuthority));
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: names.valuesConfigMap, namespace, labels: WATCH_LABEL, annotations: SUBSTITUTE_DISABLED },
    data: { 'values.yaml': values },
  };
  return {
    ...chart,
    'helm-release': [
      helmRelease({
        ...common,
        releaseName: namespace,
        targetNamespace: namespace,
        storageNamespace: namespace,
        chartRef: { kind: 'oci-repository' in chart ? 'OCIRepository' : 'HelmChart', name: namespace },
        valuesFrom: [
          { kind: 'ConfigMap', name: names.valuesConfigMap },
          // It comes when Flux is ready, so the agent finds Flux's CRDs: it looks for them only when it starts.
          { kind: 'ConfigMap', name: names.terraformConfigMap },
        ],
        serviceAccountName: target.serviceAccountName,
      }),
    ],
    config: [config],
  };
}

function chartObjects(
  { chartRepository = CHART_REPOSITORY, chartVersion: version = CHART_VERSION }: AgentSettings,
  common: Pick<HelmChartProps, 'name' | 'namespace' | 'annotations'>,
): Readonly<Record<string, readonly KubernetesObject[]>> {
  const chart = 'gitlab-agent';
  if (chartRepository.startsWith('oci://')) {
    const url = `${chartRepository.replace(/\/+$/, '')}/${chart}`;
    const ref = valid(version) === null ? { semver: version } : { tag: version };
    return { 'oci-repository': [ociRepository({ ...common, url, ref })] };
  }
  const source = { kind: 'HelmRepository', name: common.name } as const;
  return {
    'helm-repository': [helmRepository({ ...common, url: chartRepository })],
    'helm-chart': [helmChart({ ...common, chart, version, source })],
  };
}

function unsubstituted(object: KubernetesObject): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, annotations: SUBSTITUTE_DISABLED } };
}
