import { type Component } from '../component/component';
import { FLUX_NAMESPACE } from '../flux/metadata';
import { FileTree } from '../manifest/file-tree';
import { toYaml } from '../manifest/yaml';
import { ValidationError } from '../validation-error';
import { type Layout, type LayoutContext } from './layout';
import { namespaceObjects } from './namespace';
import { placementOf } from './placement';

/** The account of kustomize-controller, which exists wherever Flux runs. */
const CONTROLLER_ACCOUNT = 'kustomize-controller';

/**
 * `clusters/flux-common/<cluster>-<component>.yaml`: one file for GitLab CI to apply. The Flux objects live in
 * `flux-system` and use the root's Secret, so that the file needs no Secret and CI a role in one namespace only.
 */
export const fluxCommonLayout: Layout = {
  name: 'flux-common',
  fillsSecrets: false,

  render(component, context) {
    const { cluster } = context;
    const placement = placementOf(component, context, {
      namespaceOf: () => FLUX_NAMESPACE,
      sourceSecretName: sourceSecretName(component, context),
      serviceAccountName: serviceAccountName(component, context),
      annotations: undefined,
    });
    const objects = [...namespaceObjects(component), ...component.fluxObjects(placement).map(({ object }) => object)];
    return FileTree.of([
      { path: `clusters/flux-common/${cluster.name}-${component.name}.yaml`, content: toYaml(objects) },
    ]);
  },
};

function sourceSecretName(component: Component, { cluster, target }: LayoutContext): string | undefined {
  const source = component.sourceFor(cluster);
  if (source?.isForeign && source.credential.data.type !== 'none') {
    throw new ValidationError({
      at: `component "${component.name}" on cluster "${cluster.name}"`,
      prop: 'source.credential',
      got: source.credential.data.type,
      want: 'a public repository, or another trigger: with the trigger pipeline the files hold no Secret',
    });
  }
  return source === undefined || source.isForeign ? undefined : target.sourceSecretName;
}

/** CI may not write accounts or bindings, so the account has to exist. */
function serviceAccountName(component: Component, { cluster, target }: LayoutContext): string | undefined {
  const account = component.serviceAccount;
  if (account !== undefined && account.create !== false) {
    throw new ValidationError({
      at: `component "${component.name}" on cluster "${cluster.name}"`,
      prop: 'serviceAccount.create',
      got: true,
      want: `false, with an account that exists in ${FLUX_NAMESPACE}: with the trigger pipeline GitLab CI applies the files, and it may not write accounts`,
    });
  }
  return account?.name ?? (target.serviceAccountName === undefined ? undefined : CONTROLLER_ACCOUNT);
}
