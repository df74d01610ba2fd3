import { parseDocument } from 'yaml';

import { EXAMPLE_TEXT, fleetOf } from '../../support/example-fleet';

/** The files of a fleet by path, with their stack. */
const filesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    fleetOf(text)
      .files()
      .flatMap(({ stack, files }) => [...files].map(({ path, content }) => [path, `${stack}\n${String(content)}`])),
  );

const before = filesOf(EXAMPLE_TEXT);
const named = (files: Record<string, string>, name: string) =>
  Object.keys(files).filter((path) => new RegExp(`(^|[/-])${name}([/.-]|$)`).test(path));

describe('a name in the example that is changed everywhere it stands', () => {
  it('renames a cluster: its directories, its overlays, its stack', () => {
    const after = filesOf(EXAMPLE_TEXT.replaceAll(/\buni-dev\b/g, 'uni-new'));
    const renamed = (text: string) => text.replaceAll('uni-dev', 'uni-new');
    expect(Object.entries(after)).toEqual(
      Object.entries(before)
        .map(([path, content]) => [renamed(path), renamed(content)])
        .sort(([a], [b]) => Object.keys(after).indexOf(a!) - Object.keys(after).indexOf(b!)),
    );
    expect(named(after, 'uni-dev')).toEqual([]);
    expect(named(after, 'uni-new')).toHaveLength(named(before, 'uni-dev').length);
  });

  it('renames a component: its directories and files on every cluster, and what refers to it', () => {
    const document = parseDocument(
      EXAMPLE_TEXT.replaceAll('[log-store', '[log-keep').replace('  log-store:\n', '  log-keep:\n'),
    );
    const after = filesOf(document.toString());
    expect(named(after, 'log-store')).toEqual([]);
    expect(named(after, 'log-keep').sort()).toEqual(
      named(before, 'log-store')
        .map((path) => path.replaceAll('log-store', 'log-keep'))
        .sort(),
    );
    expect(after['clusters/uni-dev/fluentd/fluentd-kustomization.yaml']).toMatch(
      /dependsOn:\n {2}- name: log-keep\n {4}namespace: log-keep\n/,
    );
    expect(after['clusters/flux-common/edge-dev-fluentd.yaml']).toMatch(
      /- name: log-keep\n {4}namespace: flux-system\n/,
    );
  });

  it('renames an environment: its stacks, the environment in GitLab and the variable, alone', () => {
    const after = filesOf(
      EXAMPLE_TEXT.replaceAll(/\bdev:/g, 'qa:')
        .replaceAll('environment: dev', 'environment: qa')
        .replaceAll(/(uni|edge|campus)-qa:/g, '$1-dev:'),
    );
    expect(Object.keys(after)).toEqual(Object.keys(before));
    const jobs = '.gitlab/flux/apply-changed.gitlab-ci.yml';
    const renamed = before[jobs]!.replaceAll('dev/edge-dev', 'qa/edge-dev').replace('development', 'testing');
    const inQa = (content: string): string =>
      content.replace(/^dev-/, 'qa-').replaceAll('ENVIRONMENT: dev', 'ENVIRONMENT: qa');
    expect(after).toEqual({
      ...Object.fromEntries(Object.entries(before).map(([path, content]) => [path, inQa(content)])),
      [jobs]: renamed,
    });
  });
});
