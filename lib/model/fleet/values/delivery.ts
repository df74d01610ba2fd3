import { checkCommitOptions, checkFilesOptions } from '../../delivery/delivery-options';
import { type DeliveryDefinition } from '../definition/fleet-definition';
import { type FleetInput } from '../schema/fleet';

/**
 * How files get into the project.
 *
 * @throws ValidationError when GitLab or Terraform would refuse it
 */
export function deliveryOf(input: NonNullable<FleetInput['delivery']>): DeliveryDefinition {
  if (input.type === 'commit') checkCommitOptions('delivery', input);
  else if (input.type === 'files') checkFilesOptions('delivery', input);
  return input;
}
