import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type JobRun, runJob } from '../../__tests__/support/pipeline-world';
import { temporaryDirectory } from '../../__tests__/support/rig';
import { type Person } from './world';

/** The CI variables of a world's project. */
export async function variablesOf({ project }: Person): Promise<readonly Record<string, any>[]> {
  return project.api('GET', '/variables') as Promise<Record<string, any>[]>;
}

/** Runs the cluster's job for the branch's newest commit, with what GitLab gives it. */
export async function runClusterJob(world: Person, kubeconfig?: string, cluster = 'uni-dev'): Promise<JobRun> {
  const { id } = await world.project.api('GET', '');
  const { commit } = await world.project.api('GET', '/repository/branches/main');
  const file = join(temporaryDirectory('variable'), 'FLUX_KUBECONFIG');
  writeFileSync(file, kubeconfig ?? (await variablesOf(world))[0]?.['value']);
  return runJob(`${world.gitlab.directory}/repositories/${id}.git`, cluster, commit.id, { kubeconfig: file });
}
