import { isFields } from '../../model/manifest/fields';
import { type BuildProblem, type Built, type BuiltKustomization } from '../built';
import { subjectOf } from './object-problem';
import { selects } from './target-match';

/**
 * Patches and images that change nothing, of which kustomize says nothing: those with a target that selects no object,
 * and images that no container has. Merge patches without a target and replicas that match nothing it refuses itself.
 *
 * @see https://github.com/kubernetes-sigs/kustomize/issues/4522
 */
export function changesOfNothing(built: Built): readonly BuildProblem[] {
  return built.kustomizations.flatMap((kustomization, index) => {
    const others = built.kustomizations.filter((_, other) => other !== index);
    const isRenamed = others.some(({ fields }) =>
      ['namePrefix', 'nameSuffix', 'namespace'].some((name) => fields[name]),
    );
    const images = index === 0 ? imagesOfNothing(kustomization, built.objects) : [];
    const messages = [...patchesOfNothing(kustomization, isRenamed), ...images];
    return messages.map(({ place, message }): BuildProblem => ({
      ...subjectOf(built),
      place: `${kustomization.source}: ${place}`,
      message,
      severity: 'warning',
    }));
  });
}

interface Message {
  readonly place: string;
  readonly message: string;
}

function patchesOfNothing({ patches, resources, fields }: BuiltKustomization, isRenamed: boolean): readonly Message[] {
  // Later transformers of the same file may have been told by names that others of it give.
  const renames = isRenamed || Boolean(fields.namePrefix) || Boolean(fields.nameSuffix);
  return patches.flatMap(({ place, target }) => {
    // What a kustomization of the kind Component changes is not its own.
    if (
      target === undefined ||
      resources.length === 0 ||
      resources.some((object) => selects(target, object, renames))
    ) {
      return [];
    }

    return [{ place, message: `changes nothing: no object is ${JSON.stringify(target)}` }];
  });
}

/** The last to change images are those of the overlay: what they name has to be there afterwards. */
function imagesOfNothing({ fields }: BuiltKustomization, objects: Built['objects']): readonly Message[] {
  const used = objects.flatMap(imagesIn).map((image) => image.replace(/@.*$/, '').replace(/:[^:/]*$/, ''));
  const images = (Array.isArray(fields.images) ? fields.images : []).filter(isFields);
  return images.flatMap(({ name, newName }, index) => {
    const wanted = newName ?? name;
    // kustomize takes a name for a regular expression.
    const isUsed = typeof wanted !== 'string' || used.some((image) => image === wanted || isMatch(wanted, image));
    return isUsed
      ? []
      : [{ place: `images[${index}]`, message: `changes nothing: no container has the image ${String(name)}` }];
  });
}

function isMatch(pattern: string, image: string): boolean {
  try {
    return new RegExp(`^${pattern}$`).test(image);
  } catch {
    return false;
  }
}

/** kustomize looks for containers at any depth. */
function imagesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(imagesIn);
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    (key === 'image' || key === 'reference') && typeof inner === 'string' ? [inner] : imagesIn(inner),
  );
}
