import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { type BuildCache } from '../cache/build-cache';
import { runProgram } from './run-program';

/** A program of this machine. */
export interface Program {
  /** Its name. */
  readonly name: 'kustomize' | 'kubectl' | 'helm';
  /** Where it is. */
  readonly path: string;
  /** Its version; that of the kustomize within it for kubectl. */
  readonly version: string;
}

/** The programs of this machine that build. */
export interface Programs {
  /** What builds with kustomize; undefined where there is neither kustomize nor kubectl. */
  readonly kustomize: Program | undefined;
  /** Helm; undefined where there is none. */
  readonly helm: Program | undefined;
}

const TIMEOUT = 20_000;

interface Candidate {
  readonly name: Program['name'];
  readonly args: readonly string[];
  readonly version: RegExp;
}

const KUSTOMIZE: readonly Candidate[] = [
  { name: 'kustomize', args: ['version'], version: /v(\d+\.\d+\.\d+\S*)/ },
  { name: 'kubectl', args: ['version', '--client'], version: /Kustomize Version: v(\d+\.\d+\.\d+\S*)/ },
];
const HELM: readonly Candidate[] = [{ name: 'helm', args: ['version', '--short'], version: /v(\d+\.\d+\S*)/ }];

/** Fields that Flux knows are unknown to older ones. */
const OLDEST = { kustomize: 5, helm: 3 } as const;

/**
 * Looks for the programs that build, in the directories of `PATH`. A program that is too old is as good as none.
 *
 * @param cache - remembers versions, because asking for one takes as long as a build
 */
export async function findPrograms(
  environment: Readonly<Record<string, string | undefined>>,
  cache: BuildCache,
): Promise<Programs> {
  const [kustomize, helm] = await Promise.all([
    firstOf(KUSTOMIZE, OLDEST.kustomize, environment, cache),
    firstOf(HELM, OLDEST.helm, environment, cache),
  ]);
  return { kustomize, helm };
}

async function firstOf(
  candidates: readonly Candidate[],
  oldest: number,
  environment: Readonly<Record<string, string | undefined>>,
  cache: BuildCache,
): Promise<Program | undefined> {
  for (const candidate of candidates) {
    const path = pathOf(candidate.name, environment);
    const version = path === undefined ? undefined : await versionOf(candidate, path, cache);
    if (path !== undefined && version !== undefined && Number.parseInt(version, 10) >= oldest) {
      return { name: candidate.name, path, version };
    }
  }
  return undefined;
}

function pathOf(name: string, { PATH, Path }: Readonly<Record<string, string | undefined>>): string | undefined {
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name];
  const directories = (PATH ?? Path ?? '').split(delimiter).filter((directory) => directory !== '');
  return directories.flatMap((directory) => names.map((each) => join(directory, each))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

async function versionOf(
  { name, args, version }: Candidate,
  path: string,
  cache: BuildCache,
): Promise<string | undefined> {
  const { size, mtimeMs } = statSync(path);
  const key = cache.keyOf(['program', name, realpathSync(path), size, mtimeMs]);
  const known = cache.read(key);
  if (typeof known === 'string') return known;
  const { stdout, stderr } = await runProgram(path, args, { timeout: TIMEOUT });
  const [, found] = version.exec(`${stdout}\n${stderr}`) ?? [];
  if (found !== undefined) cache.write(key, found);
  return found;
}
