/** An attribute as the schema of a provider describes it. */
export interface AttributeSchema {
  /**
   * Type, as `terraform providers schema -json` writes it.
   *
   * @default - an object of attributes
   */
  readonly type?: 'string' | 'bool' | readonly ['list' | 'set' | 'map', 'string'];
  /** Attributes of an object. */
  readonly attributes?: Readonly<Record<string, AttributeSchema>>;
  /** It has to be given. */
  readonly required?: true;
  /** It may be given. */
  readonly optional?: true;
  /** The provider fills it in. */
  readonly computed?: true;
  /** Terraform does not show it. */
  readonly sensitive?: true;
  /** It should not be given any more. */
  readonly deprecated?: true;
}

/** Attributes by their names in TypeScript. The compiler compares their types and whether they have to be given. */
export type AttributeSchemas<T> = {
  readonly [K in keyof T]-?: AttributeSchema & TypeOf<NonNullable<T[K]>> & PresenceOf<T, K>;
};

type TypeOf<T> = [T] extends [string]
  ? { readonly type: 'string' }
  : [T] extends [boolean]
    ? { readonly type: 'bool' }
    : [T] extends [readonly string[]]
      ? { readonly type: readonly ['list' | 'set', 'string'] }
      : string extends keyof T
        ? { readonly type: readonly ['map', 'string'] }
        : { readonly attributes: AttributeSchemas<T> };

type PresenceOf<T, K extends keyof T> =
  object extends Pick<T, K> ? { readonly optional: true } : { readonly required: true } | { readonly computed: true };

/** The name of an attribute in Terraform. */
export function terraformName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Arguments as Terraform reads them.
 *
 * @param values - values by their names in TypeScript
 */
export function argumentsOf(
  values: object,
  schemas: Readonly<Record<string, AttributeSchema>>,
): Record<string, unknown> {
  const given = Object.entries(values).filter(([name, value]) => value !== undefined && schemas[name] !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => {
      const { attributes } = schemas[name] ?? {};
      return [terraformName(name), attributes === undefined ? value : argumentsOf(value as object, attributes)];
    }),
  );
}

/**
 * Arguments as `cdktf synth --hcl` reads them.
 *
 * @param values - values by their names in Terraform
 */
export function hclAttributesOf(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [name, { value, isBlock: false, type: 'map', storageClassType: 'anyMap' }]),
  );
}
