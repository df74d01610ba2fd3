import { LONGEST_LABEL } from './kubernetes-name';
import { RBAC } from './rbac';

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** Groups whose objects have a DNS subdomain for a name. Which names others take, their own servers say. */
const GROUPS = [
  '',
  'apps',
  'autoscaling',
  'batch',
  'networking.k8s.io',
  'policy',
  'scheduling.k8s.io',
  'storage.k8s.io',
];
/** A CronJob's Jobs append eleven characters. */
const LONGEST_CRON_JOB = 52;

/**
 * What name the API server wants for an object, when it is not the one that the object has.
 *
 * @param object - group and version, kind and name
 * @returns a phrase that can follow "want"; undefined when the name is right, or nobody can know here
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
export function wantedName({
  apiVersion,
  kind,
  name,
}: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}): string | undefined {
  const group = apiVersion.includes('/') ? apiVersion.replace(/\/.*/, '') : '';
  if (group === RBAC) {
    return /[/%]/.test(name) || name === '.' || name === '..' || name === '' ? 'a name without / and %' : undefined;
  }

  if (!GROUPS.includes(group)) return undefined;
  if (kind === 'Namespace' || kind === 'Service') {
    return LABEL.test(name) ? undefined : `a DNS label: 1 to ${LONGEST_LABEL} lower case letters, digits and hyphens`;
  }

  const longest = kind === 'CronJob' ? LONGEST_CRON_JOB : kind === 'Job' ? LONGEST_LABEL : 253;
  return name.length <= longest && SUBDOMAIN.test(name)
    ? undefined
    : `a DNS subdomain: up to ${longest} lower case letters, digits, hyphens and dots`;
}
