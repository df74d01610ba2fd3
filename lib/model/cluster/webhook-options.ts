import { type ReceiverCaller } from '../flux/patches/receiver-access';
import { checkDnsLabel, checkDnsSubdomain } from '../manifest/kubernetes-name';
import { withoutCredential } from '../manifest/url';
import { ValidationError } from '../validation-error';

/** An Ingress for the path of the project hook, and nothing else. */
export interface WebhookIngress {
  /**
   * Class of the Ingress.
   *
   * @default - that of the cluster
   */
  readonly className?: string;
  /**
   * Name of a Secret in `flux-system` with the certificate of the host.
   *
   * @default - the controller has one
   */
  readonly tlsSecretName?: string;
  /** Annotations, for example for cert-manager. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An HTTPRoute for the path of the project hook, and nothing else. The cluster serves the kind before Flux comes. */
export interface WebhookHttpRoute {
  /** Name of the Gateway. */
  readonly gateway: string;
  /** Namespace of the Gateway. */
  readonly gatewayNamespace: string;
  /**
   * Name of its listener.
   *
   * @default - each that takes the route
   */
  readonly sectionName?: string;
}

/** How a GitLab project hook reaches Flux. */
export interface WebhookTriggerOptions {
  /**
   * Address under which GitLab reaches Flux's receivers, without a path: `https://flux.uni-dev.example.com`. GitLab
   * checks its certificate.
   *
   * @default - there are receivers, and the hook is yours to make
   */
  readonly url?: string;
  /** An Ingress for the host of `url` and the path of the hook. */
  readonly ingress?: WebhookIngress;
  /** An HTTPRoute for the host of `url` and the path of the hook. */
  readonly httpRoute?: WebhookHttpRoute;
  /**
   * The only Pods that reach the receivers: those of the controller behind `url`.
   *
   * @default - Flux lets in the whole cluster
   */
  readonly callers?: readonly ReceiverCaller[];
}

/** Refuses options with which GitLab would not reach Flux. */
export function checkWebhookOptions(options: WebhookTriggerOptions): WebhookTriggerOptions {
  const at = 'trigger';
  const { url, ingress, httpRoute } = options;
  if (url !== undefined && !isOrigin(url)) {
    const want = 'an address without a path: https://flux.uni-dev.example.com';
    throw new ValidationError({ at, prop: ['webhook', 'url'], got: withoutCredential(url), want });
  }
  const routes = Object.entries({ ingress, httpRoute }).filter(([, route]) => route !== undefined);
  for (const [name] of routes) {
    if (url === undefined || new URL(url).port !== '') {
      const want = `a url without a port beside ${name}: its host is that of the route`;
      throw new ValidationError({ at, prop: ['webhook', 'url'], got: url, want });
    }
  }
  if (routes.length > 1) {
    throw new ValidationError({ at, prop: 'webhook', got: 'ingress and httpRoute', want: 'one of them' });
  }

  if (ingress?.className !== undefined) checkDnsSubdomain(at, ['webhook', 'ingress', 'className'], ingress.className);
  if (ingress?.tlsSecretName !== undefined) {
    checkDnsSubdomain(at, ['webhook', 'ingress', 'tlsSecretName'], ingress.tlsSecretName);
  }
  if (httpRoute !== undefined) {
    checkDnsSubdomain(at, ['webhook', 'httpRoute', 'gateway'], httpRoute.gateway);
    checkDnsLabel(at, ['webhook', 'httpRoute', 'gatewayNamespace'], httpRoute.gatewayNamespace);
    if (httpRoute.sectionName !== undefined) {
      checkDnsSubdomain(at, ['webhook', 'httpRoute', 'sectionName'], httpRoute.sectionName);
    }
  }
  return options;
}

function isOrigin(url: string): boolean {
  return URL.canParse(url) && url.startsWith('https://') && new URL(url).origin === url;
}
