import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { runProgram } from '../../cli/program';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'summary-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const put = (path: string, content: unknown) => {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), JSON.stringify(content));
};
const summary = async () => {
  let out = '';
  const stdout = { write: (text: string) => (out += text) };
  const code = await runProgram(['summary', directory], { stdout, stderr: stdout, environment: {} });
  return { code, out: out.replaceAll(directory, 'cdktf.out') };
};

describe('gitlab-flux summary', () => {
  it('shows resources by stack, files by project and what to do next', async () => {
    const stack = (name: string) => ({ synthesizedStackPath: `stacks/${name}/cdk.tf.json` });
    put('manifest.json', { stacks: { 'eu-dev-a': stack('eu-dev-a'), repository: stack('repository') } });
    put('stacks/repository/cdk.tf.json', {});
    put('stacks/eu-dev-a/cdk.tf.json', {
      resource: {
        helm_release: { Flux_1: { '//': { metadata: { path: 'eu-dev-a/Flux/Resource' } } } },
        gitlab_repository_file: Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((n) => [`file${n}`, {}])),
      },
      variable: { cluster_token: { description: 'Token' }, optional: { default: 1 } },
    });
    put('fleet.json', { environments: ['eu-dev'], stacks: { 'eu-dev-a': 'eu-dev' } });
    put('repository/group/fleet/clusters/a/flux-system/kustomization.yaml', {});
    put('repository/group/charts/README.md', {});
    const { code, out } = await summary();
    expect(code).toBe(0);
    expect(out).toBe(`repository  0 Terraform resources

eu-dev-a  8 Terraform resources
    7 gitlab_repository_file  file1, file2, file3, file4, file5 and 2 more
    1 helm_release            Flux

group/charts  cdktf.out/repository/group/charts, 1 file
└── README.md

group/fleet  cdktf.out/repository/group/fleet, 1 file
└── clusters/
    └── a/
        └── flux-system/
            ├── gotk-components.yaml  written by flux bootstrap
            └── kustomization.yaml

What to do next
  export GITLAB_TOKEN=…          # a token with scope api, for Terraform and the commits
  export TF_VAR_cluster_token=…  # Token
  npx cdktf deploy repository    # first, the files that clusters share
  npx cdktf deploy 'eu-dev-*'    # the clusters of eu-dev
`);
  });

  it('keeps the order of the environments, of clusters without a file too, and names stacks of your own', async () => {
    const environments = ['test', 'dev', 'empty', 'dev-eu', 'prod'];
    const clusters = { 'dev-a': 'dev', 'dev-eu-b': 'dev-eu', 'prod-a': 'prod', 'test-c': 'test' };
    put('fleet.json', { environments, stacks: clusters });
    const stacks: Record<string, object> = {
      ...Object.fromEntries(Object.keys(clusters).map((name) => [name, {}])),
      network: { terraform: { backend: { http: {} } } },
      repository: {},
    };
    const paths = Object.keys(stacks).map((name) => [name, { synthesizedStackPath: `${name}.json` }]);
    put('manifest.json', { stacks: Object.fromEntries(paths) });
    Object.entries(stacks).forEach(([name, json]) => put(`${name}.json`, json));
    const { out } = await summary();
    const headings = [...out.matchAll(/^(\S+) {2}\d+ Terraform/gm)].map(([, name]) => name);
    expect(headings).toEqual(['repository', 'test-c', 'dev-a', 'dev-eu-b', 'prod-a', 'network']);
    // The pattern 'dev-*' would deploy dev-eu-b too.
    expect(out).toContain(`What to do next
  export GITLAB_TOKEN=…        # a token with scope api, for Terraform and the commits
  export TF_HTTP_USERNAME=…    # your name in GitLab, for Terraform's state there
  export TF_HTTP_PASSWORD=…    # a token with scope api
  npx cdktf deploy repository  # first, the files that clusters share
  npx cdktf deploy 'test-*'    # the clusters of test
  npx cdktf deploy dev-a       # the clusters of dev
  npx cdktf deploy 'dev-eu-*'  # the clusters of dev-eu
  npx cdktf deploy 'prod-*'    # the clusters of prod
  npx cdktf deploy network     # a stack of your own
`);
  });

  it('says what is missing', async () => {
    expect((await summary()).out).toContain("there is no such file; 'npx cdktf synth' writes it");
    put('manifest.json', { stacks: { a: { synthesizedStackPath: 'x.json' } } });
    expect(await summary()).toMatchObject({
      code: 1,
      out: expect.stringContaining("want JSON as 'npx cdktf synth' writes it"),
    });
  });
});
