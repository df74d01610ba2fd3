import { type Release } from '@cdktf/provider-helm/lib/release/index.js';
import { type ITerraformDependable, Token } from 'cdktf';
import { type Construct } from 'constructs';

import { JOB_DEADLINE } from '../../model/flux/job-deadline';
import { FLUX_NAMESPACE } from '../../model/flux/metadata';
import { type OperatorJobValues } from '../../model/flux/operator/operator-settings';
import { type GitRoot } from '../../model/installation/git-root';
import { secondsOf } from '../../model/manifest/duration';
import { type ClusterAccess } from '../cluster/cluster-access';
import { type IGitLabProject } from '../repository/i-gitlab-project';
import { localRelease } from '../terraform/local-release';
import { type GitReadCredential } from './git-read-credential';

/** What both releases need. */
interface RootReleaseProps {
  /** The providers for the cluster that Flux runs on. */
  readonly access: ClusterAccess;
  /** How the Job runs. */
  readonly job: OperatorJobValues;
  /** What has to be there before. */
  readonly dependsOn: ITerraformDependable[];
}

/** What describes {@link appliedRoot}. */
export interface AppliedRootProps extends RootReleaseProps {
  /** The project with the GitOps repository. */
  readonly project: IGitLabProject;
  /** With what Flux reads it. */
  readonly credential: GitReadCredential;
  /**
   * Namespace of the Job.
   *
   * @default 'flux-system'
   */
  readonly namespace?: string;
  /**
   * `NAMESPACE/NAME` of the roots to wait for, those first that bring others.
   *
   * @default - that of the cluster
   */
  readonly roots?: readonly string[];
  /**
   * How long Flux may take.
   *
   * @default '15m'
   */
  readonly deadline?: string;
}

/** For how long Flux may fail, in seconds. */
const PATIENCE = 60;

/**
 * A release whose Job runs whenever a deploy brings other files, or another credential to read them with, and waits until
 * Flux has applied what is in Git.
 */
export function appliedRoot(scope: Construct, props: AppliedRootProps): Release {
  const { access, project, namespace = FLUX_NAMESPACE, roots = [`${FLUX_NAMESPACE}/${FLUX_NAMESPACE}`] } = props;
  const deadlineSeconds = secondsOf(props.deadline ?? JOB_DEADLINE);
  return localRelease(scope, 'Root', {
    provider: access.helm,
    name: 'flux-root',
    namespace,
    chart: 'flux-jobs',
    timeout: deadlineSeconds + 120,
    values: { ...props.job, root: { follow: roots, patienceSeconds: PATIENCE }, deadlineSeconds },
    // Not among the values: only when the stack is written it is known.
    set: [{ name: 'revision', value: `${project.revision(scope)} ${Token.asString(props.credential.revision)}` }],
    dependsOn: props.dependsOn,
  });
}

/** What describes {@link followedRoot}. */
export interface FollowedRootProps extends RootReleaseProps {
  /** The root as Git has it. */
  readonly gitRoot: GitRoot;
}

/** A release whose Job makes a root that is there what Git says, before something else waits for it. */
export function followedRoot(scope: Construct, { access, job, gitRoot, dependsOn }: FollowedRootProps): Release {
  return localRelease(scope, 'GitRoot', {
    provider: access.helm,
    name: 'flux-git-root',
    namespace: FLUX_NAMESPACE,
    chart: 'flux-jobs',
    timeout: secondsOf(JOB_DEADLINE) + 120,
    values: { ...job, gitRoot },
    dependsOn,
  });
}
