import { FLUX_NAMESPACE } from '../flux/metadata';

/** The root Kustomization as GitLab's dashboard names it. */
export const ROOT_RESOURCE_PATH = `kustomize.toolkit.fluxcd.io/v1/namespaces/${FLUX_NAMESPACE}/kustomizations/${FLUX_NAMESPACE}`;
