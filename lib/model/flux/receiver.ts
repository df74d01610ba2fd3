import { type KubernetesObject, type ObjectReference } from '../manifest/kubernetes-object';

/** A `Receiver` of Flux's notification-controller that GitLab calls. */
export interface ReceiverProps {
  /** Name of the object. */
  readonly name: string;
  /** Namespace of the object. */
  readonly namespace: string;
  /** Name of the Secret with the token, in the same namespace. */
  readonly secretName: string;
  /** What is reconciled at once when GitLab calls. */
  readonly resources: readonly ObjectReference[];
  /** Annotations of the object. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What GitLab says in `X-Gitlab-Event`; everything else is refused. */
const EVENTS = ['Push Hook', 'Tag Push Hook'];

/**
 * Renders a `Receiver` (notification.toolkit.fluxcd.io/v1) of type `gitlab`.
 *
 * @param props - its Secret and what it reconciles
 * @see https://fluxcd.io/flux/components/notification/receivers/#gitlab
 */
export function receiver(props: ReceiverProps): KubernetesObject {
  return {
    apiVersion: 'notification.toolkit.fluxcd.io/v1',
    kind: 'Receiver',
    metadata: { name: props.name, namespace: props.namespace, annotations: props.annotations },
    spec: {
      type: 'gitlab',
      interval: '10m',
      events: EVENTS,
      secretRef: { name: props.secretName },
      resources: props.resources,
    },
  };
}
