import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { FLEET_NOTE, type FleetNote } from '../../lib/model/layout/fleet-note';
import { REPOSITORY_STACK } from '../../lib/model/layout/stack-name';
import { CommandError } from '../command-error';

/** A stack as `cdktf synth` left it. */
export interface SynthesizedStack {
  /** Name of the stack. */
  readonly name: string;
  /** Its Terraform resources, by type. */
  readonly resources: Readonly<Record<string, readonly string[]>>;
  /** The Terraform variables that have to be given a value. */
  readonly variables: readonly SynthesizedVariable[];
  /**
   * Where its state is kept, as Terraform calls it: `local`, `http`.
   *
   * @default - Terraform's default
   */
  readonly backend?: string;
  /**
   * The environment of a cluster's stack.
   *
   * @default - it is not of a cluster
   */
  readonly environment?: string;
}

/** A Terraform variable without a default. */
export interface SynthesizedVariable {
  /** Name of the variable. */
  readonly name: string;
  /** What it is for. */
  readonly description: string;
}

/** A GitLab project and the files that go into it. */
export interface SynthesizedProject {
  /** Path of the project. */
  readonly path: string;
  /** Paths of its files. */
  readonly files: readonly string[];
}

interface StackJson {
  readonly resource?: Readonly<
    Record<string, Readonly<Record<string, { readonly '//'?: { readonly metadata?: { readonly path?: string } } }>>>
  >;
  readonly variable?: Readonly<Record<string, { readonly default?: unknown; readonly description?: string }>>;
  readonly terraform?: { readonly backend?: Readonly<Record<string, unknown>> };
}

/**
 * The stacks below an output directory, in the order in which they are deployed: `repository` first, then those of
 * clusters by environment, then those that are not of a fleet.
 *
 * @param directory - what `cdktf synth` wrote, most often `cdktf.out`
 * @throws CommandError when nothing has been synthesized
 */
export function synthesizedStacks(directory: string): readonly SynthesizedStack[] {
  const manifest = join(directory, 'manifest.json');
  if (!existsSync(manifest)) throw new CommandError(`${manifest}: there is no such file; 'npx cdktf synth' writes it`);
  const { stacks } = readJson(manifest) as {
    readonly stacks: Readonly<Record<string, { readonly synthesizedStackPath: string }>>;
  };
  const note = noteIn(directory);
  const rank = ({ name, environment }: SynthesizedStack): number =>
    name === REPOSITORY_STACK ? -1 : environment === undefined ? Infinity : note.environments.indexOf(environment);
  return Object.entries(stacks)
    .map(([name, { synthesizedStackPath }]) =>
      stackOf(name, readJson(join(directory, synthesizedStackPath)) as StackJson, note.stacks[name]),
    )
    .map((stack) => ({ stack, rank: rank(stack) }))
    .sort((a, b) => (a.rank === b.rank ? (a.stack.name < b.stack.name ? -1 : 1) : a.rank < b.rank ? -1 : 1))
    .map(({ stack }) => stack);
}

/**
 * The projects whose files lie below an output directory.
 *
 * @param directory - what `cdktf synth` wrote
 */
export function synthesizedProjects(directory: string): readonly SynthesizedProject[] {
  const root = join(directory, 'repository');
  return existsSync(root) ? [...projectsBelow(root, '')] : [];
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new CommandError(`${file}: want JSON as 'npx cdktf synth' writes it`);
  }
}

/** Without a fleet, every stack is one's own. */
function noteIn(directory: string): FleetNote {
  const file = join(directory, FLEET_NOTE);
  return existsSync(file) ? (readJson(file) as FleetNote) : { environments: [], stacks: {} };
}

function stackOf(name: string, json: StackJson, environment: string | undefined): SynthesizedStack {
  const { resource = {}, variable = {}, terraform } = json;
  const resources = Object.entries(resource)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([type, byId]) =>
        [type, Object.entries(byId).map(([id, { '//': note }]) => nameOf(name, note?.metadata?.path ?? id))] as const,
    );
  const variables = Object.entries(variable)
    .filter(([, { default: value }]) => value === undefined)
    .map(([each, { description = '' }]) => ({ name: each, description }));
  const [backend] = Object.keys(terraform?.backend ?? {});
  return { name, resources: Object.fromEntries(resources), variables, backend, environment };
}

/** The construct's path below the stack, without the child `Resource` that every construct has. */
function nameOf(stack: string, path: string): string {
  return path.replace(`${stack}/`, '').replace(/\/Resource$/, '');
}

/** A project's path has any number of groups: the project is where files begin. */
function* projectsBelow(root: string, path: string): Generator<SynthesizedProject> {
  const entries = readdirSync(join(root, path)).sort();
  const isDirectory = (entry: string): boolean => statSync(join(root, path, entry)).isDirectory();
  const isProject =
    path !== '' && entries.some((entry) => ['clusters', 'systems'].includes(entry) || !isDirectory(entry));
  if (isProject) {
    yield { path, files: [...filesBelow(join(root, path), '')] };
    return;
  }
  for (const entry of entries.filter(isDirectory)) yield* projectsBelow(root, path === '' ? entry : `${path}/${entry}`);
}

function* filesBelow(root: string, path: string): Generator<string> {
  for (const entry of readdirSync(join(root, path)).sort()) {
    const child = path === '' ? entry : `${path}/${entry}`;
    if (statSync(join(root, child)).isDirectory()) yield* filesBelow(root, child);
    else yield child;
  }
}
