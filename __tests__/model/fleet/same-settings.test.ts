import { type PipelineTriggerOptions } from '../../../lib/model/cluster/trigger';
import { type HelmComponentProps } from '../../../lib/model/component/helm-component-props';
import { type KustomizeComponentProps } from '../../../lib/model/component/kustomize-component';
import { type MergeRequestOptions } from '../../../lib/model/delivery/push-manifest';
import {
  type DeliveryDefinition,
  type FleetDefinition,
  type ProjectDefinition,
} from '../../../lib/model/fleet/definition/fleet-definition';
import { type FleetInput } from '../../../lib/model/fleet/schema/fleet';
import { type HelmComponentInput } from '../../../lib/model/fleet/schema/helm-component';
import { type KustomizeComponentInput } from '../../../lib/model/fleet/schema/kustomize-component';
import { type PipelineTriggerInput } from '../../../lib/model/fleet/schema/pipeline';
import { type PlanPipelineInput } from '../../../lib/model/fleet/schema/plan-pipeline';
import { type SpokeInput } from '../../../lib/model/fleet/schema/spoke';
import { type SpokeInstallationProps } from '../../../lib/model/installation/spoke-installation';
import { type ApplyChangedSettings } from '../../../lib/model/pipeline/apply-changed/apply-changed-settings';
import { type PlanPipelineSettings } from '../../../lib/model/pipeline/plan/plan-pipeline-settings';

/** True when two types have the same keys; a difference is an error of the compiler. */
type SameKeys<A, B> = [Exclude<keyof A, keyof B>, Exclude<keyof B, keyof A>] extends [never, never] ? true : false;

/** The member of a union of deliveries with a type. */
type DeliveryOf<T, Type> = Extract<T, { readonly type: Type }>;

describe('fleet.yaml and TypeScript', () => {
  it('say the same things by the same names', () => {
    // A file names the file of a certificate, a program has its text.
    const project: SameKeys<
      Omit<FleetInput['project'], 'certificateAuthorityFile'>,
      Omit<ProjectDefinition, 'certificateAuthority'>
    > = true;
    const create: SameKeys<
      NonNullable<FleetInput['project']['create']>,
      NonNullable<ProjectDefinition['create']>
    > = true;
    type DeliveryInput = NonNullable<FleetInput['delivery']>;
    const commit: SameKeys<DeliveryOf<DeliveryInput, 'commit'>, DeliveryOf<DeliveryDefinition, 'commit'>> = true;
    const files: SameKeys<DeliveryOf<DeliveryInput, 'files'>, DeliveryOf<DeliveryDefinition, 'files'>> = true;
    const merge: SameKeys<NonNullable<DeliveryOf<DeliveryInput, 'commit'>['mergeRequest']>, MergeRequestOptions> = true;
    const spoke: SameKeys<SpokeInput, Omit<SpokeInstallationProps, 'hub'>> = true;
    // The name of a component is the key of its entry.
    const component: SameKeys<KustomizeComponentInput, Omit<KustomizeComponentProps, 'name'>> = true;
    const helm: SameKeys<HelmComponentInput, Omit<HelmComponentProps, 'name'>> = true;
    // What is no secret is said in a comment of the file.
    const fleet: SameKeys<
      Pick<FleetInput, 'project' | 'delivery' | 'state' | 'applyPipeline' | 'environments' | 'clusters'>,
      Omit<FleetDefinition, 'notSecret'>
    > = true;
    const planPipeline: SameKeys<PlanPipelineInput, PlanPipelineSettings> = true;
    const applyPipeline: SameKeys<NonNullable<FleetInput['applyPipeline']>, ApplyChangedSettings> = true;
    const trigger: SameKeys<PipelineTriggerInput, PipelineTriggerOptions> = true;
    const all = [
      planPipeline,
      applyPipeline,
      trigger,
      project,
      create,
      commit,
      files,
      merge,
      spoke,
      component,
      helm,
      fleet,
    ];
    expect(all).not.toContain(false);
  });
});
