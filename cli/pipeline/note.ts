import { Backoff } from '../../lib/gitlab/backoff';
import { gitLabClient } from '../../lib/gitlab/gitlab-client';
import { GitLabError } from '../../lib/gitlab/gitlab-error';
import { patientSender } from '../../lib/gitlab/request';
import { CommandError } from '../command-error';

/** A note of a merge request that pipelines keep up to date. */
export interface ReviewNote {
  /** What tells it from others: its number. */
  readonly part: number;
  /** Its text. */
  readonly text: string;
  /** Whether there is anything to say. Without it no note is begun. */
  readonly worthSaying: boolean;
}

/**
 * Writes a note, or brings it up to date.
 *
 * @param environment - the variables of a job of a merge request
 * @returns what was done
 * @throws CommandError when GitLab does not take it
 */
export async function writeNote(
  { part, text, worthSaying }: ReviewNote,
  environment: NodeJS.ProcessEnv,
): Promise<'created' | 'updated' | 'not needed'> {
  const { CI_SERVER_URL: host, CI_PROJECT_ID: project, CI_MERGE_REQUEST_IID: iid } = environment;
  const token = environment['GITLAB_FLUX_NOTE_TOKEN'];
  if (host === undefined || project === undefined || iid === undefined || token === undefined || token === '') {
    throw new CommandError('--note: want a pipeline of a merge request, and GITLAB_FLUX_NOTE_TOKEN with scope api');
  }

  const marker = `<!-- gitlab-flux plan ${part} -->`;
  const body = `${marker}\n${text}`;
  try {
    const { MergeRequestNotes: notes } = await gitLabClient(host, token, patientSender(new Backoff({ limit: 60_000 })));
    const existing = (await notes.all(project, Number(iid), { perPage: 100 })).find((each) =>
      each.body.startsWith(marker),
    );
    if (existing !== undefined) {
      await notes.edit(project, Number(iid), existing.id, { body });
      return 'updated';
    }
    if (!worthSaying) return 'not needed';
    await notes.create(project, Number(iid), body);
    return 'created';
  } catch (error) {
    throw error instanceof GitLabError ? new CommandError(`note: ${error.message}`) : error;
  }
}
