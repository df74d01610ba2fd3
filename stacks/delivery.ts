import { type IRepositoryDelivery } from '../lib/constructs/repository/i-repository-delivery';
import { RepositoryDelivery } from '../lib/constructs/repository/repository-delivery';
import { type DeliveryDefinition } from '../lib/model/fleet/definition/fleet-definition';

/**
 * The delivery that a definition describes.
 *
 * @param definition - the definition; `commit` when there is none
 */
export function deliveryOf(definition: DeliveryDefinition = { type: 'commit' }): IRepositoryDelivery {
  switch (definition.type) {
    case 'commit':
      return RepositoryDelivery.commit(optionsOf(definition));
    case 'files':
      return RepositoryDelivery.files(optionsOf(definition));
    case 'tree':
      return RepositoryDelivery.tree();
  }
}

function optionsOf<T extends DeliveryDefinition>({ type: _, ...options }: T): Omit<T, 'type'> {
  return options;
}
