import { type ProjectSettings } from './project-settings';

/** README of a first project: the commands that come next. */
export function readmeText(settings: ProjectSettings): string {
  const { url, project, program, cluster, environment, image, cdktn } = settings;
  const cdktf = cdktn ? 'cdktn' : 'cdktf';
  const stack = `${environment}-${cluster}`;
  return `# ${program}

\`fleet.yaml\` says what runs on which cluster. Terraform brings Flux to the clusters and the files to [${project}](${url}/${project}), which Flux follows.

## First

1. Have two projects in GitLab: \`${project}\`, with a first commit on its branch \`main\`, and \`${program}\` for this directory, without one.
2. Install, check, and commit everything, with \`package-lock.json\`:

   \`\`\`bash
   npm install
   npx gitlab-flux validate
   npx gitlab-flux tree
   \`\`\`

## Deploy

With Terraform 1.11 or newer. Each value is explained in [the tutorial](node_modules/cdktf-gitlab-flux/docs/tutorial.md#tokens):

\`\`\`bash
${exportsOf(settings).join('\n')}

npx ${cdktf} deploy repository
npx ${cdktf} deploy ${stack}
\`\`\`

## Look

\`\`\`bash
flux get all --all-namespaces
kubectl get pods --namespace podinfo
\`\`\`

## Let GitLab do it

\`.gitlab-ci.yml\` plans what a merge request changes, shows it to the reviewer, and applies it on the default branch. Its jobs run in an image that you build once, or name another one as \`planPipeline.image\` in \`fleet.yaml\`:

\`\`\`bash
docker build --tag ${image} ci
docker push ${image}
\`\`\`

Push this directory when the image is there. The values above, without \`TF_HTTP_…\`, go into [protected variables](node_modules/cdktf-gitlab-flux/docs/plan-review.md#tokens) of this project. The jobs reach the cluster by its \`connection\` in \`fleet.yaml\`: give them a kubeconfig with the same context, or name [another kind](node_modules/cdktf-gitlab-flux/docs/clusters.md#connections).
`;
}

/** What Terraform has to be told, each time. */
function exportsOf({ flux, trigger }: ProjectSettings): readonly string[] {
  const values: readonly (readonly [name: string, meaning: string])[] = [
    ['GITLAB_TOKEN', 'writes the files: scope api'],
    ['TF_HTTP_USERNAME', "your name in GitLab, for Terraform's state there"],
    ['TF_HTTP_PASSWORD', 'a token with scope api'],
    ['TF_VAR_git_username', 'Flux reads the repository: a deploy token'],
    ['TF_VAR_git_password', 'with the scope read_repository'],
    ...(flux === 'operator'
      ? []
      : [['TF_VAR_gitlab_bootstrap_token', 'brings Flux: scope api, role Maintainer'] as const]),
    ...(trigger === 'webhook' ? [['TF_VAR_flux_webhook_token', 'openssl rand -hex 32'] as const] : []),
  ];
  const width = Math.max(...values.map(([name]) => name.length));
  return values.map(([name, meaning]) => `export ${`${name}=…`.padEnd(width + 2)}   # ${meaning}`);
}
