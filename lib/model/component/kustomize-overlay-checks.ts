import { checkAll, mapAll } from '../check-all';
import { dataProblems, isDataKey } from '../manifest/config-data';
import { isDigest, WANTED_DIGEST } from '../manifest/container-image';
import { checkLabels } from '../manifest/kubernetes-metadata';
import { checkDnsSubdomain } from '../manifest/kubernetes-name';
import { checkKubernetesObject, isKubernetesObject, objectIdentity } from '../manifest/kubernetes-object';
import { checkKustomizePatch } from '../manifest/kustomize-patch';
import { checkWholeNumber } from '../manifest/whole-number';
import { ValidationError } from '../validation-error';
import { type ConfigMapGenerator, type KustomizeImage, type KustomizeOverlayProps } from './kustomize-overlay-props';

const AT = 'kustomize overlay';
/** kustomize appends a hyphen and ten characters to the name of a generated ConfigMap. */
const HASH_LENGTH = 11;
const LONGEST_NAME = 253;

/** Refuses changes that kustomize could not build, that the API server would refuse, and that set a Secret. */
export function checkOverlay(props: KustomizeOverlayProps): void {
  const { objects = [], patches = [], configMaps = [], replicas = {}, images = [] } = props;
  const generated = configMaps.filter(({ behavior = 'create' }) => behavior === 'create');
  checkAll(
    () => mapAll(objects, (object, index) => checkKubernetesObject(AT, ['objects', index], object)),
    () => refuseTwice('objects', objects.filter(isKubernetesObject).map(objectIdentity)),
    () => mapAll(patches, (patch, index) => checkKustomizePatch({ at: AT, prop: ['patches', index] }, patch)),
    () => checkLabels(AT, 'labels', props.labels),
    () => mapAll(configMaps, checkConfigMap),
    () =>
      refuseTwice(
        'configMaps',
        generated.map(({ name }) => name),
      ),
    () => mapAll(images, checkImage),
    () => mapAll(Object.entries(replicas), checkReplicas),
  );
}

function checkImage({ digest }: KustomizeImage, index: number): void {
  if (digest !== undefined && !isDigest(digest)) {
    throw new ValidationError({ at: AT, prop: ['images', index, 'digest'], got: digest, want: WANTED_DIGEST });
  }
}

function checkReplicas([name, count]: readonly [string, number]): void {
  checkWholeNumber(AT, ['replicas', name], count, { from: 0 });
}

function checkConfigMap({ name, data }: ConfigMapGenerator, index: number): void {
  const prop = ['configMaps', index] as const;
  checkAll(
    () => checkDnsSubdomain(AT, [...prop, 'name'], name),
    () => {
      if (name.length > LONGEST_NAME - HASH_LENGTH) {
        const want = `at most ${LONGEST_NAME - HASH_LENGTH} characters: kustomize appends a hash`;
        throw new ValidationError({ at: AT, prop: [...prop, 'name'], got: name, want });
      }
    },
    () =>
      mapAll(Object.keys(data), (key) => {
        if (!isDataKey(key)) {
          const want = 'keys of letters, digits, dots, hyphens and underscores';
          throw new ValidationError({ at: AT, prop: [...prop, 'data'], got: key, want });
        }
      }),
    () => {
      const [problem] = dataProblems({ data }, 'ConfigMap');
      if (problem !== undefined && Object.keys(data).every(isDataKey)) {
        const want = `what a ConfigMap can hold, but: ${problem}`;
        throw new ValidationError({ at: AT, prop: [...prop, 'data'], want });
      }
    },
  );
}

function refuseTwice(prop: string, names: readonly string[]): void {
  const index = names.findIndex((name, position) => names.indexOf(name) !== position);
  if (index !== -1) {
    throw new ValidationError({ at: AT, prop, got: names[index], want: 'each once: kustomize builds none of them' });
  }
}
