import { type ErrorThing } from '../error-place';
import { ValidationError } from '../validation-error';
import { type Component } from './component';

/**
 * The components in an order in which each follows those that it depends on. Of several such orders it is the one
 * nearest to the given order.
 *
 * @param at - the thing that has the components
 * @throws ValidationError when a dependency is missing or the dependencies form a cycle
 */
export function inDependencyOrder(at: ErrorThing, components: readonly Component[]): readonly Component[] {
  const present = new Set(components);
  const ordered = new Set<Component>();
  const path: Component[] = [];

  const visit = (component: Component): void => {
    if (ordered.has(component)) return;
    if (path.includes(component)) {
      const cycle = [...path.slice(path.indexOf(component)), component].map(({ name }) => name);
      throw new ValidationError({
        at,
        prop: 'dependsOn',
        got: cycle.join(' → '),
        want: 'dependencies without a cycle',
      });
    }
    path.push(component);
    for (const dependency of component.dependsOn) {
      if (!present.has(dependency)) {
        throw new ValidationError({
          at,
          prop: 'components',
          got: `"${component.name}" without "${dependency.name}", which it depends on`,
          want: `"${dependency.name}" among the components too`,
        });
      }
      visit(dependency);
    }
    path.pop();
    ordered.add(component);
  };

  components.forEach(visit);
  return [...ordered];
}
