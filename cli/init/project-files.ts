import { type PackageManifest } from '../package-manifest';
import { EXAMPLE_COMPONENT } from './example-component';
import { fleetText } from './fleet-text';
import { cdktfText, packageText, tsconfigText } from './package-text';
import { type ProjectSettings } from './project-settings';
import { readmeText } from './readme-text';

const MAIN = `import { FleetStacks } from 'cdktf-gitlab-flux/stacks';

FleetStacks.synth('fleet.yaml');
`;

const GITIGNORE = `node_modules/
cdktf.out/
.terraform/
*.tfstate*
*.tsbuildinfo
`;

/** What the jobs of the plan pipeline need beside this project. */
const DOCKERFILE = `# The image of the jobs that plan and apply: planPipeline.image in fleet.yaml.
FROM node:24-bookworm-slim
RUN apt-get update \\
  && apt-get install --yes --no-install-recommends ca-certificates git \\
  && rm -rf /var/lib/apt/lists/*
COPY --from=hashicorp/terraform:1.14 /bin/terraform /usr/local/bin/terraform
COPY --from=registry.k8s.io/kustomize/kustomize:v5.8.1 /app/kustomize /usr/local/bin/kustomize
# Add here what the connections of your clusters call, and helm for charts of your own.
`;

/** The pipeline of a first project. What it says depends on the fleet. */
export const PIPELINE_FILE = '.gitlab-ci.yml';

/** All paths of a first project, whatever its settings. */
export const PROJECT_PATHS: readonly string[] = [
  'README.md',
  'fleet.yaml',
  'main.ts',
  'package.json',
  'cdktf.json',
  'tsconfig.json',
  '.gitignore',
  PIPELINE_FILE,
  'ci/Dockerfile',
  ...Object.keys(EXAMPLE_COMPONENT),
];

/** The files of a first project by path, without its pipeline. */
export function projectFiles(settings: ProjectSettings, manifest: PackageManifest): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', readmeText(settings)],
    ['fleet.yaml', fleetText(settings)],
    ['main.ts', MAIN],
    ['package.json', packageText(settings, manifest)],
    ['cdktf.json', cdktfText(settings)],
    ['tsconfig.json', tsconfigText()],
    ['.gitignore', GITIGNORE],
    ['ci/Dockerfile', DOCKERFILE],
    ...Object.entries(EXAMPLE_COMPONENT),
  ]);
}
