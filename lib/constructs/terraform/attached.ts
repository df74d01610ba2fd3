import { type IConstruct } from 'constructs';

/**
 * The one value of a name that a construct carries, made when it is first asked for. Carried by an app or a stack, so
 * that others in the same process have their own.
 */
export function attached<T>(construct: IConstruct, name: string, make: () => T): T {
  const property = Symbol.for(`cdktf-gitlab-flux.${name}`);
  const carrier = construct as IConstruct & { [property]?: T };
  const value = carrier[property] ?? make();
  if (carrier[property] === undefined) Object.defineProperty(carrier, property, { value });
  return value;
}
