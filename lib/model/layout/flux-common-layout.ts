import { type Component } from '../component/component';
import { type ComponentSecret } from '../component/component-secret';
import { namespaceObjects } from '../component/namespace-objects';
import { FLUX_NAMESPACE } from '../flux/metadata';
import { FileTree } from '../manifest/file-tree';
import { ValidationError } from '../validation-error';
import { secretProp } from './component-secrets';
import { type LayoutContext } from './layout-context';
import { CLUSTER_LABEL, COMPONENT_LABEL, withLabels } from './pipeline-labels';
import { placementOf } from './placement';

/**
 * `clusters/flux-common/<cluster>-<component>.yaml`: one file for GitLab CI to apply. The Flux objects live in
 * `flux-system` and use the root's Secret, so that the file needs no Secret and CI a role in one namespace only. Labels
 * say which cluster they are for.
 *
 * @throws ValidationError when the component cannot be deployed in this way
 */
export function fluxCommonFiles(component: Component, context: LayoutContext): FileTree {
  const placement = placementOf(component, context, {
    namespaceOf: () => FLUX_NAMESPACE,
    secretNameOf: (secret) => secretNameOf(component, secret, context),
    serviceAccountName: serviceAccountName(component, context),
    annotations: undefined,
  });
  const ofCluster = { [CLUSTER_LABEL]: context.cluster.name };
  const ofComponent = { ...ofCluster, [COMPONENT_LABEL]: component.name };
  const objects = [
    ...namespaceObjects(component).map((object) => withLabels(object, ofCluster)),
    ...component.fluxObjects(placement).map(({ object }) => withLabels(object, ofComponent)),
  ];
  return FileTree.of([{ path: `clusters/flux-common/${context.cluster.name}-${component.name}.yaml`, objects }]);
}

function secretNameOf(
  component: Component,
  { purpose, isForeign, credential: { data } }: ComponentSecret,
  { cluster, target }: LayoutContext,
): string | undefined {
  if (!isForeign) return target.sourceSecretName;
  if (data.type === 'none' || data.type === 'existing') return data.type === 'none' ? undefined : data.secretName;
  const other = purpose === 'git' ? 'a public repository' : `a Secret that exists in ${FLUX_NAMESPACE}`;
  throw new ValidationError({
    at: { component: component.name, cluster: cluster.name },
    prop: secretProp(component, purpose),
    got: data.type,
    want: `${other}, or another trigger: with the trigger pipeline the files hold no Secret`,
  });
}

/** CI may not write accounts or bindings, so the account has to exist; that of the controller exists wherever Flux runs. */
function serviceAccountName(component: Component, { cluster, target }: LayoutContext): string | undefined {
  const account = component.serviceAccount;
  if (account !== undefined && account.create !== false) {
    throw new ValidationError({
      at: { component: component.name, cluster: cluster.name },
      prop: ['serviceAccount', 'create'],
      got: true,
      want: `false, with an account that exists in ${FLUX_NAMESPACE}: with the trigger pipeline GitLab CI applies the files, and it may not write accounts`,
    });
  }
  return account?.name ?? (target.serviceAccountName === undefined ? undefined : `${component.type}-controller`);
}
