import { helmFailure } from '../../lib/build/helm/helm-failure';
import { kustomizeFailure } from '../../lib/build/kustomize/kustomize-failure';
import { UserPaths } from '../../lib/build/user-paths';

describe('what kustomize says', () => {
  const INTO_BASE = `accumulating resources: accumulation err='accumulating resources from '../../base': read /t/x/base: is a directory': `;
  const IN_BASE = `${INTO_BASE}recursed accumulation of path '/t/x/base': `;
  const paths = new UserPaths([['base', 'web/base']]);
  const said = (stderr: string): [string, string] => {
    const { path, words } = kustomizeFailure(stderr, '/t/x');
    return [paths.pathOf(path.slice(2)), paths.wordsOf(words)];
  };

  test.each([
    [
      `${IN_BASE}accumulating resources: accumulation err='accumulating resources from 'nope.yaml': open /t/x/base/nope.yaml: no such file or directory': must build at directory: not a valid directory: evalsymlink failure on '/t/x/base/nope.yaml' : lstat /t/x/base/nope.yaml: no such file or directory`,
      ['web/base/nope.yaml', 'there is no file web/base/nope.yaml'],
    ],
    [
      `${IN_BASE}loading KV pairs: file sources: [logo.png]: open /t/x/base/logo.png: no such file or directory`,
      ['web/base', 'loading KV pairs: file sources: [logo.png]: there is no file web/base/logo.png'],
    ],
    [
      `${INTO_BASE}couldn't make target for path '/t/x/base': invalid Kustomization: json: unknown field "bogus"`,
      ['web/base', 'unknown field "bogus"'],
    ],
    [
      `${IN_BASE}accumulating resources: accumulation err='merging resources from 'b.yaml': may not add resource with an already registered id: ConfigMap.v1.[noGrp]/a.[noNs]': must build at directory: '/t/x/base/b.yaml': file is not directory`,
      ['web/base/b.yaml', 'may not add resource with an already registered id: ConfigMap.v1.[noGrp]/a.[noNs]'],
    ],
    [
      `${IN_BASE}accumulating resources: accumulating resources from 'a.yaml': MalformedYAMLError: yaml: line 4: did not find expected node content in File: a.yaml`,
      ['web/base/a.yaml', 'MalformedYAMLError: yaml: line 4: did not find expected node content in File: a.yaml'],
    ],
    [`${IN_BASE}Unexpected kind: ad`, ['web/base', 'Unexpected kind: ad']],
  ])('%j', (text, expected) => {
    expect(said(`Error: ${text}\n`)).toEqual(expected);
    expect(said(`error: ${text}\n`)).toEqual(expected);
    expect(said(`E1127 18:03:45.805055   10428 run.go:72] "command failed" err=${JSON.stringify(text)}\n`)).toEqual(
      expected,
    );
  });

  it('may have several lines, and a text of ours that is not repeated', () => {
    const block = `E1127 18:03:48.1 1 run.go:72] "command failed" err=<\n\t${IN_BASE}trouble configuring builtin PatchTransformer with config: \`\n\tpatch: just text\n\t\`: unable to parse SM or JSON patch from [patch: "just text"]\n >\n`;
    expect(said(block)).toEqual(['web/base', 'PatchTransformer: unable to parse SM or JSON patch']);
  });
});

describe('what Helm says', () => {
  const HINT = '\n\nUse --debug flag to render out invalid YAML\n';
  const SCHEMA = "Error: values don't meet the specifications of the schema(s) in the following chart(s):\n";

  test.each([
    [
      `${SCHEMA}shop:\n- at '/resources/limits': got null, want object\n`,
      'schema',
      "at '/resources/limits': got null, want object",
      '',
      ['resources', 'limits'],
    ],
    [
      `${SCHEMA}shop:\n- resources.limits: Invalid type. Expected: object, given: null\n`,
      'schema',
      'resources.limits: Invalid type. Expected: object, given: null',
      '',
      ['resources', 'limits'],
    ],
    [
      `${SCHEMA}queue:\n- at '/replicas': got string, want integer\nshop:\n- at '': missing property 'q'\n`,
      'schema',
      "at '/replicas': got string, want integer (chart queue); at '': missing property 'q'",
      '',
      ['queue', 'replicas'],
    ],
    [
      `Error: execution error at (shop/templates/a.yaml:1:6): stop${HINT}`,
      'template',
      'stop',
      'templates/a.yaml:1:6',
      [],
    ],
    [
      `Error: parse error at (shop/templates/a.yaml:1): function "nope" not defined${HINT}`,
      'template',
      'function "nope" not defined',
      'templates/a.yaml:1',
      [],
    ],
    [
      `Error: template: shop/templates/a.yaml:1:13: executing "shop/templates/a.yaml" at <.Values.a.b>: can't evaluate field b in type interface {}${HINT}`,
      'template',
      "<.Values.a.b>: can't evaluate field b in type interface {}",
      'templates/a.yaml:1:13',
      [],
    ],
    [
      `Error: YAML parse error on shop/templates/a.yaml: error converting YAML to JSON: yaml: line 4: did not find expected node content${HINT}`,
      'template',
      'yaml: line 4: did not find expected node content',
      'templates/a.yaml',
      [],
    ],
    [
      `Error: chart requires kubeVersion: >=1.99 which is incompatible with Kubernetes v1.34.0${HINT}`,
      'kubernetes version',
      'chart requires kubeVersion: >=1.99 which is incompatible with Kubernetes v1.34.0',
      '',
      [],
    ],
    [
      'coalesce.go:237: warning: cannot overwrite table\nError: cannot load /t/x/shop/values.yaml: bad\n',
      'other',
      'cannot load values.yaml: bad',
      '',
      [],
    ],
  ])('%j', (text, kind, words, file, value) => {
    expect(helmFailure(text, 'shop', '/t/x/shop')).toEqual({ kind, words, file, value });
  });
});
