import { HelmComponent } from '../../model/component/helm-component';
import { type Fields, isFields } from '../../model/manifest/fields';
import { type KubernetesObject } from '../../model/manifest/kubernetes-object';
import { secretState } from '../../model/manifest/secret';
import { type BuildProblem, type Built } from '../built';
import { objectProblem } from './object-problem';

const WANTED =
  'a Secret encrypted by SOPS, an ExternalSecret, or values that Flux fills in (${NAME}): what is in Git can be read by everybody who can read the repository';
const WANTED_OF_CHART =
  'it by valuesFrom, from a Secret: what is in Git can be read by everybody who can read the repository';
/** A shorter text stands in files by chance. */
const SHORTEST = 4;
const SECRET_KEY = /pass|pwd|secret|token|credential|private|api[-_.]?key|access[-_.]?key|auth/i;

/**
 * Secrets in plain text, however they came about: in a file, by a generator or a patch, within another object, or by
 * values of a chart; and those that nothing would decrypt.
 */
export function plainSecrets(built: Built): readonly BuildProblem[] {
  const { component } = built;
  if (component !== undefined && HelmComponent.isHelmComponent(component)) return secretsOfChart(built, component);
  return built.objects.flatMap((object) =>
    secretsIn(object).flatMap((secret) => {
      const state = secretState(secret);
      if (state === 'plain') {
        return [objectProblem(built, object, `has values of a Secret in plain text, want ${WANTED}`)];
      }

      return state === 'encrypted' && !built.decrypts
        ? [
            objectProblem(
              built,
              object,
              'is encrypted by SOPS, want `decryption` to be set: without it Flux applies the ciphertext',
            ),
          ]
        : [];
    }),
  );
}

/** Secrets may stand within other objects, for example among the values of a HelmRelease. */
function secretsIn(value: unknown): readonly Fields[] {
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  if (!isFields(value)) return [];
  return value.kind === 'Secret' && isFields(value.metadata) ? [value] : Object.values(value).flatMap(secretsIn);
}

/**
 * A chart may make up a password, or put into a Secret what is none: only a value that stands in the values or in the
 * chart, under a key that says what it is, can be read in Git.
 */
function secretsOfChart(built: Built, component: HelmComponent): readonly BuildProblem[] {
  const texts = new Set(leavesOf(component.valuesFor(built.cluster).values));
  const files = [...(component.ownChart?.packaged ?? [])].map(({ content }) => String(content));
  const isInGit = (value: string): boolean => texts.has(value) || files.some((file) => holds(file, value));
  return built.objects
    .filter(({ kind }) => kind === 'Secret')
    .flatMap((object) => {
      const readable = valuesOf(object).filter(
        ([key, value]) => SECRET_KEY.test(key) && value.length >= SHORTEST && isInGit(value),
      );
      const keys = readable.map(([key]) => key);
      return keys.length === 0
        ? []
        : [objectProblem(built, object, `has ${keys.join(', ')} in plain text, want ${WANTED_OF_CHART}`)];
    });
}

function valuesOf({ data, stringData }: KubernetesObject): readonly (readonly [string, string])[] {
  const decoded = Object.entries((data ?? {}) as Fields).map(
    ([key, value]) => [key, Buffer.from(String(value), 'base64').toString('utf8')] as const,
  );
  const plain = Object.entries((stringData ?? {}) as Fields).map(([key, value]) => [key, String(value)] as const);
  return [...decoded, ...plain];
}

function leavesOf(value: unknown): readonly string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leavesOf);
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? [String(value)] : [];
}

/** Not as a part of a longer word. */
function holds(file: string, value: string): boolean {
  for (let index = file.indexOf(value); index !== -1; index = file.indexOf(value, index + 1)) {
    const around = `${file[index - 1] ?? ''}${file[index + value.length] ?? ''}`;
    if (!/\w/.test(around)) return true;
  }
  return false;
}
