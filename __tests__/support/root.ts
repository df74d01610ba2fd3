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
  readonly decryption?: { readonly secretRef?: { readonly name: string } };
}

/** The settings that `flux-system/kustomization.yaml` gives the root. */
export function rootOf(files: FileTree, cluster: string): RootSettings {
  const text = String(files.get(`clusters/${cluster}/flux-system/kustomization.yaml`)?.content);
  const { patches = [] } = parse(text) as { patches?: { patch: string }[] };
  const operations = patches.map(({ patch }) => parse(patch)).flat() as { path?: string; value: object }[];
  const settings = operations.flatMap(({ path = '', value }) => {
    const [, key] = /^\/spec\/(postBuild|decryption)$/.exec(path) ?? [];
    return key === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(settings);
}

/** Why a root applies nothing of a revision: a Secret that it needs is not there. */
function refused({ postBuild, decryption }: RootSettings, secrets: Secrets): string | undefined {
  const keys = decryption?.secretRef?.name;
  if (keys !== undefined && secrets[keys] === undefined) return `decryption Secret '${keys}' error: not found`;
  const gone = postBuild?.substituteFrom?.find(
    ({ name, optional }) => optional !== true && secrets[name] === undefined,
  );
  return gone && `substitute from 'Secret/${gone.name}' error: not found`;
}

/** The values that a root fills in; none when it fills in nothing. */
export function valuesOf({ postBuild }: RootSettings, secrets: Secrets): Readonly<Record<string, string>> | undefined {
  const from = (postBuild?.substituteFrom ?? []).map(({ name }) => secrets[name] ?? {});
  const values = Object.assign({}, ...from, postBuild?.substitute) as Readonly<Record<string, string>>;
  // Flux does not look for placeholders without a value to fill in.
  return Object.keys(values).length === 0 ? undefined : values;
}

/** The files below `clusters/` that a root applies, each with whether it is filled in. */
export function appliedFiles(files: FileTree): readonly { path: string; text: string; isFilled: boolean }[] {
  return [...files].flatMap(({ path, content }) => {
    if (!path.startsWith('clusters/') || path.includes('/flux-common/')) return [];
    return [{ path, text: String(content), isFilled: !isLiteral(String(content)) }];
  });
}

/**
 * What a root makes of the files below `clusters/<cluster>`, as kustomize-controller does: each file that it applies, or
 * the error with which it applies none. The root's placeholders are plain ones, without operators.
 *
 * @param strict - as since Flux 2.9, or before
 */
export function substituted(
  files: FileTree,
  root: RootSettings,
  secrets: Secrets,
  strict: boolean,
): Readonly<Record<string, string>> | string {
  const refusal = refused(root, secrets);
  if (refusal !== undefined) return refusal;
  const values = valuesOf(root, secrets);
  const result: Record<string, string> = {};
  for (const { path, text, isFilled } of appliedFiles(files)) {
    if (values === undefined || !isFilled) {
      result[path] = text;
      continue;
    }
    const missing = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!).find((name) => !(name in values));
    if (missing !== undefined && strict) return `${path}: variable not set (strict mode): "${missing}"`;
    result[path] = text.replace(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
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
