import { checkAll } from '../check-all';
import { type Cluster, RESERVED_COMPONENTS } from '../cluster/cluster';
import { type ErrorThing } from '../error-place';
import { checkChartRepository } from '../flux/helm-repository';
import { checkJobPlacement } from '../flux/job-placement';
import { FLUX_NAMESPACE } from '../flux/metadata';
import { checkVersionRange } from '../flux/version-range';
import { checkImage, checkImageTag, checkImageWithoutTag } from '../manifest/container-image';
import { checkDnsLabel } from '../manifest/kubernetes-name';
import { checkGitLabUrl } from '../manifest/project-branch';
import { checkWholeNumber } from '../manifest/whole-number';
import { ValidationError } from '../validation-error';
import { checkAgentConfiguration } from './agent-configuration';
import { checkPermissions } from './agent-permission';
import { type AgentDashboard, type AgentSettings } from './agent-settings';

/** Refuses what GitLab or Kubernetes would refuse, as far as it does not depend on a cluster. */
export function checkAgentSettings(settings: AgentSettings): void {
  const { name, namespace, configuration, permissions, externalUrl, dashboard } = settings;
  const at = name === undefined ? 'agent' : `agent "${name}"`;
  const { replicas, kasAddress } = settings;
  checkAll(
    () => {
      if (name !== undefined) checkDnsLabel('agent', 'name', name);
    },
    () => {
      if (namespace !== undefined) checkDnsLabel(at, 'namespace', namespace);
    },
    () => {
      if (configuration !== undefined) checkAgentConfiguration(at, configuration);
    },
    () => checkPermissions(at, permissions ?? []),
    () => {
      if (externalUrl !== undefined) checkGitLabUrl(at, 'externalUrl', externalUrl);
    },
    () => checkChart(at, settings),
    () => checkJobPlacement(at, settings),
    () => checkWholeNumber(at, 'replicas', replicas, { from: 1 }),
    () => {
      if (kasAddress !== undefined && !/^(wss?|grpcs?):\/\/[\w.:[\]-]+(\/[\w./-]*)?$/.test(kasAddress)) {
        throw new ValidationError({
          at,
          prop: 'kasAddress',
          got: kasAddress,
          want: 'an address such as wss://kas.gitlab.example.com or wss://gitlab.example.com/-/kubernetes-agent/',
        });
      }
    },
    () => {
      if (dashboard !== undefined && dashboard !== false) checkDashboard(at, dashboard);
    },
  );
}

function checkChart(at: ErrorThing, settings: AgentSettings): void {
  const { chartVersion, chartRepository, image, imageTag, jobImage } = settings;
  if (chartVersion !== undefined) checkVersionRange(at, 'chartVersion', chartVersion);
  if (chartRepository !== undefined) checkChartRepository(at, 'chartRepository', chartRepository);
  checkImageWithoutTag(at, 'image', image);
  checkImageTag(at, 'imageTag', imageTag);
  checkImage(at, 'jobImage', jobImage);
}

/** What GitLab takes for the name of an environment, but `$`, `{` and `}`, which mean something to Terraform. */
const ENVIRONMENT = /^[\w. -]([\w./ -]{0,253}[\w. -])?$/;

function checkDashboard(at: ErrorThing, { name, namespace }: AgentDashboard): void {
  if (name !== undefined && !ENVIRONMENT.test(name)) {
    const want = 'letters, digits, spaces, `-`, `_`, `.`, and `/` but at the ends';
    throw new ValidationError({ at, prop: ['dashboard', 'name'], got: name, want });
  }
  if (namespace !== undefined) checkDnsLabel(at, ['dashboard', 'namespace'], namespace);
}

/** Refuses a namespace of the agent that something else on the cluster has. */
export function checkAgentOnCluster(cluster: Cluster, own: string): void {
  const other = cluster.components.find(({ name, namespace }) => name === own || namespace === own);
  if (other !== undefined || own === FLUX_NAMESPACE) {
    throw new ValidationError({
      at: { cluster: cluster.name },
      prop: ['agent', 'namespace'],
      got: own,
      want: `a namespace that the agent has for itself: this one belongs to ${other === undefined ? 'Flux' : `component "${other.name}"`}`,
    });
  }
  if (RESERVED_COMPONENTS.includes(own)) {
    const want = `another namespace: clusters/<cluster>/${own} has a meaning of its own`;
    throw new ValidationError({ at: { cluster: cluster.name }, prop: ['agent', 'namespace'], got: own, want });
  }
}
