import { TerraformStack } from 'cdktf';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PlanPipeline, type PlanPipelineProps } from '../../../lib/constructs/pipeline/plan-pipeline';
import { GitLabProject } from '../../../lib/constructs/repository/gitlab-project';
import { StateBackend } from '../../../lib/constructs/terraform/state-backend';
import { planPipelineFile } from '../../../lib/model/pipeline/plan/pipeline-file';
import { testApp } from '../../support/template';

const stacks = [
  { name: 'network', environment: 'network' },
  { name: 'dev-a', environment: 'dev' },
];

const inGitLab = StateBackend.gitlab({ url: 'https://gitlab.example.com', project: 'platform/states' });

function pipelineWith(props: Partial<PlanPipelineProps>, backend = inGitLab) {
  const app = testApp();
  const stack = new TerraformStack(app, 'network');
  const project = GitLabProject.fromPath(stack, 'Infrastructure', {
    url: 'https://gitlab.example.com',
    path: 'platform/infrastructure',
  });
  new PlanPipeline(stack, 'Pipeline', { project, stacks, image: 'image', ...props });
  backend.bind(stack);
  app.synth();
  return (path: string) => readFileSync(join(app.outdir, 'repository/platform/infrastructure', path), 'utf8');
}

test('a pipeline is a file of the project with the infrastructure', () => {
  expect(pipelineWith({})('.gitlab-ci.yml')).toBe(planPipelineFile({ image: 'image' }, stacks));
});

test('a pipeline can be a file that another one includes', () => {
  expect(pipelineWith({ file: '.gitlab/plan.yml', note: true })('.gitlab/plan.yml')).toContain('"note":true');
});

test('a pipeline is refused for a stack whose state is a file', () => {
  expect(() => pipelineWith({}, StateBackend.local())).toThrow('stack "network": want a state that its jobs share');
});

test('a pipeline is refused when its settings do not fit the stacks', () => {
  expect(() => pipelineWith({ environments: ['prod'] })).toThrow(
    'plan pipeline: environments: got ["prod"], want all environments: dev too',
  );
});
