import { posix } from 'node:path';

import { checkAll } from '../check-all';
import { below, type ErrorThing, type PathStep } from '../error-place';
import { checkAnnotations, checkLabels } from '../manifest/kubernetes-metadata';
import { checkDnsLabel } from '../manifest/kubernetes-name';
import { type KustomizeTarget } from '../manifest/kustomize';
import { ValidationError } from '../validation-error';

/**
 * What Flux itself changes about a kustomize build: settings of a `Kustomization` that need no overlay.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export interface KustomizationChanges {
  /**
   * Directories with kustomize components (`kind: Component`), from the directory that Flux builds: that of the overlay,
   * so that those of a base are `../../base/…`, or that in the component's own repository.
   */
  readonly components?: readonly string[];
  /**
   * Whether `components` that are not there are left out.
   *
   * @default false
   */
  readonly ignoreMissingComponents?: boolean;
  /**
   * Namespace of all objects, whatever they say themselves. Namespaces among them are dropped. It has to be there.
   *
   * @default - objects without a namespace get the component's; from a repository of its own, all do
   */
  readonly targetNamespace?: string;
  /** Text before the names of all objects. */
  readonly namePrefix?: string;
  /** Text behind the names of all objects. */
  readonly nameSuffix?: string;
  /** Labels and annotations for everything that is applied. They count before what the objects say. */
  readonly commonMetadata?: CommonMetadata;
  /**
   * Fields that Flux leaves to others: it neither corrects nor applies them on objects that are there. Needs Flux 2.9.
   *
   * @default - Flux corrects everything that is in Git
   */
  readonly ignore?: readonly IgnoredFields[];
}

/** Labels and annotations for everything that is applied. */
export interface CommonMetadata {
  /** Labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Fields that Flux leaves to others. */
export interface IgnoredFields {
  /** The fields, as JSON pointers, for example `/spec/replicas`. */
  readonly paths: readonly string[];
  /**
   * The objects that have them.
   *
   * @default - all objects of the component
   */
  readonly target?: KustomizeTarget;
}

/** The fields of `spec` that say these settings. */
export function changesInSpec(changes: KustomizationChanges): object {
  const { components, ignoreMissingComponents, targetNamespace, namePrefix, nameSuffix, commonMetadata, ignore } =
    changes;
  return {
    components: components?.length ? components : undefined,
    ignoreMissingComponents,
    targetNamespace,
    namePrefix,
    nameSuffix,
    commonMetadata,
    ignore: ignore?.length ? ignore : undefined,
  };
}

/**
 * Refuses what Flux would refuse, and what would make names that no object can have.
 *
 * @param at - the thing that has the settings
 * @param prefix - where the thing has them
 */
export function checkKustomizationChanges(
  at: ErrorThing,
  prefix: readonly PathStep[],
  changes: KustomizationChanges,
): void {
  const { components = [], ignoreMissingComponents, targetNamespace, namePrefix, nameSuffix } = changes;
  const { commonMetadata, ignore = [] } = changes;
  const refuse = (prop: readonly PathStep[], got: unknown, want: string): never => {
    throw new ValidationError({ at, prop: below(prefix, ...prop), got, want });
  };
  checkAll(
    ...components.map((path, index) => () => {
      if (!isLocal(path)) refuse(['components', index], path, 'a relative path of a directory, such as ../../base/tls');
    }),
    () => {
      if (ignoreMissingComponents !== undefined && components.length === 0) {
        refuse(['ignoreMissingComponents'], ignoreMissingComponents, '`components` beside it');
      }
    },
    () => targetNamespace !== undefined && checkDnsLabel(at, below(prefix, 'targetNamespace'), targetNamespace),
    () => {
      if (namePrefix !== undefined && (namePrefix.length > LONGEST || !/^[a-z0-9][-a-z0-9.]*$/.test(namePrefix))) {
        refuse(['namePrefix'], namePrefix, `${WANTED}, a letter or digit first`);
      }
    },
    () => {
      if (nameSuffix !== undefined && (nameSuffix.length > LONGEST || !/^[-a-z0-9.]*[a-z0-9]$/.test(nameSuffix))) {
        refuse(['nameSuffix'], nameSuffix, `${WANTED}, a letter or digit last`);
      }
    },
    () => checkLabels(at, below(prefix, 'commonMetadata', 'labels'), commonMetadata?.labels),
    () => checkAnnotations(at, below(prefix, 'commonMetadata', 'annotations'), commonMetadata?.annotations),
    ...ignore.map(({ paths }, index) => () => {
      const wrong = paths.find((path) => !/^(\/([^~/]|~[01])*)+$/.test(path));
      if (wrong !== undefined || paths.length === 0) {
        refuse(['ignore', index, 'paths'], wrong ?? [], 'JSON pointers such as /spec/replicas');
      }
    }),
  );
}

const LONGEST = 200;
const WANTED = `1 to ${LONGEST} small letters, digits, hyphens and dots`;

/** Flux takes no component from elsewhere. */
function isLocal(path: string): boolean {
  return path !== '' && !posix.isAbsolute(path) && !/^(file:|git::|gh:|ssh:|https?:|git@|github\.com[:/])/i.test(path);
}
