import { ChartSource } from '../../component/chart/chart-source';
import { HelmComponent } from '../../component/helm-component';
import { type HelmValuesFrom, type HelmVariant } from '../../component/helm-component-props';
import { type SecretReference } from '../../component/secret-reference';
import { readCertificateAuthority } from '../../manifest/certificate-authority';
import { type FleetPath } from '../fleet-document';
import { type ChartInput } from '../schema/chart';
import { type HelmComponentInput, type HelmVariantInput, type ValuesFromInput } from '../schema/helm-component';
import { type SecretReferenceInput } from '../schema/oci';
import { type ComponentReferences } from './kustomize-component';
import { patchOf } from './kustomize-patch';
import { type LoadContext } from './load-context';
import { secretOf } from './secret-reference';
import { credentialOf } from './source';

/**
 * A component that Flux installs with Helm.
 *
 * @param references - the other components that it names
 */
export function helmComponentOf(
  context: LoadContext,
  path: FleetPath,
  name: string,
  input: HelmComponentInput,
  references: ComponentReferences,
): HelmComponent {
  const {
    chart,
    environments,
    variants: conditional,
    clusters,
    dependsOn,
    namespaceOwner: _,
    valuesFrom,
    postRender,
    ...settings
  } = input;
  const variants = (
    key: string,
    given?: Readonly<Record<string, HelmVariantInput>>,
  ): Record<string, HelmVariant> | undefined =>
    given &&
    Object.fromEntries(
      Object.entries(given).map(([each, variant]) => [
        each,
        context.attempt([], () => variantOf(context, [...path, key, each], variant)) ?? {},
      ]),
    );
  const madeChart = context.attempt([], () => chartOf(context, [...path, 'chart'], chart));
  const props = {
    ...settings,
    ...(context.attempt([], () => variantOf(context, path, { valuesFrom, postRender })) ?? {}),
    name,
    // What is wrong was noted, and the rest can be judged with another.
    chart: madeChart ?? standIn(chart),
    dependsOn: dependsOn && references.dependsOn,
    namespaceOwner: references.namespaceOwner,
    environments: variants('environments', environments),
    clusters: variants('clusters', clusters),
    variants: conditional?.map(({ when, ...variant }, index) => ({
      ...(context.attempt([], () => variantOf(context, [...path, 'variants', index], variant)) ?? {}),
      when,
    })),
  };
  const component = context.within([path], () => new HelmComponent(props));
  return madeChart === undefined ? context.giveUp() : component;
}

/** A chart of the same kind, so that what is pinned by version or ref is judged alike. */
function standIn({ oci, git }: ChartInput): ChartSource {
  if (oci !== undefined) return ChartSource.oci({ url: 'oci://example.com/charts/example', tag: '1.0.0' });
  return git === undefined
    ? ChartSource.repository({ url: 'https://example.com', name: 'example', version: '1.0.0' })
    : ChartSource.git({ url: 'https://example.com/example.git', path: 'example', ref: { branch: 'main' } });
}

function chartOf(context: LoadContext, path: FleetPath, input: ChartInput): ChartSource {
  const { repository, oci, local, git } = input;
  const [kind = ''] = Object.keys(input);
  const own = [...path, kind];
  const secret = (given: SecretReferenceInput | undefined): SecretReference | undefined =>
    given && secretOf(context, [...own, 'credential'], given);
  return context.within([own], () => {
    if (repository !== undefined) {
      return ChartSource.repository({ ...repository, credential: secret(repository.credential) });
    }

    if (oci !== undefined) return ChartSource.oci({ ...oci, credential: secret(oci.credential) });
    if (local !== undefined) {
      const { directory, ...options } = local;
      const credential = options.credential && credentialOf(context, [...own, 'credential'], options.credential);
      return ChartSource.local(directory, { ...options, credential, relativeTo: context.directory });
    }
    if (git === undefined) return context.giveUp();
    const credential = git.credential && credentialOf(context, [...own, 'credential'], git.credential);
    const { certificateAuthorityFile: file, ...settings } = git;
    const certificateAuthority = file && readCertificateAuthority('chart source', file, context.directory);
    return ChartSource.git({ ...settings, credential, certificateAuthority });
  });
}

function variantOf(context: LoadContext, path: FleetPath, input: HelmVariantInput): HelmVariant {
  const { valuesFrom, postRender, ...settings } = input;
  const { patches, ...changes } = postRender ?? {};
  return {
    ...settings,
    ...(valuesFrom && {
      valuesFrom: valuesFrom.map((each, index) => valuesFromOf(context, [...path, 'valuesFrom', index], each)),
    }),
    ...(postRender && { postRender: { ...changes, ...(patches && { patches: patches.map(patchOf) }) } }),
  };
}

function valuesFromOf(context: LoadContext, path: FleetPath, input: ValuesFromInput): HelmValuesFrom {
  const { secret, ...rest } = input;
  return { ...rest, ...(secret && { secret: secretOf(context, [...path, 'secret'], secret) }) };
}
