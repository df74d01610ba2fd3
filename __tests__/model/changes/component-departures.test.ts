import { componentDepartures } from '../../../lib/model/changes/component-departures';

const texts = (...paths: readonly string[]) => new Map(paths.map((path) => [path, '']));
const CLUSTERS = ['a', 'a-b', 'c'];

describe('components that leave clusters', () => {
  it('are counted cluster by cluster, in both layouts and on spokes', () => {
    const before = texts(
      'clusters/a/web/web-kustomization.yaml',
      'clusters/c/web/web-kustomization.yaml',
      'clusters/hub/spokes/c/shop/shop-helm-release.yaml',
      'clusters/flux-common/a-b-web.yaml',
    );
    expect(componentDepartures(CLUSTERS, before, texts('clusters/c/web/web-kustomization.yaml'))).toEqual([
      { component: 'shop', clusters: ['c'] },
      { component: 'web', clusters: ['a', 'a-b'] },
    ]);
  });

  it('are not those that only move to another layout or another kind', () => {
    const before = texts('clusters/a/web/web-kustomization.yaml', 'clusters/c/shop/shop-kustomization.yaml');
    const after = texts('clusters/flux-common/a-web.yaml', 'clusters/c/shop/shop-helm-release.yaml');
    expect(componentDepartures(CLUSTERS, before, after)).toEqual([]);
  });

  it('are not those of clusters that leave themselves', () => {
    expect(componentDepartures(['a'], texts('clusters/c/web/web-kustomization.yaml'), texts())).toEqual([]);
  });
});
