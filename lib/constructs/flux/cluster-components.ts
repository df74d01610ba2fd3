import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { type Cluster } from '../../model/cluster/cluster';
import { WATCH_LABEL } from '../../model/flux/metadata';
import { GIT_CREDENTIALS_SECRET, needsGitCredentials } from '../../model/installation/root-patches';
import { ClusterLayout } from '../../model/layout/cluster-layout';
import { secretVariables } from '../../model/layout/component-secrets';
import { type ClusterAccess } from '../cluster/cluster-access';
import { type IGitLabProject } from '../repository/i-gitlab-project';
import { SecretV1 } from '../terraform/resources';
import { secretVariable } from '../terraform/secret-variable';
import { type IFlux } from './i-flux';
import { combinedRevision, textRevision } from './revision';

/** What describes {@link ClusterComponents}. */
export interface ClusterComponentsProps {
  /** The cluster. */
  readonly cluster: Cluster;
  /** The project with the GitOps repository. */
  readonly project: IGitLabProject;
  /** The providers for the cluster that Flux runs on. */
  readonly access: ClusterAccess;
  /** The Flux that deploys the components. */
  readonly flux: IFlux;
}

/**
 * The components of a cluster: their files in the GitOps repository, and the Secret from which Flux fills the Secret of
 * each component's source.
 *
 * The credential of a source that is not the GitOps repository comes from the Terraform variables
 * `git_username_<component>` and `git_password_<component>`, with `_` for `-`; that of a chart's repository from
 * `chart_username_<component>` and `chart_password_<component>`; a chart's secret values from `helm_values_<component>`.
 */
export class ClusterComponents extends Construct {
  /** The files are in the repository. */
  public readonly files: ITerraformDependable;

  /**
   * @param props - the cluster, the project and the Flux that deploys the components
   * @throws ValidationError when a component cannot be deployed to the cluster in this way, or somebody else writes one
   * of its files
   */
  constructor(scope: Construct, id: string, props: ClusterComponentsProps) {
    super(scope, id);
    const { cluster, project, flux } = props;
    const credentials = needsGitCredentials(cluster) ? [this.createGitCredentials(props)] : [];
    const { files } = new ClusterLayout({ cluster, target: flux.target, repository: project });
    // Flux would fill in nothing without them.
    this.files = project.write(this, files, { after: credentials });
    [this.files, ...credentials].forEach((what) => flux.requires(what));
  }

  /** The values are JSON strings, which are YAML strings too: Flux would read a bare 12345 as a number. */
  private createGitCredentials({ cluster, access, flux }: ClusterComponentsProps): SecretV1 {
    const data: Record<string, string> = {};
    const foreign = new Map<string, number>();
    let own = 0;
    for (const component of cluster.components) {
      for (const secret of component.secretsFor(cluster)) {
        const { data: origin } = secret.credential;
        if (origin.type !== 'terraform') continue;
        for (const { field, name, variable, description } of secretVariables(component, secret)) {
          if (variable === undefined) {
            // The same for every component: each function call costs a stack trace.
            if (name in data) continue;
            const { username, password, revision } = flux.readCredential;
            data[name] = Fn.jsonencode(field === 'username' ? username : password);
            own = revision;
          } else {
            data[name] = Fn.jsonencode(secretVariable(this, variable, description).stringValue);
            foreign.set(name, origin.revision);
          }
        }
      }
    }
    return new SecretV1(this, 'GitCredentials', {
      provider: access.kubernetes,
      dependsOn: [flux.namespace],
      metadata: { name: GIT_CREDENTIALS_SECRET, namespace: flux.target.rootNamespace, labels: WATCH_LABEL },
      dataWo: data,
      dataWoRevision: combinedRevision([own, textRevision(revisionsAsText(foreign))]),
      // The provider keeps empty ones out of the state; a plan with -refresh=false would show them as new.
      lifecycle: { ignoreChanges: ['metadata[0].annotations'] },
    });
  }
}

/** With a sum of the numbers, nobody would notice that one credential comes while another one goes. */
function revisionsAsText(revisions: ReadonlyMap<string, number>): string | undefined {
  return revisions.size === 0 ? undefined : JSON.stringify([...revisions].sort(([a], [b]) => (a < b ? -1 : 1)));
}
