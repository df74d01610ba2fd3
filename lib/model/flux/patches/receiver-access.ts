import { checkDnsLabel } from '../../manifest/kubernetes-name';
import { ValidationError } from '../../validation-error';
import { type FluxPatchData } from './flux-patch-data';
import { jsonPatch } from './kustomize-patches';

/** Who may call Flux's receivers. */
export interface ReceiverCaller {
  /** Namespace of the callers' Pods. */
  readonly namespace: string;
  /**
   * Labels of the callers' Pods.
   *
   * @default - all Pods of the namespace
   */
  readonly podLabels?: Readonly<Record<string, string>>;
}

/** What the patch settles. */
export const RECEIVER_ACCESS = 'receiverAccess';

/**
 * Only these callers reach the receivers. Flux's own NetworkPolicy `allow-webhooks` admits every namespace.
 *
 * @throws ValidationError when there is none, or a namespace has no valid name
 * @see https://fluxcd.io/flux/security/best-practices/
 */
export function receiverAccess(callers: readonly ReceiverCaller[]): FluxPatchData {
  const at = 'FluxPatch.receiverAccess';
  if (callers.length === 0) throw new ValidationError({ at, got: callers, want: 'at least one caller' });
  callers.forEach(({ namespace }, index) => checkDnsLabel(at, [index, 'namespace'], namespace));
  const from = callers.map(({ namespace, podLabels }) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    ...(podLabels === undefined ? {} : { podSelector: { matchLabels: podLabels } }),
  }));
  return {
    patches: [
      jsonPatch({ group: 'networking.k8s.io', kind: 'NetworkPolicy', name: 'allow-webhooks' }, [
        { op: 'replace', path: '/spec/ingress/0/from', value: from },
      ]),
    ],
    settles: [RECEIVER_ACCESS],
  };
}
