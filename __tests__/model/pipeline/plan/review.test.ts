import { describeDifference } from '../../../../lib/model/pipeline/plan/describe-changes';
import { fileChanges, shortDiff } from '../../../../lib/model/pipeline/plan/file-change';
import { code, fenced } from '../../../../lib/model/pipeline/plan/markdown';
import { type ResourceChange } from '../../../../lib/model/pipeline/plan/resource-change';
import { renderReview } from '../../../../lib/model/pipeline/plan/review';
import { type StackReport } from '../../../../lib/model/pipeline/plan/stack-report';

const changes: readonly ResourceChange[] = [
  {
    address: 'helm_release.Flux',
    action: 'update',
    attributes: [
      { path: 'id', before: '"1"', after: '(known after apply)' },
      {
        path: 'values[0]',
        before: JSON.stringify('image:\n  tag: v1\njob: {}\n'),
        after: JSON.stringify('image:\n  tag: v2\njob: {}\n'),
      },
    ],
  },
  { address: 'kubernetes_namespace_v1.New', action: 'create', attributes: [{ path: 'name', after: '"new"' }] },
  {
    address: 'terraform_data.RepositoryFiles-platform--fleet_Commit_1',
    action: 'replace',
    attributes: [{ path: 'triggers_replace.files["a.yaml"]', before: '"1"', after: '"2"' }],
  },
];
const report: StackReport = {
  stack: 'prod-a',
  content: 'c',
  job: 'https://gitlab.example.com/jobs/1',
  files: [{ path: 'clusters/a/a.yaml', action: 'update', diff: '@@ -1 +1 @@\n-tag: v1\n+tag: v2' }],
  flux: { before: 'v2.9.3', after: 'v2.9.4' },
  plan: { digest: 'd', changes, applyable: true },
};

test('a review has a table of the stacks, then the resources, files and version of Flux of each', () => {
  const failed: StackReport = { stack: 'dev-b', content: 'c', files: [] };
  expect(renderReview({ reports: [failed, report], stacks: 4, removed: ['dev-gone'], commit: '0123456789abcdef' }))
    .toBe(`### Plan of 0123456789a

**2 of 4 stacks changed**; 2 to create, 1 to update, 1 to delete; **1 plan failed**.

| stack | create | update | delete | files | Flux |
| --- | --- | --- | --- | --- | --- |
| \`dev-b\` | failed |  |  | 0 |  |
| [\`prod-a\`](https://gitlab.example.com/jobs/1) | 2 | 1 | 1 | 1 | v2.9.3 → v2.9.4 |

**No longer in the program:** \`dev-gone\`. Nothing happens to what it has deployed: destroy such a stack before it is removed, from a branch that still has it.

#### dev-b

**The plan failed.** The log of the job says why.

#### prod-a

Flux v2.9.3 → v2.9.4

\`\`\`diff
~ helm_release.Flux
    values[0]:
        @@ -1 +1 @@
         image:
-         tag: v1
+         tag: v2
         job: {}
+ kubernetes_namespace_v1.New
-/+ terraform_data.RepositoryFiles-platform--fleet_Commit_1
    1 file, see below
\`\`\`

<details><summary>1 file</summary>

\`clusters/a/a.yaml\` updated

\`\`\`diff
@@ -1 +1 @@
-tag: v1
+tag: v2
\`\`\`

</details>
`);
});

test('a review without changes is one line', () => {
  expect(renderReview({ reports: [], stacks: 1 })).toBe(
    '### Plan\n\n**0 of 1 stack changed**; 0 to create, 0 to update, 0 to delete.\n',
  );
});

test('a review ends before it is too long for a note', () => {
  const long = {
    ...report,
    files: Array.from({ length: 900 }, (_, index) => ({
      path: `f${index}`,
      action: 'create' as const,
      diff: '+a\n'.repeat(30),
    })),
  };
  const text = renderReview({ reports: [report, long, report], stacks: 3 });
  expect(text.length).toBeLessThan(110_000);
  expect(text).toMatch(/… and 2 more stacks: see the logs of their jobs\.\n$/);
});

test('two plans are compared resource by resource', () => {
  const [upgrade, created] = changes as [ResourceChange, ResourceChange];
  expect(
    describeDifference(
      [created],
      [created, { ...upgrade, attributes: [{ path: 'tag', before: '"v1"', after: '"v3"' }] }],
    ),
  ).toBe(['@@ -2 +2 @@', '     name: nothing → "new"', '+~ helm_release.Flux', '+    tag: "v1" → "v3"'].join('\n'));
});

test('text from files cannot leave its place in Markdown', () => {
  expect(fenced('diff', '```\n# title')).toBe('````diff\n```\n# title\n````');
  expect(code('a`b|c')).toBe('`` a`b\\|c ``');
});

test('files of a stack are compared by digest, and shown when they are text', () => {
  const tree = (files: Record<string, string>) => ({
    digests: new Map(Object.entries(files)),
    contentOf: (path: string) => new TextEncoder().encode(files[path]),
  });
  expect(
    fileChanges(tree({ same: 'a', gone: 'b', bytes: '\0' }), tree({ same: 'a', fresh: 'c\n', bytes: '\0\0' })),
  ).toEqual([
    { path: 'bytes', action: 'update', diff: '' },
    { path: 'fresh', action: 'create', diff: '@@ -1 +1 @@\n+c' },
    { path: 'gone', action: 'delete', diff: '' },
  ]);
});

test('a long diff is cut', () => {
  const lines = shortDiff('', 'line\n'.repeat(100)).split('\n');
  expect(lines).toHaveLength(61);
  expect(lines.at(-1)).toBe('… 41 more lines');
});
