import { below, type ErrorThing, type PropPath } from '../error-place';
import { WATCH_LABEL } from '../flux/metadata';
import { isFields } from '../manifest/fields';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { toYamlDocument } from '../manifest/yaml';
import { ValidationError } from '../validation-error';
import { type HelmValues } from './helm-values';

/** Kubernetes takes no ConfigMap of more than 1 MiB. */
const MOST_BYTES = 1_000_000;

/**
 * The ConfigMap with a component's values. Flux upgrades the release as soon as it changes.
 *
 * @throws ValidationError when they are more than a ConfigMap can hold
 */
export function valuesObject(
  component: string,
  metadata: Omit<KubernetesObject['metadata'], 'name'>,
  values: HelmValues,
): KubernetesObject {
  const text = toYamlDocument(values);
  if (Buffer.byteLength(text) > MOST_BYTES) {
    const want = `at most ${MOST_BYTES} bytes, which fit into a ConfigMap`;
    throw new ValidationError({ at: { component }, prop: 'values', got: Buffer.byteLength(text), want });
  }
  const { namespace, labels, annotations } = metadata;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `${component}-helm-values`, namespace, labels: { ...labels, ...WATCH_LABEL }, annotations },
    data: { 'values.yaml': text },
  };
}

/** Refuses what YAML and JSON cannot say alike. */
export function checkValue(at: ErrorThing, prop: PropPath, value: unknown): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => checkValue(at, below(prop, index), item));
    return;
  }
  if (isFields(value)) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      Object.entries(value).forEach(([key, item]) => checkValue(at, below(prop, key), item));
      return;
    }
  }
  const isPlain = value === null || value === undefined || ['string', 'boolean'].includes(typeof value);
  if (!isPlain && !(typeof value === 'number' && Number.isFinite(value))) {
    const want = 'text, a number, true, false, null, a list or a map';
    throw new ValidationError({ at, prop, got: typeof value === 'number' ? String(value) : typeof value, want });
  }
}
