import { type FluxInstallation } from '../../installation/flux-installation';
import { checkReadAddress } from '../../manifest/project-branch';
import { ValidationError } from '../../validation-error';

/** A project, as far as these rules look at it. */
interface Project {
  readonly url: string;
  readonly path: string;
}
/** Where Terraform keeps its state, as far as these rules look at it. */
interface State {
  readonly type: 'local' | 'gitlab';
  readonly url?: string;
  readonly project?: string;
}
/** How files get into the project, as far as these rules look at it. */
interface Delivery {
  readonly type: string;
  readonly mergeRequest?: object;
}

/** Refuses what would show secrets to everybody who reads the GitOps repository or listens to the network. */
export function checkFleet({ project, state }: { readonly project: Project; readonly state?: State }): void {
  checkReadAddress('project', 'url', project.url);
  checkState(state, project);
}

/**
 * Refuses the GitOps project as the place of states: they hold secrets.
 *
 * @param state - where Terraform keeps its state; undefined for files
 * @param project - the project with the GitOps repository
 */
export function checkState(state: State | undefined, project: Project): void {
  if (state?.project === undefined || !isSame(state.url ?? '', project.url)) return;
  if (!isSame(state.project, project.path)) return;
  const want = 'another project than the GitOps project: states hold secrets, and other people may read that one';
  throw new ValidationError({ at: 'state', prop: 'project', got: state.project, want });
}

/** GitLab takes upper and lower case of paths for the same. */
function isSame(one: string, other: string): boolean {
  return one.replace(/\/+$/, '').toLowerCase() === other.replace(/\/+$/, '').toLowerCase();
}

/** What a pipeline that plans and applies needs. */
export const STATE_OF_PIPELINE =
  'a state that its jobs share, such as `state: { type: gitlab, … }`: a file is gone with the job that wrote it';

/**
 * Refuses states in files where a pipeline plans and applies: its jobs have no files in common.
 *
 * @param state - where Terraform keeps its state; undefined for files
 */
export function checkStateOfPipeline(state: State | undefined): void {
  if (state?.type === 'gitlab') return;
  throw new ValidationError({ at: 'planPipeline', want: STATE_OF_PIPELINE });
}

/**
 * Why a deploy will most likely fail where nobody may push to the branch.
 *
 * @param delivery - how files get into the project; undefined for the default
 */
export function pushWarnings(
  flux: FluxInstallation,
  delivery: Delivery | undefined,
): readonly { readonly message: string }[] {
  if (delivery?.type !== 'commit' || delivery.mergeRequest === undefined) return [];
  const ofTheCli = flux.type === 'bootstrap' && flux.pushes;
  if (!ofTheCli && flux.type !== 'provider') return [];
  const remedy = ofTheCli ? "`flux.gotkFiles: terraform`, which leaves Flux's own files to Terraform too, or " : '';
  return [
    {
      message: `files come by merge requests, but ${ofTheCli ? 'flux bootstrap' : 'the provider of Flux'} pushes to the branch itself: take ${remedy}\`flux.type: operator\`, or let its token push`,
    },
  ];
}
