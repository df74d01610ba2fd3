import { gitRepository } from '../../flux/git-repository';
import { helmChart } from '../../flux/helm-chart';
import { helmRepository } from '../../flux/helm-repository';
import { ociRepository } from '../../flux/oci-repository';
import { type ComponentPlacement, type FluxManifest } from '../component';
import { type ComponentSecret } from '../component-secret';
import { type ChartPin } from './chart-ref';
import { type ChartSourceData } from './chart-source';

/**
 * The Flux objects that bring a chart: an `OCIRepository`, or a source and a `HelmChart`.
 *
 * @param secret - the credential of the source; undefined for none
 */
export function chartObjects(
  name: string,
  source: ChartSourceData,
  pin: ChartPin,
  placement: ComponentPlacement,
  secret: ComponentSecret | undefined,
): readonly FluxManifest[] {
  const { namespace, labels, annotations } = placement;
  const metadata = { name, namespace, labels, annotations };
  const secretName = secret && placement.secretNameOf(secret);
  switch (source.type) {
    case 'repository': {
      const { url, interval, certSecretName, passCredentials } = source;
      const repository = helmRepository({ ...metadata, url, interval, secretName, certSecretName, passCredentials });
      const chart = helmChart({
        ...metadata,
        chart: source.name,
        version: pin.version ?? source.version,
        source: { kind: 'HelmRepository', name },
      });
      return [
        { role: 'helm-repository', object: repository },
        { role: 'helm-chart', object: chart },
      ];
    }
    case 'oci': {
      const { type: _, credential: _credential, ref, ...registry } = source;
      const settings = { ...registry, ref: pin.ref ?? ref, secretName };
      return [{ role: 'oci-repository', object: ociRepository({ ...metadata, ...settings }) }];
    }
    case 'local':
    case 'git': {
      const { source: git } = source;
      const directory = source.type === 'local' ? `systems/${name}` : undefined;
      const repository = gitRepository({
        ...metadata,
        url: git.url ?? placement.repositoryUrl,
        ref: pin.ref ?? git.ref ?? { branch: placement.branch },
        interval: git.interval ?? placement.sourceInterval,
        secretName,
        ...git.fetch,
        ...(directory !== undefined && { sparseCheckout: [directory] }),
      });
      const chart = helmChart({
        ...metadata,
        chart: source.type === 'local' ? `./systems/${name}` : source.path,
        source: { kind: 'GitRepository', name },
        reconcileStrategy: source.type === 'git' ? source.reconcileStrategy : undefined,
      });
      return [
        { role: 'git-repository', object: repository },
        { role: 'helm-chart', object: chart },
      ];
    }
  }
}
