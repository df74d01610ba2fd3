import { type Component } from '../../component/component';
import { pathText } from '../../error-place';
import { type FleetPath } from '../fleet-document';
import { type ComponentInput } from '../schema/fleet';
import { didYouMean } from '../suggestion';
import { helmComponentOf } from './helm-component';
import { kustomizeComponentOf } from './kustomize-component';
import { type LoadContext } from './load-context';

/**
 * The components by name. Each is made after those that it refers to. One that cannot be made is undefined, and the
 * reason has been noted.
 */
export function componentsOf(
  context: LoadContext,
  inputs: Readonly<Record<string, ComponentInput>>,
): ReadonlyMap<string, Component | undefined> {
  const { document } = context;
  const made = new Map<string, Component | undefined>();
  const open: string[] = [];

  const referred = (name: string, path: FleetPath): Component | undefined =>
    context.attempt([], () => {
      checkName(context, name, path);
      if (open.includes(name)) {
        const cycle = [...open.slice(open.indexOf(name)), name].join(' → ');
        context.refuse(document.problem(path, `${pathText(path)}: got ${cycle}, want no cycle of components`));
      }
      return visit(name);
    });

  const visit = (name: string): Component | undefined => {
    const { kustomize, helm } = inputs[name] ?? {};
    const input = kustomize ?? helm;
    if (!made.has(name) && input !== undefined) {
      const path = ['components', name, kustomize === undefined ? 'helm' : 'kustomize'];
      open.push(name);
      const component = context.attempt<Component | undefined>([path], () => {
        const dependsOn = (input.dependsOn ?? []).map((other, index) => referred(other, [...path, 'dependsOn', index]));
        const { namespaceOwner: owner } = input;
        const namespaceOwner = owner === undefined ? undefined : referred(owner, [...path, 'namespaceOwner']);
        const references = { dependsOn: dependsOn.filter((other) => other !== undefined), namespaceOwner };
        const component =
          kustomize === undefined
            ? helm && helmComponentOf(context, path, name, helm, references)
            : kustomizeComponentOf(context, path, name, kustomize, references);
        // It was judged, but it cannot be without the others.
        const isWhole = !dependsOn.includes(undefined) && (owner === undefined || namespaceOwner !== undefined);
        return isWhole && !context.isLeftOut(['components', name]) ? component : undefined;
      });
      open.pop();
      made.set(name, component);
    }
    return made.get(name);
  };

  Object.keys(inputs).forEach(visit);
  return made;
}

/** Refuses the name of a component that the file does not describe. */
export function checkName(context: LoadContext, name: string, path: FleetPath): void {
  const { document } = context;
  const names = document.keysAt(['components']);
  if (names.includes(name)) return;
  const hint = didYouMean(name, names) || (names.length === 0 ? '; there is none' : `; there are ${listed(names)}`);
  context.refuse(document.problem(path, `${pathText(path)}: unknown component "${name}"${hint}`));
}

function listed(names: readonly string[]): string {
  const most = 10;
  return names.length > most ? `${names.slice(0, most).join(', ')}, …` : names.join(', ');
}
