import { createRequire } from 'node:module';

import { ValidationError } from '../../validation-error';
import { type HelmValues } from '../helm-values';

type Fields = Readonly<Record<string, unknown>>;

interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Fields;
}

/** The part of ajv that is used. */
interface Validator {
  compile(schema: Fields): ((data: unknown) => boolean) & { errors?: readonly SchemaError[] | null };
  addMetaSchema(schema: Fields): void;
}

type ValidatorClass = new (options: object) => Validator;

/** ajv takes 70 ms to load, which nobody pays whose charts have no schema. */
const load = createRequire(__filename);

const DRAFTS = 'JSON Schema draft 6, draft 7, 2019-09 or 2020-12';

/** What is wrong with a value. */
export interface ValueProblem {
  /** Where: keys with dots between them; empty for the values as a whole. */
  readonly path: string;
  /** The value. */
  readonly value: unknown;
  /** What is wrong, with the path in front. */
  readonly text: string;
  /** Whether something is missing. */
  readonly isMissing: boolean;
}

/**
 * A check of values by a chart's `values.schema.json`, as Helm makes it before it renders. `format` is not checked, and
 * what lies outside the schema is not fetched.
 *
 * @param at - the thing that has the schema
 * @param schema - the schema
 * @returns what is wrong with values; an empty list when nothing is
 * @throws ValidationError when the schema cannot be read
 */
export function valuesCheck(at: string, schema: Fields): (values: HelmValues) => readonly ValueProblem[] {
  const validate = compiled(at, schema);
  return (values) => (validate(values) ? [] : (validate.errors ?? []).map((error) => problemOf(error, values)));
}

function compiled(at: string, schema: Fields): ReturnType<Validator['compile']> {
  const validator = validatorFor(at, schema.$schema ?? 'https://json-schema.org/draft/2020-12/schema');
  try {
    return validator.compile(schema);
  } catch (error) {
    const want = `a schema that can be used, but: ${error instanceof Error ? error.message : String(error)}`;
    throw new ValidationError({ at, prop: 'values.schema.json', want });
  }
}

function validatorFor(at: string, draft: unknown): Validator {
  const options = { strict: false, validateFormats: false, allErrors: true, logger: false };
  const make = (module: string): Validator =>
    new (load(module) as { readonly default: ValidatorClass }).default(options);
  switch (/draft-0[67]|2019-09|2020-12/.exec(JSON.stringify(draft))?.[0]) {
    case '2020-12':
      return make('ajv/dist/2020.js');
    case '2019-09':
      return make('ajv/dist/2019.js');
    case 'draft-07':
      return make('ajv/dist/ajv.js');
    case 'draft-06': {
      const validator = make('ajv/dist/ajv.js');
      validator.addMetaSchema(load('ajv/dist/refs/json-schema-draft-06.json') as Fields);
      return validator;
    }
    default:
      throw new ValidationError({ at, prop: 'values.schema.json: $schema', got: draft, want: DRAFTS });
  }
}

function problemOf({ instancePath, keyword, message, params }: SchemaError, values: HelmValues): ValueProblem {
  const steps = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const path = steps.join('.');
  const value = steps.reduce<unknown>((found, step) => (found as Fields | undefined)?.[step], values);
  const detail = params.additionalProperty ?? params.allowedValues;
  const shown = detail === undefined ? '' : ` (${JSON.stringify(detail)})`;
  const text = `${path === '' ? '' : `${path} `}${message ?? 'is wrong'}${shown}`;
  return { path, value, text, isMissing: keyword === 'required' };
}
