import { type Command } from 'commander';

import { CommandError } from '../command-error';
import { run } from '../run';
import { type Terminal } from '../terminal';
import { appliedByOf, findLeftovers, isNamespace, type Leftover } from './find-leftovers';
import { type ApiObject, Kubectl } from './kubectl';
import { type TerminatingNamespace, terminatingNamespaces } from './terminating';

interface LeftoversOptions {
  readonly context: string;
  readonly kubeconfig?: string;
  readonly fluxRemoved?: boolean;
  readonly remove?: readonly string[];
  readonly withContents?: boolean;
  readonly json?: boolean;
}

/** Something that is left over, and what is in it. */
interface Listed extends Leftover {
  /** What a namespace holds: kinds with their names. */
  readonly contents: readonly string[];
}

const KUSTOMIZATIONS = 'kustomizations.kustomize.toolkit.fluxcd.io';
const HELM_RELEASES = 'helmreleases.helm.toolkit.fluxcd.io';
const KEPT =
  'namespaces,serviceaccounts,rolebindings.rbac.authorization.k8s.io,clusterrolebindings.rbac.authorization.k8s.io';
/** What comes and goes with others, or says something about the moment. */
const OF_OTHERS = /^(events(\.events\.k8s\.io)?|endpoints|leases\.coordination\.k8s\.io|pods\.metrics\.k8s\.io)$/;
/** What Kubernetes itself puts into each namespace. */
const OF_KUBERNETES = new Set(['ConfigMap kube-root-ca.crt', 'ServiceAccount default']);

const help = `
Namespaces, service accounts and bindings of components outlive the Flux objects in them, or finalizers and hooks would
find nobody to act for. When a component is gone they are left over: Flux applied them, and no Kustomization names them.

It calls kubectl, reads only, and removes nothing but what --remove names as it was listed. A namespace that holds
something is removed only with --with-contents. One that holds objects of Flux is not listed: they use it.

A namespace that stays Terminating is named with what holds it: a destroy waits for it in vain.

Where there is no Flux it cannot know what is left over: a spoke has none, and its hub still uses what is there. When
Flux was removed from the cluster, say so by --flux-removed.

Examples:
  gitlab-flux leftovers --context uni-dev
  gitlab-flux leftovers --context uni-dev --remove namespace/fluentd clusterrolebinding/fluentd-applier-fluentd`;

/** Adds the command `leftovers` to a program. */
export function registerLeftovers(program: Command, terminal: Terminal, end: (code: number) => void): void {
  program
    .command('leftovers')
    .description('list what removed components left on a cluster, and remove it on request')
    .requiredOption('--context <name>', 'context of the kubeconfig: the cluster')
    .option('--kubeconfig <file>', 'the kubeconfig (default: where kubectl looks for it)')
    .option('--flux-removed', 'Flux was removed from this cluster: all that it left counts')
    .option('--remove <objects...>', 'remove these objects, named as they are listed')
    .option('--with-contents', 'remove a namespace with what it holds')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (options: LeftoversOptions) => {
      end(await run(terminal, options, () => leftovers(terminal, options)));
    });
}

async function leftovers(terminal: Terminal, options: LeftoversOptions): Promise<void> {
  const kubectl = new Kubectl(options);
  const terminating = await terminatingNamespaces(kubectl);
  if (options.json !== true) sayWhatHolds(terminal, terminating);
  const listed = await list(kubectl, options);
  const removed = chosen(listed, options);
  if (removed.length === 0) {
    report(terminal, listed, terminating, options);
    return;
  }
  // What is bound goes before the namespace with the account.
  for (const { source } of [...removed].sort((a, b) => Number(isNamespace(a)) - Number(isNamespace(b)))) {
    const { kind, metadata } = source;
    const where = metadata.namespace === undefined ? [] : ['--namespace', metadata.namespace];
    await kubectl.run('delete', kind.toLowerCase(), metadata.name, ...where, '--timeout=120s');
    terminal.say(terminal.paint('quiet', `removed ${kind} ${metadata.name}`));
  }
  if (options.json === true) terminal.printJson({ removed: removed.map(({ object }) => object) });
}

async function list(kubectl: Kubectl, { fluxRemoved }: LeftoversOptions): Promise<readonly Listed[]> {
  const known = await kubectl.run(
    'get',
    'crd',
    KUSTOMIZATIONS,
    HELM_RELEASES,
    '--ignore-not-found',
    '--output',
    'name',
  );
  const crds = known.split('\n').flatMap((line) => line.split('/').slice(1));
  if (!crds.includes(KUSTOMIZATIONS) && fluxRemoved !== true) {
    throw new CommandError(
      'there is no Flux on this cluster: a spoke has none, and its hub uses what is there. If Flux was removed, say --flux-removed',
    );
  }
  const applied = await kubectl.list(KEPT, '--all-namespaces', '--selector', 'kustomize.toolkit.fluxcd.io/name');
  const flux = crds.length === 0 ? [] : await kubectl.list(crds.join(','), '--all-namespaces');
  const found = findLeftovers({ applied, flux });
  if (!found.some(isNamespace)) return found.map((leftover) => ({ ...leftover, contents: [] }));
  const kinds = (await kubectl.namespacedKinds()).filter((kind) => !OF_OTHERS.test(kind)).join(',');
  const leftovers: Listed[] = [];
  for (const leftover of found) {
    leftovers.push({ ...leftover, contents: isNamespace(leftover) ? await contentsOf(kubectl, leftover, kinds) : [] });
  }

  return leftovers;
}

async function contentsOf(
  kubectl: Kubectl,
  { source, appliedBy }: Leftover,
  kinds: string,
): Promise<readonly string[]> {
  const objects = await kubectl.list(kinds, '--namespace', source.metadata.name);
  return (
    objects
      // What belongs to something else goes with that.
      .filter(({ metadata: { ownerReferences = [] } }) => ownerReferences.length === 0)
      .filter((object) => !isLeftWithIt(object, appliedBy))
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
      .filter((name) => !OF_KUBERNETES.has(name))
      .sort()
  );
}

/** Accounts and their bindings were kept for the namespace's sake, and go with it. */
function isLeftWithIt({ kind, metadata: { labels = {} } }: ApiObject, appliedBy: string): boolean {
  return ['ServiceAccount', 'RoleBinding'].includes(kind) && appliedByOf(labels) === appliedBy;
}

function chosen(leftovers: readonly Listed[], { remove = [], withContents }: LeftoversOptions): readonly Listed[] {
  return [...new Set(remove)].map((name) => {
    const leftover = leftovers.find(({ object }) => object === name);
    if (leftover === undefined) {
      const known = leftovers.map(({ object }) => object).join(', ');
      throw new CommandError(
        `--remove: got "${name}", want ${known === '' ? 'nothing: nothing is left over' : `one of ${known}`}`,
      );
    }
    if (leftover.contents.length > 0 && withContents !== true) {
      throw new CommandError(`${name} holds ${leftover.contents.join(', ')}: to remove that too, say --with-contents`);
    }

    return leftover;
  });
}

function sayWhatHolds(terminal: Terminal, terminating: readonly TerminatingNamespace[]): void {
  for (const { namespace, reasons, holds } of terminating) {
    terminal.say(`namespace/${namespace} stays Terminating: ${reasons.join(' ') || 'it is only being removed'}`);
    for (const object of holds) terminal.say(`  held by ${object}`);
  }
}

function report(
  terminal: Terminal,
  leftovers: readonly Listed[],
  terminating: readonly TerminatingNamespace[],
  options: LeftoversOptions,
): void {
  if (options.json === true) {
    terminal.printJson({
      leftovers: leftovers.map(({ object, appliedBy, contents }) => ({ object, appliedBy, contents })),
      terminating,
    });
    return;
  }
  for (const { object, appliedBy, contents } of leftovers) {
    const holds = contents.length === 0 ? '' : `, holds ${contents.join(', ')}`;
    terminal.print(`${object}  ${terminal.paint('quiet', `# applied by ${appliedBy}${holds}`)}`);
  }
  if (leftovers.length === 0) terminal.say('nothing is left over');
}
