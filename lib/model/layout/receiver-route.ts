import { type WebhookHttpRoute, type WebhookIngress } from '../cluster/webhook-options';
import { FLUX_NAMESPACE } from '../flux/metadata';
import { type KubernetesObject } from '../manifest/kubernetes-object';

/** The Service of Flux that GitLab's calls go to. */
export const RECEIVER_SERVICE = 'webhook-receiver';

/** A way from the host of the hook to Flux. */
export interface ReceiverRouteProps {
  /** Name of the object. */
  readonly name: string;
  /** Host of the hook. */
  readonly host: string;
  /**
   * The paths of the hooks, and no other: those of other receivers may need no token, and everybody can work them out.
   */
  readonly paths: readonly string[];
}

/** An Ingress for the paths of hooks. */
export function receiverIngress(
  { name, host, paths }: ReceiverRouteProps,
  { className, tlsSecretName, annotations }: WebhookIngress,
): KubernetesObject {
  const backend = { service: { name: RECEIVER_SERVICE, port: { number: 80 } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: FLUX_NAMESPACE, annotations },
    spec: {
      ingressClassName: className,
      tls: tlsSecretName === undefined ? undefined : [{ hosts: [host], secretName: tlsSecretName }],
      rules: [{ host, http: { paths: paths.map((path) => ({ path, pathType: 'Exact', backend })) } }],
    },
  };
}

/** An HTTPRoute for the paths of hooks. */
export function receiverHttpRoute(
  { name, host, paths }: ReceiverRouteProps,
  { gateway, gatewayNamespace, sectionName }: WebhookHttpRoute,
): KubernetesObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace: FLUX_NAMESPACE },
    spec: {
      parentRefs: [{ name: gateway, namespace: gatewayNamespace, sectionName }],
      hostnames: [host],
      rules: paths.map((value) => ({
        matches: [{ path: { type: 'Exact', value } }],
        backendRefs: [{ name: RECEIVER_SERVICE, port: 80 }],
      })),
    },
  };
}
