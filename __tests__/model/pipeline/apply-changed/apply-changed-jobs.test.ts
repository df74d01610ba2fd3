import { parse } from 'yaml';

import { Cluster } from '../../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../../lib/model/cluster/cluster-connection';
import { PipelineAccess } from '../../../../lib/model/cluster/pipeline-access';
import { type PipelineTriggerOptions, Trigger } from '../../../../lib/model/cluster/trigger';
import { ApplyChangedDefinition } from '../../../../lib/model/pipeline/apply-changed/apply-changed-definition';
import { applyChangedScript } from '../../../../lib/model/pipeline/apply-changed/apply-changed-script';
import { type ApplyChangedSettings } from '../../../../lib/model/pipeline/apply-changed/apply-changed-settings';

const cluster = (name: string, trigger: Trigger, environment = 'dev'): Cluster =>
  new Cluster({ name, environment, connection: ClusterConnection.kubeconfig({ context: name }), trigger });

const filesOf = (clusters: readonly Cluster[], settings?: ApplyChangedSettings): Record<string, string> =>
  Object.fromEntries(
    [...new ApplyChangedDefinition(settings).files({ clusters, branch: 'main' })].map(({ path, content }) => [
      path,
      String(content),
    ]),
  );
const JOBS = '.gitlab/flux/apply-changed.gitlab-ci.yml';
const jobsOf = (options: PipelineTriggerOptions = {}, settings?: ApplyChangedSettings): any =>
  parse(filesOf([cluster('uni', Trigger.pipeline(options), 'eu-prod')], settings)[JOBS]!);

describe('the files of the pipeline', () => {
  it('are the jobs, their script, and a root file, which is written once', () => {
    const clusters = [cluster('uni', Trigger.pipeline()), cluster('other', Trigger.interval())];
    const files = [...new ApplyChangedDefinition().files({ clusters, branch: 'main' })];
    expect(files.map(({ path, policy, executable }) => ({ path, policy, executable }))).toEqual([
      { path: '.gitlab-ci.yml', policy: 'seed', executable: undefined },
      { path: JOBS, policy: undefined, executable: undefined },
      { path: '.gitlab/flux/apply-changed.sh', policy: undefined, executable: true },
    ]);
    expect(filesOf(clusters)['.gitlab/flux/apply-changed.sh']).toBe(applyChangedScript());
  });

  it('are none where no cluster has the trigger', () => {
    expect(filesOf([cluster('uni', Trigger.interval())])).toEqual({});
  });

  it('are without a root file where nobody wants one', () => {
    expect(Object.keys(filesOf([cluster('uni', Trigger.pipeline())], { rootFile: false }))).not.toContain(
      '.gitlab-ci.yml',
    );
  });
});

it('refuses two clusters with one environment, whose credential would be that of one of them', () => {
  const clusters = [
    cluster('uni', Trigger.pipeline({ environmentName: 'dev/lab' })),
    cluster('lab', Trigger.pipeline()),
  ];
  expect(() => filesOf(clusters)).toThrow(
    'cluster "lab": trigger.pipeline.environmentName: got "dev/lab", want an environment of its own: this is the one of cluster "uni"',
  );
});

describe('the jobs', () => {
  it('quote what YAML 1.1 takes for something else than text', () => {
    const files = filesOf([cluster('uni', Trigger.pipeline())], { runnerTags: ['on'] });
    expect(parse(files[JOBS]!, { version: '1.1' })['.flux'].tags).toEqual(['on']);
  });

  it('are two for each cluster with the trigger, in the order of the names', () => {
    const clusters = ['uni-dev', 'uni'].map((name) => cluster(name, Trigger.pipeline()));
    const jobs = parse(filesOf([...clusters, cluster('other', Trigger.interval())])[JOBS]!);
    expect(Object.keys(jobs)).toEqual([
      '.flux',
      '.flux-apply',
      '.flux-diff',
      'flux-apply:uni',
      'flux-diff:uni',
      'flux-apply:uni-dev',
      'flux-diff:uni-dev',
    ]);
  });

  it('apply one at a time for a cluster, after every push to the branch, and are not interrupted', () => {
    const jobs = jobsOf();
    expect(jobs['.flux']).toEqual({
      image: { name: 'docker.io/alpine/k8s:1.34.5', entrypoint: [''] },
      stage: 'deploy',
      inherit: { default: false },
      needs: [],
      variables: { GIT_STRATEGY: 'fetch', GIT_DEPTH: '0' },
      retry: { max: 2, when: ['runner_system_failure', 'api_failure', 'scheduler_failure'] },
      allow_failure: { exit_codes: [78] },
    });
    expect(jobs['.flux-apply']).toEqual({
      extends: '.flux',
      rules: [{ if: '$CI_COMMIT_BRANCH == "main"' }],
      interruptible: false,
    });
    expect(jobs['flux-apply:uni']).toEqual({
      extends: '.flux-apply',
      script: ['export KUBECONFIG="${FLUX_KUBECONFIG:-}"', 'sh .gitlab/flux/apply-changed.sh apply uni'],
      variables: { FLUX_MAX_DELETES: '20' },
      resource_group: 'flux/uni',
      environment: { name: 'eu-prod/uni', deployment_tier: 'production' },
    });
  });

  it('show in merge requests what would change, without a deployment', () => {
    const jobs = jobsOf();
    expect(jobs['.flux-diff']).toEqual({
      extends: '.flux',
      rules: [
        {
          if: '$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_TARGET_BRANCH_NAME == "main"',
          changes: ['clusters/flux-common/*'],
        },
      ],
      interruptible: true,
    });
    expect(jobs['flux-diff:uni']).toEqual({
      extends: '.flux-diff',
      script: ['export KUBECONFIG="${FLUX_KUBECONFIG:-}"', 'sh .gitlab/flux/apply-changed.sh diff uni'],
      environment: { name: 'eu-prod/uni', action: 'access' },
    });
  });

  it.each<[string, PipelineAccess, readonly string[]]>([
    [
      'a variable of yours',
      PipelineAccess.variable({ name: 'KUBECONFIG_UNI' }),
      ['export KUBECONFIG="${KUBECONFIG_UNI:-}"', 'sh .gitlab/flux/apply-changed.sh apply uni'],
    ],
    [
      'an account',
      PipelineAccess.serviceAccount({ server: 'https://uni.example.com' }),
      ['export KUBECONFIG="${FLUX_KUBECONFIG:-}"', 'sh .gitlab/flux/apply-changed.sh apply uni'],
    ],
    [
      "GitLab's agent",
      PipelineAccess.gitLabAgent({ project: 'platform/fleet', agent: 'uni' }),
      ['sh .gitlab/flux/apply-changed.sh apply uni platform/fleet:uni'],
    ],
  ])('reach the cluster with %s', (_, access, script) => {
    expect(jobsOf({ access })['flux-apply:uni'].script).toEqual(script);
  });

  it('are as the settings say', () => {
    const options = { environmentName: 'edge/uni', tier: 'staging', maxDeletes: 3 } as const;
    const settings = {
      image: 'registry.example.com/k8s@sha256:' + 'a'.repeat(64),
      stage: 'apply',
      runnerTags: ['edge'],
    };
    const jobs = jobsOf(options, settings);
    expect(jobs['.flux']).toMatchObject({ image: { name: settings.image }, stage: 'apply', tags: ['edge'] });
    expect(jobs['flux-apply:uni']).toMatchObject({
      variables: { FLUX_MAX_DELETES: '3' },
      environment: { name: 'edge/uni', deployment_tier: 'staging' },
    });
  });
});

describe('what is refused', () => {
  const server = 'https://uni.example.com';
  it.each<[string, () => unknown, string]>([
    [
      'an image that changes by itself',
      () => new ApplyChangedDefinition({ image: 'alpine/k8s' }),
      'applyPipeline: image: got "alpine/k8s", want an image with a tag or a digest',
    ],
    [
      'a registry with a port, but no tag',
      () => new ApplyChangedDefinition({ image: 'registry:5000/k8s' }),
      'applyPipeline: image',
    ],
    ['no stage', () => new ApplyChangedDefinition({ stage: ' ' }), 'applyPipeline: stage'],
    ['an empty tag', () => new ApplyChangedDefinition({ runnerTags: [''] }), 'applyPipeline: runnerTags'],
    [
      'a name of an environment',
      () => Trigger.pipeline({ environmentName: 'a//b' }),
      'trigger: pipeline.environmentName: got "a//b"',
    ],
    [
      'a limit',
      () => Trigger.pipeline({ maxDeletes: -1 }),
      'trigger: pipeline.maxDeletes: got -1, want a whole number from 0',
    ],
    [
      'a name of a variable',
      () => PipelineAccess.variable({ name: 'a b' }),
      'pipeline access: variable.name: got "a b"',
    ],
    [
      'http',
      () => PipelineAccess.serviceAccount({ server: 'http://uni' }),
      'pipeline access: serviceAccount.server: got "http://uni"',
    ],
    [
      'a revision',
      () => PipelineAccess.serviceAccount({ server, revision: 0 }),
      'pipeline access: serviceAccount.revision: got 0',
    ],
    [
      'a certificate',
      () => PipelineAccess.serviceAccount({ server, certificateAuthority: 'x' }),
      'certificateAuthority',
    ],
    [
      'a project',
      () => PipelineAccess.gitLabAgent({ project: "a/b'", agent: 'a' }),
      'pipeline access: gitLabAgent.project: got "a/b\'"',
    ],
    [
      'an agent',
      () => PipelineAccess.gitLabAgent({ project: 'a/b', agent: 'A' }),
      'pipeline access: gitLabAgent.agent: got "A"',
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
