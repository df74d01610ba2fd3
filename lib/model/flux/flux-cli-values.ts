import { type ErrorThing } from '../error-place';
import { imageParts } from '../manifest/container-image';
import { secondsOf } from '../manifest/duration';
import { checkDnsSubdomain } from '../manifest/kubernetes-name';
import { ValidationError } from '../validation-error';
import { type BootstrapTarget, bootstrapArguments, type FluxBootstrapSettings } from './bootstrap-settings';
import { installArguments } from './gotk-files';
import { checkDeadline, DEADLINE, JOB_DEADLINE } from './job-deadline';
import { JOB_IMAGE, JOB_PLACEMENT, type JobPlacement } from './job-placement';
import { type OperatorJobValues } from './operator/operator-settings';
import { matching, type SettingsOf } from './setting';

const IMAGE = 'ghcr.io/fluxcd/flux-cli';
const ATTEMPT_TIMEOUT = '3m';

/** How the Jobs run that call the flux CLI. */
export interface FluxCliJobProps extends JobPlacement {
  /**
   * Image of the Jobs: that of the flux CLI, for example in a mirror, with or without a digest. Its tag is the version of
   * Flux, and may be left out.
   *
   * @default 'ghcr.io/fluxcd/flux-cli'
   */
  readonly jobImage?: string;
  /**
   * Where on the cluster, in `flux-system`, the CLI finds the certificate of the authority that signed GitLab's
   * (`--ca-file`).
   *
   * @default - the `certificateAuthority` of the project, or an authority that the image trusts
   */
  readonly certificateAuthorityRef?: {
    /** Kind of the object. */
    readonly kind: 'Secret' | 'ConfigMap';
    /** Name of the object. */
    readonly name: string;
    /** Key in its data. */
    readonly key: string;
  };
  /**
   * What happens to what Flux deployed when Flux is removed. `keep`: it stays. `delete`: it is deleted first, in the
   * reverse order of dependencies.
   *
   * @default 'keep'
   */
  readonly removalPolicy?: 'keep' | 'delete';
  /**
   * How long the bootstrap, and the removal, may take: at least 2m.
   *
   * @default '15m'
   */
  readonly deadline?: string;
  /**
   * How long one attempt of the bootstrap may take (`--timeout`): at least 10s. Attempts are repeated until the deadline,
   * because others push to the branch too.
   *
   * @default '3m'
   */
  readonly attemptTimeout?: string;
  /** Another text runs the bootstrap again. */
  readonly rerun?: string;
  /**
   * CPU and memory of the Jobs, as Kubernetes writes them.
   *
   * @default - requests of 50m and 128Mi, limits of 1 and 512Mi
   */
  readonly resources?: {
    /** What a Job gets. */
    readonly requests: Readonly<Record<string, string>>;
    /** What a Job may take. */
    readonly limits: Readonly<Record<string, string>>;
  };
}

/** What the chart `flux-jobs` is told of a Flux that the flux CLI installs and removes. */
export interface FluxCliValuesProps extends FluxBootstrapSettings, FluxCliJobProps {
  /** Project and directory. */
  readonly target: BootstrapTarget;
  /** Name of the Secret with the token, under the key `token`. */
  readonly tokenSecretName: string;
  /** Name of the Secret whose content the Job puts back after the CLI has overwritten it. */
  readonly restoreSecretName: string | undefined;
  /**
   * What the Job installs when the files of Flux itself are in Git already.
   *
   * @default - the Job writes them
   */
  readonly install?: FluxCliInstallation;
  /**
   * Whether Terraform has made the namespace, and so deletes it after the release.
   *
   * @default true
   */
  readonly createNamespace?: boolean;
}

/** What the Job installs when it need not write to Git. */
export interface FluxCliInstallation {
  /** SHA-256 of `gotk-components.yaml`. */
  readonly digest: string;
  /** Content of `gotk-sync.yaml`. */
  readonly sync: string;
  /** Content of `kustomization.yaml` beside it. */
  readonly kustomization: string;
}

/** How the Jobs run that call the flux CLI. */
// prettier-ignore
export const FLUX_CLI_JOB = {
  jobImage: JOB_IMAGE,
  certificateAuthorityRef: { doc: "Where on the cluster, in `flux-system`, the CLI finds the certificate of the authority that signed GitLab's. By default that of the project.", type: 'group', settings: {
    kind: { doc: 'Kind of the object.', type: 'choice', words: ['Secret', 'ConfigMap'], required: true },
    name: { doc: 'Name of the object.', type: 'text', required: true, check: checkDnsSubdomain },
    key: { doc: 'Key in its data.', type: 'text', required: true, examples: ['ca.crt'], check: matching(/^[a-zA-Z0-9._-]+$/, 'a key of a Secret or ConfigMap') },
  } },
  removalPolicy: { doc: 'Whether the workloads stay when Flux is removed.', type: 'choice', words: ['keep', 'delete'], default: 'keep' },
  deadline: DEADLINE,
  attemptTimeout: { doc: 'How long one attempt of the bootstrap may take: at least 10s.', type: 'duration', default: ATTEMPT_TIMEOUT, check: (at, prop, timeout) => checkDeadline(at, prop, timeout, '10s') },
  rerun: { doc: 'Another text runs the bootstrap again.', type: 'text' },
  resources: { doc: 'CPU and memory of the Jobs.', type: 'group', settings: {
    requests: { doc: 'What a Job gets.', type: 'map', of: { type: 'text' }, required: true, examples: [{ cpu: '50m', memory: '128Mi' }] },
    limits: { doc: 'What a Job may take.', type: 'map', of: { type: 'text' }, required: true, examples: [{ memory: '512Mi' }] },
  } },
  ...JOB_PLACEMENT,
} satisfies SettingsOf<FluxCliJobProps>;

/**
 * Refuses an image of another Flux.
 *
 * @param at - the thing that has the image
 */
export function checkJobVersion(at: ErrorThing, props: Pick<FluxBootstrapSettings, 'version'> & FluxCliJobProps): void {
  const { jobImage = IMAGE, version } = props;
  const { tag = version } = imageParts(jobImage);
  if (tag !== version) {
    const want = `the tag ${version}, which is the version of Flux, or none`;
    throw new ValidationError({ at, prop: 'jobImage', got: jobImage, want });
  }
}

/**
 * With what image, and where, the Jobs run, as the chart `flux-jobs` is told.
 *
 * @param props - the version of Flux, and how the Jobs run
 */
export function jobValues(props: Pick<FluxBootstrapSettings, 'version'> & FluxCliJobProps): OperatorJobValues & object {
  const { jobImage = IMAGE, version, imagePullSecrets, nodeSelector, tolerations, resources } = props;
  const { name, digest } = imageParts(jobImage);
  return {
    image: `${name}:${version}${digest === undefined ? '' : `@${digest}`}`,
    imagePullSecrets,
    nodeSelector,
    tolerations,
    ...{ resources },
  };
}

/**
 * The values of the chart `flux-jobs`. None of them is a secret.
 *
 * @param props - how Flux is installed and how the Jobs run
 */
export function fluxCliValues(props: FluxCliValuesProps): object {
  return {
    ...jobValues(props),
    deadlineSeconds: secondsOf(props.deadline ?? JOB_DEADLINE),
    revision: props.rerun,
    ...(props.install === undefined
      ? { bootstrap: bootstrapValues(props) }
      : { install: installValues(props, props.install) }),
    uninstall: {
      removalPolicy: props.removalPolicy ?? 'keep',
      ...(props.createNamespace === false && { keepNamespace: true }),
    },
  };
}

function bootstrapValues(props: FluxCliValuesProps): object {
  const {
    tokenSecretName: tokenSecret,
    restoreSecretName: restoreSecret,
    certificateAuthorityRef: certificateAuthority,
  } = props;
  return {
    arguments: bootstrapArguments(props, props.target),
    attemptSeconds: secondsOf(props.attemptTimeout ?? ATTEMPT_TIMEOUT),
    tokenSecret,
    restoreSecret,
    certificateAuthority,
  };
}

function installValues(props: FluxCliValuesProps, installation: FluxCliInstallation): object {
  return {
    arguments: installArguments(props),
    version: props.version,
    attemptSeconds: secondsOf(props.attemptTimeout ?? ATTEMPT_TIMEOUT),
    path: `./${props.target.path}`,
    ...installation,
  };
}

/**
 * How long Terraform waits for the release, in seconds: longer than a Job may run, so that it is the Job that says what
 * is wrong.
 */
export function releaseTimeout(props: FluxCliJobProps): number {
  return secondsOf(props.deadline ?? JOB_DEADLINE) + 120;
}
