import { listingsOf } from '../../lib/gitlab/listing';

const show = (...paths: string[]): string[] =>
  listingsOf(paths).map(
    ({ directory, recursive, paths: wanted }) => `${directory}${recursive ? '/**' : ''} ${wanted.length}`,
  );

test('listings cover directories below each other once, and never all of what stacks share', () => {
  expect(
    show(
      '.gitlab-ci.yml',
      'clusters/README.md',
      'clusters/a/x.yaml',
      'clusters/a/n/y.yaml',
      'clusters/a/n/z/1',
      'systems/n/overlays/a/k',
    ),
  ).toEqual([' 1', 'clusters 1', 'clusters/a/** 3', 'systems/n/overlays/a/** 1']);
});

test('a directory whose name continues another one is another', () => {
  expect(show('clusters/a/x', 'clusters/a-b/x', 'clusters/a/y/z')).toEqual(['clusters/a/** 2', 'clusters/a-b/** 1']);
});
