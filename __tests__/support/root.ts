import { parse, parseAllDocuments } from 'yaml';

import { type FileTree } from '../../lib/model/manifest/file-tree';

/** The data of Secrets, by their names. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What decides how a root reads a revision. */
export interface RootSettings {
  readonly postBuild?: {
    readonly substitute?: Readonly<Record<string, string>>;
    readonly substituteFrom?: readonly { readonly name: string; readonly optional?: boolean }[];
  };
}

/** The settings that `flux-system/kustomization.yaml` gives the root. */
export function rootOf(files: FileTree, cluster: string): RootSettings {
  const text = String(files.get(`clusters/${cluster}/flux-system/kustomization.yaml`)?.content);
  const { patches = [] } = parse(text) as { patches?: { patch: string }[] };
  const operations = patches.map(({ patch }) => parse(patch)).flat() as {
    path?: string;
    value: NonNullable<RootSettings['postBuild']>;
  }[];
  const postBuild = operations.find(({ path }) => path === '/spec/postBuild')?.value;
  return postBuild === undefined ? {} : { postBuild };
}

/**
 * What a root makes of the files below `clusters/<cluster>`, as kustomize-controller does: each file that it applies, or
 * the error with which it applies none.
 *
 * @param strict - as since Flux 2.9, or before
 */
export function substituted(
  files: FileTree,
  { postBuild }: RootSettings,
  secrets: Secrets,
  strict: boolean,
): Readonly<Record<string, string>> | string {
  const values: Record<string, string> = {};
  for (const { name, optional } of postBuild?.substituteFrom ?? []) {
    if (secrets[name] === undefined && optional !== true) return `substitute from 'Secret/${name}' error: not found`;
    Object.assign(values, secrets[name]);
  }
  Object.assign(values, postBuild?.substitute);
  const result: Record<string, string> = {};
  for (const { path, content } of files) {
    if (!path.startsWith('clusters/') || path.includes('/flux-common/')) continue;
    let text = String(content);
    // Flux does not look for placeholders without a value to fill in.
    if (postBuild !== undefined && Object.keys(values).length > 0 && !isLiteral(text)) {
      const missing = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!).find((name) => !(name in values));
      if (missing !== undefined && strict) return `${path}: variable not set (strict mode): "${missing}"`;
      text = text.replace(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
    }
    result[path] = text;
  }
  return result;
}

interface ReadObject {
  readonly apiVersion?: string;
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
}

/** Objects that Flux does not fill in; a file holds only such, or none. */
function isLiteral(text: string): boolean {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as ReadObject | null)
    .every(
      (object) =>
        object?.apiVersion?.startsWith('kustomize.config.k8s.io/') === true ||
        object?.metadata?.annotations?.['kustomize.toolkit.fluxcd.io/substitute'] === 'disabled',
    );
}
