import { type ClusterLayout } from './cluster-layout';
import { clusterReceivers } from './cluster-receivers';

/** How many hooks a project may have on GitLab.com. */
const MOST_HOOKS = 100;

/** Counts the hooks of a project, which GitLab.com limits. */
export class HookCount {
  private hooks = 0;
  private readonly isLimited: boolean;

  constructor(project: { readonly url: string }) {
    this.isLimited = new URL(project.url).hostname === 'gitlab.com';
  }

  /**
   * Adds hooks.
   *
   * @returns whether these are the ones that are too many
   */
  public add(count: number): boolean {
    const before = this.hooks;
    this.hooks += count;
    return this.isLimited && before <= MOST_HOOKS && this.hooks > MOST_HOOKS;
  }
}

/**
 * Why pushes would not reach Flux through project hooks.
 *
 * @param hooks - the hooks of the project so far
 * @returns none with another trigger than `webhook`
 */
export function receiverWarnings(layout: ClusterLayout, hooks: HookCount): readonly { readonly message: string }[] {
  const receivers = clusterReceivers(layout);
  if (receivers.length === 0) return [];
  const { sourceInterval, webhook } = layout.cluster.trigger;
  if (webhook?.url === undefined) {
    return [
      {
        message: `the trigger webhook has no url, so no project hook is made: until one is, Flux asks every ${sourceInterval}`,
      },
    ];
  }
  if (hooks.add(receivers.length)) {
    const message = `with its ${receivers.length} the project has more than ${MOST_HOOKS} hooks of this program, the most that GitLab.com allows`;
    return [{ message }];
  }
  return [];
}
