import { checkAll } from '../../check-all';
import { type GitRef } from '../../flux/git-repository';
import { type OciRef } from '../../flux/oci-repository';
import { checkVersionRange } from '../../flux/version-range';
import { type PathOptions } from '../../manifest/directory';
import { checkInterval } from '../../manifest/duration';
import { checkDnsSubdomain } from '../../manifest/kubernetes-name';
import { withoutCredential } from '../../manifest/url';
import { ValidationError } from '../../validation-error';
import { type GitCredential } from '../git-credential';
import { type ForeignGitSourceProps, GitSource } from '../git-source';
import { checkOciArtifact, type OciArtifactProps, ociRefOf } from '../oci-source';
import { type SecretReference } from '../secret-reference';
import { OwnChart } from './own-chart';

const AT = 'chart source';

/** A chart in a Helm repository. */
export interface ChartRepositoryProps {
  /** Address of the repository, without a credential: `https://…`. */
  readonly url: string;
  /** Name of the chart. */
  readonly name: string;
  /** Version, or a range of versions such as `1.x`. */
  readonly version: string;
  /**
   * User name and password for the repository.
   *
   * @default - none, the repository is public
   */
  readonly credential?: SecretReference;
  /**
   * Whether the credential also goes to other hosts that the repository's index names.
   *
   * @default false
   */
  readonly passCredentials?: boolean;
  /**
   * Name of a Secret with `ca.crt`, or with `tls.crt` and `tls.key`, in the namespace of the Flux objects. It is there
   * already.
   *
   * @default - none, the authorities that Flux's image trusts
   */
  readonly certSecretName?: string;
  /**
   * How often Flux asks for a new index.
   *
   * @default '1h'
   */
  readonly interval?: string;
}

/** A chart in an OCI registry. */
export type OciChartProps = OciArtifactProps;

/** Options of {@link ChartSource.local}. */
export interface LocalChartOptions extends PathOptions {
  /**
   * What of the GitOps repository Flux takes, for example a tag in production.
   *
   * @default - the branch that the clusters follow
   */
  readonly ref?: GitRef;
  /**
   * How the component's Secret with the credential comes about.
   *
   * @default GitCredential.terraform()
   */
  readonly credential?: GitCredential;
  /**
   * How often Flux asks for news.
   *
   * @default - as the cluster's trigger says
   */
  readonly interval?: string;
}

/** A chart in another Git repository. */
export interface GitChartProps extends ForeignGitSourceProps {
  /** Directory of the chart in the repository, for example `./charts/fluentd`. */
  readonly path: string;
  /**
   * What makes a new chart: another version in its `Chart.yaml`, or each revision of the repository.
   *
   * @default 'ChartVersion'
   */
  readonly reconcileStrategy?: 'ChartVersion' | 'Revision';
}

/** What a {@link ChartSource} is, as data. */
export type ChartSourceData =
  | ({ readonly type: 'repository' } & ChartRepositoryProps)
  | ({ readonly type: 'oci'; readonly ref: OciRef } & Omit<OciChartProps, keyof OciRef>)
  | { readonly type: 'local'; readonly chart: OwnChart; readonly source: GitSource }
  | {
      readonly type: 'git';
      readonly path: string;
      readonly source: GitSource;
      readonly reconcileStrategy: GitChartProps['reconcileStrategy'];
    };

/** Where the chart of a component comes from. */
export class ChartSource {
  /**
   * A chart in a Helm repository.
   *
   * @throws ValidationError when the address is not `https://…` or holds a credential, or the version is none
   */
  public static repository(props: ChartRepositoryProps): ChartSource {
    checkAll(
      () => {
        checkAddress(props.url, /^https?:\/\/[^/\s]+/, 'https://charts.example.com');
        if (props.credential !== undefined && !props.url.startsWith('https://')) {
          const want = 'https://…, or no credential: it would go over the network in clear';
          throw new ValidationError({ at: AT, prop: 'url', got: props.url, want });
        }
      },
      () => checkChartName(props.name),
      () => checkVersionRange(AT, 'version', props.version),
      () => checkCommon(props),
    );
    return new ChartSource({ type: 'repository', ...props });
  }

  /**
   * A chart in an OCI registry.
   *
   * @throws ValidationError when the address is not `oci://…` or holds a credential, when the version is not one thing,
   * or when a credential would be sent in clear
   */
  public static oci(props: OciChartProps): ChartSource {
    checkOciArtifact(AT, props);
    const { tag: _tag, semver: _semver, semverFilter: _filter, digest: _digest, ...rest } = props;
    return new ChartSource({ type: 'oci', ...rest, ref: ociRefOf(props) });
  }

  /**
   * A chart of yours: its directory is delivered to `systems/<component>`, together with its package.
   *
   * Flux installs it again when `Chart.yaml` says another version. `gitlab-flux validate --against` finds content that
   * has changed without one.
   *
   * @param directory - path of the directory; it holds a `Chart.yaml`
   * @param options - what of the GitOps repository Flux takes, and where a relative path starts from
   * @throws ValidationError when Helm could not install the chart
   */
  public static local(directory: string, options: LocalChartOptions = {}): ChartSource {
    const { relativeTo, ...source } = options;
    const chart = OwnChart.directory(directory, { relativeTo });
    return new ChartSource({ type: 'local', chart, source: GitSource.gitOpsRepository(source) });
  }

  /**
   * A chart in another Git repository.
   *
   * @param props - the repository, and the chart's directory in it
   * @throws ValidationError when the path leads out of the repository, or what {@link GitSource.git} refuses
   */
  public static git(props: GitChartProps): ChartSource {
    const { path, reconcileStrategy, ...source } = props;
    if (path.startsWith('/') || path.split('/').includes('..')) {
      const want = 'a directory within the repository, such as ./charts/fluentd';
      throw new ValidationError({ at: AT, prop: 'path', got: path, want });
    }
    return new ChartSource({
      type: 'git',
      path: path.startsWith('./') ? path : `./${path}`,
      source: GitSource.git(source),
      reconcileStrategy,
    });
  }

  private constructor(
    /** What the source is. */
    public readonly data: ChartSourceData,
  ) {}
}

function checkAddress(url: string, pattern: RegExp, example: string): void {
  const [, user] = /^[a-z]+:\/\/([^/]*)@/.exec(url) ?? [];
  if (!pattern.test(url) || user !== undefined) {
    const want = `an address such as ${example}, without user and password`;
    throw new ValidationError({ at: AT, prop: 'url', got: withoutCredential(url), want });
  }
}

function checkChartName(name: string): void {
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    throw new ValidationError({ at: AT, prop: 'name', got: name, want: 'the name of a chart' });
  }
}

function checkCommon({
  interval,
  certSecretName,
}: {
  readonly interval?: string;
  readonly certSecretName?: string;
}): void {
  checkAll(
    () => checkInterval(AT, 'interval', interval),
    () => {
      if (certSecretName !== undefined) checkDnsSubdomain(AT, 'certSecretName', certSecretName);
    },
  );
}
