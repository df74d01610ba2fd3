import { ValidationError } from '../../validation-error';

/** The pipeline that applies what changed, as far as all clusters share it. */
export interface ApplyChangedSettings {
  /**
   * Image of its jobs, with `git`, `kubectl` and a shell. It has a tag or a digest, so that it does not change by itself.
   *
   * @default 'docker.io/alpine/k8s:1.34.5'
   */
  readonly image?: string;
  /**
   * Stage of its jobs. They wait for no other job.
   *
   * @default 'deploy'
   */
  readonly stage?: string;
  /**
   * Tags of the runners that may run its jobs.
   *
   * @default - any runner
   */
  readonly runnerTags?: readonly string[];
  /**
   * Whether the project gets a `.gitlab-ci.yml` that includes the jobs, when it has none. One that is there is never
   * changed: include the jobs yourself.
   *
   * @default true
   */
  readonly rootFile?: boolean;
}

/** The image, when the settings name none. */
export const DEFAULT_IMAGE = 'docker.io/alpine/k8s:1.34.5';
/** The stage of the jobs, which the pipeline of the infrastructure has too: both may be one project's. */
export const DEFAULT_STAGE = 'deploy';

/** Refuses what cannot work, or would change by itself. */
export function checkApplyChangedSettings({ image, stage, runnerTags = [] }: ApplyChangedSettings): void {
  const at = 'applyPipeline';
  if (image !== undefined && !/^[^\s:@][^\s@]*(:[\w.-]+|@sha256:[0-9a-f]{64})$/.test(image)) {
    throw new ValidationError({ at, prop: 'image', got: image, want: 'an image with a tag or a digest' });
  }

  if (stage?.trim() === '') throw new ValidationError({ at, prop: 'stage', got: stage, want: 'the name of a stage' });
  if (runnerTags.some((tag) => tag.trim() === '')) {
    throw new ValidationError({ at, prop: 'runnerTags', got: runnerTags, want: 'tags of runners' });
  }
}
