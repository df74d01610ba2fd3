import { z } from 'zod';

/** What JSON Schema says about a field beside its type and description, by the keywords of JSON Schema. */
export type FieldKeywords = Readonly<Record<string, unknown>>;

/** The pattern of DNS labels: for editors and portals. The model checks it, and more. */
export const DNS_LABEL = '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$';

/** The pattern of durations: for editors and portals. The model checks it. */
const DURATION = '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$';

/** A field with text. */
export function text(description: string, keywords: FieldKeywords = {}): z.ZodString {
  return z.string().meta({ description, ...keywords });
}

/**
 * A field with yes or no.
 *
 * @param description - what it is when it is true
 */
export function flag(description: string, byDefault: boolean): z.ZodBoolean {
  return z.boolean().meta({ description, default: byDefault });
}

/** A field with a duration. */
export function duration(description: string, keywords: FieldKeywords = {}): z.ZodString {
  return text(description, { pattern: DURATION, examples: ['90s', '10m', '1h30m'], ...keywords });
}

/** A field with a whole number. */
export function wholeNumber(description: string, minimum: number, keywords: FieldKeywords = {}): z.ZodInt {
  return z.int().min(minimum).meta({ description, ...keywords });
}

/** A field with one of several words. */
export function choice<const T extends readonly [string, ...string[]]>(
  description: string,
  words: T,
  keywords: FieldKeywords = {},
): z.ZodEnum<{ [K in T[number]]: K }> {
  return z.enum(words).meta({ description, ...keywords });
}

/** A field with a list. */
export function listOf<T extends z.ZodType>(description: string, item: T, keywords: FieldKeywords = {}): z.ZodArray<T> {
  return z.array(item).meta({ description, ...keywords });
}

/** A field with values by names that the user chooses. */
export function mapOf<T extends z.ZodType>(
  description: string,
  value: T,
  keywords: FieldKeywords = {},
): z.ZodRecord<z.ZodString, T> {
  return z.record(z.string(), value).meta({ description, ...keywords });
}

/** A closed object of which exactly one key is given: the key says what the thing is, its value says more. */
export function exactlyOne<T extends Readonly<Record<string, z.ZodType>>>(
  description: string,
  shape: T,
  keywords: FieldKeywords = {},
): z.ZodObject<{ [K in keyof T]: z.ZodOptional<T[K]> }, z.core.$strict> {
  const names = Object.keys(shape).join(', ');
  const only = Object.keys(shape).length === 1;
  return z
    .strictObject(shape)
    .partial()
    .refine((value) => Object.keys(value).length === 1, { error: only ? `the key ${names}` : `exactly one of ${names}` })
    .meta({ description, minProperties: 1, maxProperties: 1, ...keywords });
}
