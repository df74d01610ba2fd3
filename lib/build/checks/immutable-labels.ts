import { isFields } from '../../model/manifest/fields';
import { type KubernetesObject } from '../../model/manifest/kubernetes-object';
import { type BuildProblem, type Built } from '../built';
import { subjectOf } from './object-problem';

/**
 * Labels of an overlay that reach what nobody can change in an object that is there: claims of a StatefulSet, and
 * selectors. Such labels can be set once and never again.
 *
 * @see https://github.com/kubernetes-sigs/kustomize/issues/5389
 */
export function immutableLabels(built: Built): readonly BuildProblem[] {
  const [overlay] = built.kustomizations;
  if (!overlay?.path.includes('/overlays/')) return [];
  const labels = labelsOf(overlay.fields);
  const reached = built.objects.flatMap((object) => placesOf(object, labels));
  const [first] = reached;
  if (first === undefined) return [];
  const more = reached.length > 1 ? ` and ${reached.length - 1} more` : '';
  const message = `its labels reach ${first}${more}, where the API server takes no other label later: want labels with \`fields\`, which name where they belong`;
  return [{ ...subjectOf(built), place: overlay.source, message, severity: 'warning' }];
}

interface Labels {
  readonly inClaims: Readonly<Record<string, unknown>>;
  readonly inSelectors: Readonly<Record<string, unknown>>;
}

function labelsOf({ labels, commonLabels }: Readonly<Record<string, unknown>>): Labels {
  const entries = (Array.isArray(labels) ? labels : []).filter(isFields);
  const pairs = (field: string): readonly object[] =>
    entries.filter((entry) => entry[field] === true).map((entry) => (isFields(entry.pairs) ? entry.pairs : {}));
  const common = isFields(commonLabels) ? commonLabels : {};
  const inSelectors = Object.assign({}, common, ...pairs('includeSelectors')) as Labels['inSelectors'];
  return { inSelectors, inClaims: Object.assign({}, inSelectors, ...pairs('includeTemplates')) as Labels['inClaims'] };
}

const WITH_SELECTOR = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

function placesOf({ kind, metadata, spec }: KubernetesObject, { inClaims, inSelectors }: Labels): readonly string[] {
  if (!isFields(spec)) return [];
  const claims = Array.isArray(spec.volumeClaimTemplates) ? spec.volumeClaimTemplates.filter(isFields) : [];
  const selector = isFields(spec.selector) ? spec.selector.matchLabels : undefined;
  return [
    ...(kind === 'StatefulSet' &&
    claims.some((claim) => hasAny(isFields(claim.metadata) && claim.metadata.labels, inClaims))
      ? [`volumeClaimTemplates of StatefulSet ${metadata.name}`]
      : []),
    ...(WITH_SELECTOR.includes(kind) && hasAny(selector, inSelectors)
      ? [`the selector of ${kind} ${metadata.name}`]
      : []),
  ];
}

function hasAny(labels: unknown, wanted: Readonly<Record<string, unknown>>): boolean {
  return isFields(labels) && Object.entries(wanted).some(([key, value]) => labels[key] === value);
}
