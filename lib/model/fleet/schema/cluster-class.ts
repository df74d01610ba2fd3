import { z } from 'zod';

import { choice, listOf, mapOf, text } from './fields';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** A parameter of a class: a closed part of JSON Schema. */
const parameter = z
  .strictObject({
    type: choice('What its value is.', ['string', 'number', 'integer', 'boolean']),
    title: text('What a form calls it.').optional(),
    description: text('What it is for.').optional(),
    default: scalar.meta({ description: 'What counts where a cluster does not say it. By default a cluster has to say it.' }).optional(),
    examples: listOf('Values that it may have.', scalar).optional(),
    enum: listOf('The values that it can have.', scalar).optional(),
    pattern: text('A regular expression that a text fits.', { examples: ['^[a-z]{3}$'] }).optional(),
    minLength: z.int().min(0).meta({ description: 'The fewest characters of a text.' }).optional(),
    maxLength: z.int().min(0).meta({ description: 'The most characters of a text.' }).optional(),
    minimum: z.number().meta({ description: 'The smallest number.' }).optional(),
    maximum: z.number().meta({ description: 'The largest number.' }).optional(),
    when: mapOf(
      'Other parameters with the value, or one of the values, that makes this one matter. Otherwise it has no value, and what refers to it is left out.',
      z.union([scalar, z.array(scalar)]),
      { examples: [{ size: 'large' }] },
    ).optional(),
  })
  .meta({ id: 'Parameter', title: 'Parameter', description: 'What a cluster of the class may say.' });

/** A class of clusters. */
export const clusterClass = z
  .strictObject({
    title: text('What a form calls it.').optional(),
    description: text('What its clusters are.').optional(),
    parameters: mapOf('What differs between its clusters, by name.', parameter, {
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9]*$' },
    }).optional(),
    // What it says is judged cluster by cluster, with the values of the parameters in their places.
    cluster: mapOf('What holds for its clusters, unless they say otherwise.', z.unknown()),
  })
  .meta({ id: 'ClusterClass', title: 'Class', description: 'What clusters of one kind share, with parameters for what differs.' });

/** A class as a file says it. */
export interface ClusterClassInput {
  /** What a form calls it. */
  readonly title?: string;
  /** What its clusters are. */
  readonly description?: string;
  /** What differs between its clusters, by name. */
  readonly parameters?: Readonly<Record<string, ParameterInput>>;
  /** What holds for its clusters, with references to parameters. */
  readonly cluster: Readonly<Record<string, unknown>>;
}

/** A parameter as a file says it: a closed part of JSON Schema. */
export interface ParameterInput {
  /** What its value is. */
  readonly type: 'string' | 'number' | 'integer' | 'boolean';
  /** What a form calls it. */
  readonly title?: string;
  /** What it is for. */
  readonly description?: string;
  /**
   * What counts where a cluster does not say it.
   *
   * @default - a cluster has to say it
   */
  readonly default?: string | number | boolean;
  /** Values that it may have. */
  readonly examples?: readonly (string | number | boolean)[];
  /** The values that it can have. */
  readonly enum?: readonly (string | number | boolean)[];
  /** A regular expression that a text fits. */
  readonly pattern?: string;
  /** The fewest characters of a text. */
  readonly minLength?: number;
  /** The most characters of a text. */
  readonly maxLength?: number;
  /** The smallest number. */
  readonly minimum?: number;
  /** The largest number. */
  readonly maximum?: number;
  /**
   * Other parameters with the value, or one of the values, that makes this one matter.
   *
   * @default - it always matters
   */
  readonly when?: Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[]>>;
}
