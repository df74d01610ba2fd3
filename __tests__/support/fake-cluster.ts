import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A call of a program. */
export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly input: string;
}
/** What a program does then. */
export interface Answer {
  readonly code?: number | 'none';
  readonly errors?: string;
  readonly output?: string;
}

/** A Kustomization or HelmRelease. */
export interface Workload {
  suspend?: boolean;
  frozen?: boolean;
  stuck?: boolean;
  leaving?: boolean;
  needs?: string[];
  checks?: string[];
  deletionPolicy?: string;
}
/** An object with finalizers, which somebody takes off when it is deleted, unless it is `stuck`. */
export interface Held {
  finalizers: string[];
  leaving?: boolean;
  stuck?: boolean;
}
/** What is on the cluster. */
export interface Cluster {
  secrets?: Record<string, Record<string, string>>;
  configMaps?: Record<string, unknown>;
  workloads?: Record<string, Workload>;
  /** Workloads that left without what they deployed. */
  abandoned?: string[];
  namespaces?: string[];
  /** Objects of `flux-system` with finalizers, by kind, version and name: `ConfigMap v1 a`. */
  held?: Record<string, Held>;
  /** Aggregated APIs that do not answer. */
  silent?: string[];
  crds?: string[];
  /** Calls that fail: `VERB RESOURCE`, or `VERB FILE`; with `once` before it, the next one. */
  broken?: string[];
  finalizerStays?: boolean;
  /** The root as Flux has it, the version of its controllers, and the version that Git has. */
  flux?: {
    manager?: string;
    path?: string;
    revision?: string;
    applied?: string;
    controllers?: Record<string, string>;
    inGit?: string;
    stuck?: boolean;
  };
  /** GENERATION OBSERVED OBSERVED-BY-CONDITION STATUS MESSAGE, by kind; each time it is read, the next one. */
  conditions?: Record<string, string[]>;
}

const STAYS = ' Some resources are remaining: configmaps. has 1 resource instances';
const FAILED: Answer = { code: 1 };
const lines = (...texts: readonly string[]): Answer => ({ output: texts.map((text) => `${text}\n`).join('') });

/** Stands for kubectl with a cluster, flux, and the clock: knows the calls that the scripts of the chart make. */
export class FakeCluster {
  public readonly state: Required<Cluster>;
  public seconds = 0;
  private attempts = 0;

  public constructor(
    private readonly options: {
      readonly cluster?: Cluster;
      readonly outcomes?: readonly string[];
      readonly manifests?: string;
    },
  ) {
    const empty = {
      secrets: {},
      configMaps: {},
      workloads: {},
      abandoned: [],
      namespaces: [],
      held: {},
      silent: [],
      crds: [],
      broken: [],
    };
    this.state = { ...empty, finalizerStays: false, flux: {}, conditions: {}, ...structuredClone(options.cluster) };
  }

  /** The clock, which sleep moves on. */
  public tell({ program, args }: Call): Answer {
    if (program === 'date') return lines(String(1_800_000_000 + this.seconds));
    this.seconds += Number(args[0]);
    return {};
  }

  public answer(call: Call): Answer {
    return call.program === 'flux' ? this.flux(call.args) : this.kubectl(call);
  }

  private flux([command = '', ...args]: readonly string[]): Answer {
    const { flux, crds, finalizerStays } = this.state;
    switch (command) {
      case 'bootstrap':
        return this.bootstrap();
      case 'install':
        return { output: this.options.manifests ?? '' };
      case 'reconcile':
        // Flux reads Git, and applies it at once unless it is stuck.
        if (this.isBroken(`reconcile ${args[0]}`)) return FAILED;
        flux.revision = 'main@sha1:2';
        if (flux.stuck) return {};
        flux.applied = flux.revision;
        for (const name of Object.keys(flux.controllers ?? {})) flux.controllers![name] = flux.inGit ?? 'v2.9.4';
        return {};
      default:
        if (!finalizerStays) crds.splice(0);
        return {};
    }
  }

  /** Like the real one with --token-auth it writes the token into the Secret first. */
  private bootstrap(): Answer {
    const { outcomes = ['ok'] } = this.options;
    Object.assign((this.state.secrets['flux-system'] ??= {}), {
      username: Buffer.from('git').toString('base64'),
      password: Buffer.from('glpat-may-push').toString('base64'),
    });
    const outcome = outcomes[Math.min(this.attempts++, outcomes.length - 1)];
    if (outcome === 'hang') return { code: 'none' };
    if (outcome === 'wait') {
      return {
        ...lines(
          '✔ reconciled sync configuration',
          '◎ waiting for GitRepository "flux-system/flux-system" to be reconciled',
        ),
        code: 'none',
      };
    }
    return outcome === 'ok' ? lines('✔ all components are healthy') : { code: 1, errors: `${outcome}\n` };
  }

  private isBroken(what: string): boolean {
    const { broken } = this.state;
    const once = broken.indexOf(`once ${what}`);
    if (once !== -1) broken.splice(once, 1);
    return once !== -1 || broken.includes(what);
  }

  private kubectl({ args, input }: Call): Answer {
    const option = (name: string): string | undefined =>
      args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
    const [verb = '', resource = '', ...names] = args.filter((arg) => !arg.startsWith('--'));
    const file = option('filename');
    if (this.isBroken(`${verb} ${file === undefined || file === '-' ? resource : basename(file)}`)) return FAILED;
    this.letLeave();
    const missing = (): Answer =>
      args.includes('--ignore-not-found') ? {} : { code: 1, errors: 'Error from server (NotFound)\n' };
    const { secrets, configMaps, crds, flux, namespaces } = this.state;
    const name = names[0] ?? '';
    const output = option('output') ?? '';
    const isOfFlux = /^(kustomizations|helmreleases)\./.test(resource);
    if (isOfFlux && !crds.includes(resource)) {
      return { code: 1, errors: `error: the server doesn't have a resource type "${resource}"\n` };
    }

    switch (`${verb} ${resource.replace(/[./].*/, '')}`) {
      case 'get secret': {
        const data = secrets[name];
        if (data === undefined) return missing();
        const password = Buffer.from(data['password'] ?? '', 'base64').toString();
        return output.includes('base64decode') ? { output: password } : lines(JSON.stringify(data));
      }
      case 'create ': {
        const { metadata, data } = JSON.parse(input);
        if (secrets[metadata.name] !== undefined) return { code: 1, errors: 'Error from server (AlreadyExists)\n' };
        secrets[metadata.name] = data;
        return {};
      }
      case 'apply ':
        return this.apply(file === '-' ? input : readFileSync(file!, 'utf8'));
      case 'patch secret':
        Object.assign(secrets[name]!, JSON.parse(input).data);
        return {};
      case 'delete secret':
        Reflect.deleteProperty(secrets, name);
        return {};
      case 'get configmap':
        return configMaps[name] === undefined ? missing() : lines(`configmap/${name}`);
      case 'delete configmap':
        Reflect.deleteProperty(configMaps, name);
        return {};
      case 'get crd': {
        if (output.startsWith('jsonpath')) return lines(flux.manager ?? '');
        const found = option('selector') === undefined ? names.filter((each) => crds.includes(each)) : crds;
        return lines(...found.map((each) => `customresourcedefinition.apiextensions.k8s.io/${each}`));
      }
      case 'get namespaces':
        return lines(...namespaces.map((each) => `namespace/${each}`));
      case 'get namespace':
        return lines(output.includes('.conditions') ? STAYS : 'Active');
      case 'get configmaps':
        return lines('    held by ConfigMap a (example.com/held)');
      case 'get apiservices':
        return lines('v1.apps True Local', ...this.state.silent.map((each) => `${each} False no endpoints`));
      case 'api-resources ':
        return lines('configmaps', 'widgets.example.com');
      case 'get configmaps,widgets':
        return lines(
          ...Object.entries(this.state.held).map(([key, { finalizers, leaving }]) =>
            [key, leaving ? 'leaving' : 'here', ...finalizers].join(' '),
          ),
        );
      case 'delete ConfigMap':
      case 'delete Widget': {
        const [kind, version, group] = resource.split('.');
        const key = `${kind} ${version === undefined ? 'v1' : `${group}.com/${version}`} ${name}`;
        const object = this.state.held[key];
        if (object === undefined) return missing();
        object.leaving = true;
        return {};
      }
      case 'delete namespace':
        if (resource === 'namespace/stuck') return {};
        namespaces.splice(namespaces.indexOf(resource.slice('namespace/'.length)), 1);
        return {};
      case 'get gitrepositories':
        return output.startsWith('go-template') ? this.condition('gitrepositories') : lines(flux.revision ?? '');
      case 'get fluxinstances':
        return this.condition('fluxinstances');
      case 'get deployments':
        return lines(
          ...Object.entries(flux.controllers ?? {})
            .filter(([, version]) => !option('selector')!.includes(`version!=${version}`))
            .map(([controller]) => `deployment.apps/${controller}`),
        );
      case 'get kustomizations':
      case 'get helmreleases':
        return this.getWorkloads(resource, name, output, option('selector'), option('namespace'), missing);
      case 'patch kustomizations':
      case 'patch helmreleases': {
        const workload = this.state.workloads[keyOf(resource, name, option('namespace'))];
        if (workload === undefined) return missing();
        const { spec, metadata } = JSON.parse(option('patch')!);
        Object.assign(workload, spec);
        if (metadata !== undefined) workload.frozen = Object.values(metadata.labels)[0] !== null;
        return {};
      }
      case 'delete kustomizations':
      case 'delete helmreleases': {
        const workload = this.state.workloads[keyOf(resource, name, option('namespace'))];
        if (workload === undefined) return missing();
        workload.leaving = true;
        return {};
      }
      default: {
        if (verb !== 'kustomize') return {};
        const read = (each: string): string => readFileSync(join(resource, each), 'utf8');
        return { output: `${read('gotk-components.yaml')}---\n${read('gotk-sync.yaml')}` };
      }
    }
  }

  /** Objects leave between two calls, those that are `stuck` never; suspended ones leave what they deployed. */
  private letLeave(): void {
    const { workloads, abandoned, held } = this.state;
    for (const [key, { leaving, stuck }] of Object.entries(held)) {
      if (leaving && !stuck) Reflect.deleteProperty(held, key);
    }
    for (const [key, workload] of Object.entries(workloads)) {
      if (!workload.leaving || workload.stuck) continue;
      if (workload.suspend || workload.deletionPolicy === 'Orphan') abandoned.push(key);
      Reflect.deleteProperty(workloads, key);
    }
  }

  private apply(text: string): Answer {
    const { crds, flux, configMaps } = this.state;
    if (text.startsWith('{')) {
      const { metadata, data } = JSON.parse(text);
      configMaps[metadata.name] = data;
      return {};
    }
    const crd = 'kustomizations.kustomize.toolkit.fluxcd.io';
    if (text.includes('kind: CustomResourceDefinition') && !crds.includes(crd)) crds.push(crd);
    const version = /app.kubernetes.io\/version: (\S+)/.exec(text)?.[1];
    if (version !== undefined) flux.controllers = { 'source-controller': version };
    flux.path = /^ {2}path: (.*)$/m.exec(text)?.[1] ?? flux.path;
    return {};
  }

  private condition(kind: string): Answer {
    const said = this.state.conditions[kind] ?? [];
    return lines((said.length > 1 ? said.shift() : said[0]) ?? '1 0');
  }

  private getWorkloads(
    resource: string,
    name: string,
    output: string,
    selector: string | undefined,
    namespace: string | undefined,
    missing: () => Answer,
  ): Answer {
    const { workloads, flux } = this.state;
    if (name !== '') {
      if (output.includes('observedGeneration')) return this.condition('kustomizations');
      if (output.includes('.spec.path')) return lines(flux.path ?? '');
      if (output.includes('lastAppliedRevision')) return lines(flux.applied ?? '');
      if (output.includes('inventory')) return {};
      const workload = workloads[keyOf(resource, name, namespace)];
      if (output.includes('.spec.suspend') && !output.includes('.conditions')) {
        return lines(String(workload?.suspend ?? ''));
      }
      if (output === 'name') return workload === undefined ? missing() : lines(`${resource}/${name}`);
      return lines('not yet');
    }
    const found = Object.entries(workloads).filter(([key]) =>
      key.startsWith(`${kindOf(resource)}/${namespace === undefined ? '' : `${namespace}/`}`),
    );
    if (selector !== undefined) {
      const frozen = Object.entries(workloads).filter(([, workload]) => workload.frozen);
      return lines(...frozen.map(([key]) => key.split('/').slice(1).reverse().join(' ')));
    }
    return lines(
      ...found.flatMap(([key, { leaving, needs = [], checks = [] }]) => [
        `object ${key} ${leaving ? 'leaving' : 'here'}`,
        ...needs.map((other) => `needs ${key} ${other}`),
        ...checks.map((other) => `checks ${key} ${other}`),
      ]),
    );
  }
}

const kindOf = (resource: string): string => (resource.startsWith('kustomizations.') ? 'Kustomization' : 'HelmRelease');
const keyOf = (resource: string, name: string, namespace = 'flux-system'): string =>
  `${kindOf(resource)}/${namespace}/${name}`;
