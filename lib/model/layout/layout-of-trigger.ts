import { type TriggerType } from '../cluster/trigger';
import { fluxCommonLayout } from './flux-common-layout';
import { type Layout } from './layout';
import { perClusterLayout } from './per-cluster-layout';

/**
 * The layout that goes with a trigger. Nothing else branches on it.
 *
 * With `pipeline`, GitLab CI applies single files, so they lie together. Otherwise everything below `clusters/<cluster>`
 * belongs to that cluster alone, or a push would deploy to others.
 *
 * @param trigger - how a push reaches the cluster
 */
export function layoutOf(trigger: TriggerType): Layout {
  return trigger === 'pipeline' ? fluxCommonLayout : perClusterLayout;
}
