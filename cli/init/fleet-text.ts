import { stringify } from 'yaml';

import { type ProjectSettings } from './project-settings';

/** The version of Flux that everything was last tried with. */
const FLUX_VERSION = 'v2.9.4';

/** The fleet file of a first project. */
export function fleetText(settings: ProjectSettings): string {
  const { url, project, program, cluster, environment, context, image, cdktn } = settings;
  return `# yaml-language-server: $schema=./node_modules/cdktf-gitlab-flux/schema/fleet.schema.json

# The GitOps repository: this program writes it, and Flux follows its branch main.
project:
  url: ${scalar(url)}
  path: ${scalar(project)}

# Terraform's state is in the project of this program, which fewer people may read.
state:
  type: gitlab
  url: ${scalar(url)}
  project: ${scalar(program)}

# After a change here, or another environment: npx gitlab-flux pipeline --out .gitlab-ci.yml
planPipeline:
  image: ${scalar(image)}
${cdktn ? '  synth: npx --no-install cdktn synth\n' : ''}
defaults:
  flux:
${fluxLines(settings)}
  trigger: ${triggerText(settings)}

environments:
  ${scalar(environment)}: {}

components:
  # A small web page. Replace it with what your clusters run.
  podinfo:
    kustomize:
      base: { directory: components/podinfo/base }
      namespaceLabels:
        pod-security.kubernetes.io/enforce: restricted

clusters:
  ${scalar(cluster)}:
    environment: ${scalar(environment)}
    connection: { kubeconfig: { context: ${scalar(context)} } }
    components: [podinfo]
`;
}

function fluxLines({ flux, personal }: ProjectSettings): string {
  const lines = {
    bootstrap: [`version: ${FLUX_VERSION}`, ...(personal ? ['personal: true'] : [])],
    operator: ['type: operator', `version: ${FLUX_VERSION}`],
    provider: ['type: provider # it brings its version of Flux', ...(personal ? ['personal: true'] : [])],
  };
  return lines[flux].map((line) => `    ${line}`).join('\n');
}

function triggerText({ trigger, webhookUrl }: ProjectSettings): string {
  return webhookUrl === undefined ? trigger : `{ webhook: { url: ${scalar(webhookUrl)} } }`;
}

/** A text as YAML has it, within braces too, and in quotes where some program would read something else. */
function scalar(text: string): string {
  const defaultStringType = /^[\w./:@-]+$/.test(text) ? 'PLAIN' : 'QUOTE_SINGLE';
  return stringify(text, { version: '1.1', defaultStringType, lineWidth: 0 }).trimEnd();
}
