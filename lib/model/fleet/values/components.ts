import { type Component } from '../../component/component';
import { type FleetPath } from '../fleet-document';
import { pathText } from '../../error-place';
import { type ComponentInput } from '../schema/fleet';
import { didYouMean } from '../suggestion';
import { type Construction } from './construction';
import { helmComponentOf } from './helm-component';
import { kustomizeComponentOf } from './kustomize-component';

/**
 * The components by name. Each is made after those that it refers to. One that cannot be made is undefined, and the
 * reason has been noted.
 *
 * @param construction - the fleet in the making
 * @param inputs - what the file says
 */
export function componentsOf(
  construction: Construction,
  inputs: Readonly<Record<string, ComponentInput>>,
): ReadonlyMap<string, Component | undefined> {
  const { document } = construction;
  const made = new Map<string, Component | undefined>();
  const open: string[] = [];

  const referred = (name: string, path: FleetPath): Component => {
    const at = pathText(path);
    if (!Object.hasOwn(inputs, name)) {
      const message = `${at}: unknown component "${name}"${didYouMean(name, Object.keys(inputs))}`;
      construction.refuse(document.problem(path, message));
    }
    if (open.includes(name)) {
      const cycle = [...open.slice(open.indexOf(name)), name].join(' → ');
      construction.refuse(document.problem(path, `${at}: got ${cycle}, want no cycle of components`));
    }
    return visit(name) ?? construction.giveUp();
  };

  const visit = (name: string): Component | undefined => {
    const { kustomize, helm } = inputs[name] ?? {};
    const input = kustomize ?? helm;
    if (!made.has(name) && input !== undefined) {
      const path = ['components', name, kustomize === undefined ? 'helm' : 'kustomize'];
      open.push(name);
      const component = construction.attempt<Component | undefined>([path], () => {
        const references = {
          dependsOn: (input.dependsOn ?? []).map((other, index) => referred(other, [...path, 'dependsOn', index])),
          namespaceOwner:
            input.namespaceOwner === undefined
              ? undefined
              : referred(input.namespaceOwner, [...path, 'namespaceOwner']),
        };
        return kustomize === undefined
          ? helm && helmComponentOf(construction, path, name, helm, references)
          : kustomizeComponentOf(construction, path, name, kustomize, references);
      });
      open.pop();
      made.set(name, component);
    }
    return made.get(name);
  };

  Object.keys(inputs).forEach(visit);
  return made;
}
