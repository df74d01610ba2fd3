import { z } from 'zod';

import { choice, duration, flag, listOf, text } from './fields';

const author = z
  .strictObject({
    name: text('Name of the author.', { examples: ['Fleet'] }),
    email: text('Mail address of the author.', { examples: ['fleet@example.com'] }),
  })
  .meta({ description: 'Author of the commits. By default the owner of the token.' })
  .optional();

const mergeRequest = z
  .strictObject({
    title: text("Title of the merge request. By default the first line of the commit's message.").optional(),
    labels: listOf('Labels of the merge request.', z.string(), { examples: [['fleet']] }).optional(),
    ready: choice('When the files count as delivered, so that what needs them goes on.', ['merged', 'opened'], {
      default: 'merged',
    }).optional(),
    wait: duration('For how long a deploy waits for the merge; then it fails.', { default: '0s' }).optional(),
  })
  .meta({
    description: 'The files come by a merge request, for a branch that nobody may push to. By default by a commit on the branch.',
    examples: [{}, { labels: ['fleet'], wait: '30m' }],
  })
  .optional();

const commit = z
  .strictObject({
    type: z.literal('commit').meta({ description: 'One commit per stack and deploy.' }),
    onConflict: choice(
      'What to do about a file that somebody else wrote or changed: fail and name it, leave it until the stack changes it too, or overwrite it.',
      ['fail', 'adopt', 'overwrite'],
      { default: 'fail' },
    ).optional(),
    onDestroy: choice('Whether the files of a stack that is destroyed are removed.', ['remove', 'keep'], {
      default: 'remove',
    }).optional(),
    message: z
      .strictObject({
        subject: text('First line of the message. By default what changed.').optional(),
        skipCi: flag('GitLab runs no pipeline for the commits.', false).optional(),
      })
      .meta({ description: 'The message of the commits. By default it says what changed.' })
      .optional(),
    author,
    mergeRequest,
    from: choice('The delivery before, for the one deploy that changes it.', ['files']).optional(),
    command: text("How `gitlab-flux` is called, from the stack's directory below `cdktf.out`.", {
      default: 'npx --no-install gitlab-flux',
    }).optional(),
  })
  .meta({ title: 'Commit' });

const files = z
  .strictObject({
    type: z.literal('files').meta({ description: 'One Terraform resource per file.' }),
    overwriteOnCreate: flag('A file that exists already is overwritten when Terraform creates it.', false).optional(),
    skipCi: flag('GitLab runs no pipeline for the commits.', false).optional(),
    author,
    timeout: duration('How long one file may take, the time in the queue included.', { default: '10m' }).optional(),
    from: choice('The delivery before, for the one deploy that changes it.', ['commit']).optional(),
  })
  .meta({ title: 'Files' });

const tree = z
  .strictObject({ type: z.literal('tree').meta({ description: 'Only a directory in `cdktf.out`.' }) })
  .meta({ title: 'Tree' });

/** How files get into the project. */
export const delivery = z.discriminatedUnion('type', [commit, files, tree]).meta({
  title: 'Delivery',
  description: 'How files get into the project. By default one commit per stack and deploy.',
  examples: [{ type: 'commit', message: { skipCi: true } }],
});
