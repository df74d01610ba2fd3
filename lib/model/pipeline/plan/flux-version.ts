import { parseYamlDocuments } from '../../manifest/yaml';

/** A synthesized stack, as far as it tells the version of Flux. */
export interface StackResources {
  /** Resources by type and id. */
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/**
 * The version of Flux that a stack installs, if it installs one.
 *
 * @param stack - its `cdk.tf.json`
 */
export function fluxVersionOf({ resource = {} }: StackResources): string | undefined {
  const [provider] = Object.values(resource['flux_bootstrap_git'] ?? {});
  if (typeof provider?.['version'] === 'string') return provider['version'];
  for (const { name, values } of Object.values(resource['helm_release'] ?? {})) {
    const documents = (Array.isArray(values) ? values : []).flatMap((each) => parsed(each));
    const version = documents.map((document) => versionIn(name, document)).find((each) => each !== undefined);
    if (version !== undefined) return version;
  }
  return undefined;
}

interface ChartValues {
  readonly image?: unknown;
  readonly instance?: { readonly spec?: { readonly distribution?: { readonly version?: string } } };
}

/** The release `flux-cli` runs the image of that version; with the operator it is in the `FluxInstance`. */
function versionIn(release: unknown, { image, instance }: ChartValues): string | undefined {
  return release === 'flux-cli' ? /:(v[\w.-]*)(?:@|$)/.exec(String(image))?.[1] : instance?.spec?.distribution?.version;
}

/** Values may hold expressions of Terraform, which need not be YAML. */
function parsed(values: unknown): readonly ChartValues[] {
  try {
    return parseYamlDocuments(String(values), 'values') as readonly ChartValues[];
  } catch {
    return [];
  }
}
