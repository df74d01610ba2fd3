import fc from 'fast-check';

import { contentDigest, differenceOf, isLeftover } from '../../../../lib/model/pipeline/plan/stack-content';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the digest of what a stack is synthesized to', () => {
  test('does not depend on the order of its files', () => {
    const files = [
      ['a', bytes('1')],
      ['b/c', bytes('2')],
    ] as const;
    expect(contentDigest([...files].reverse())).toBe(contentDigest(files));
  });

  test('tells any two lists of files', () => {
    const file = fc.tuple(fc.string({ minLength: 1 }), fc.uint8Array());
    const files = fc.uniqueArray(file, { selector: ([path]) => path, maxLength: 4 });
    const sorted = (list: readonly (readonly [string, Uint8Array])[]) =>
      JSON.stringify([...list].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, content]) => [path, [...content]]));
    fc.assert(
      fc.property(files, files, (a, b) => {
        expect(contentDigest(a) === contentDigest(b)).toBe(sorted(a) === sorted(b));
      }),
    );
  });

  test('leaves out what Terraform writes beside it', () => {
    const paths = [
      '.terraform/providers/x',
      '.terraform.lock.hcl',
      'terraform.tfstate',
      'plan',
      'cdk.tf.json',
      'assets/plan',
    ];
    expect(paths.filter((path) => !isLeftover(path))).toEqual(['cdk.tf.json', 'assets/plan']);
  });
});

test('stacks are changed when they are new or another, and removed when they are gone', () => {
  expect(differenceOf({ b: '1', a: '2', c: '3' }, { a: '1', c: '3', d: '4' })).toEqual({
    changed: ['a', 'b'],
    removed: ['d'],
  });
});
