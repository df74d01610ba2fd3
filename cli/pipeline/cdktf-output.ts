import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parsePushManifest } from '../../lib/model/delivery/parse-push-manifest';
import { filesBelow } from '../../lib/model/manifest/files-below';
import { type StackTree } from '../../lib/model/pipeline/plan/file-change';
import { fluxVersionOf, type StackResources } from '../../lib/model/pipeline/plan/flux-version';
import { contentDigest, isLeftover, type StackContents } from '../../lib/model/pipeline/plan/stack-content';
import { CommandError } from '../command-error';
import { readManifest, treeReader } from '../push/manifest-file';

/** A stack's `cdk.tf.json`, as far as it is read here. */
export interface StackJson extends StackResources {
  /** Settings of Terraform. */
  readonly terraform?: {
    /**
     * Where the state is, by kind.
     *
     * @default - a file
     */
    readonly backend?: Readonly<Record<string, unknown>>;
  };
  /** Variables by name. */
  readonly variable?: Readonly<Record<string, { readonly default?: unknown; readonly ephemeral?: boolean }>>;
}

/** What `cdktf synth` wrote. */
export class CdktfOutput {
  private readonly directories: ReadonlyMap<string, string>;

  /**
   * @param root - the directory, most often `cdktf.out`
   * @throws CommandError when nothing has been synthesized there
   */
  constructor(private readonly root: string) {
    const manifest = join(root, 'manifest.json');
    if (!existsSync(manifest)) {
      throw new CommandError(`${manifest}: there is no such file; 'npx cdktf synth' writes it`);
    }

    const { stacks } = jsonOf(manifest) as {
      readonly stacks: Readonly<Record<string, { readonly workingDirectory: string }>>;
    };
    this.directories = new Map(
      Object.entries(stacks)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { workingDirectory }]) => [name, join(root, workingDirectory)]),
    );
  }

  /** Names of the stacks, in order. */
  public get stacks(): readonly string[] {
    return [...this.directories.keys()];
  }

  /**
   * The directory of a stack.
   *
   * @throws CommandError when there is no such stack
   */
  public directoryOf(stack: string): string {
    const directory = this.directories.get(stack);
    if (directory === undefined) throw new CommandError(`stack: got "${stack}", want one of ${this.stacks.join(', ')}`);
    return directory;
  }

  /** The digest of a stack's JSON and assets. */
  public contentOf(stack: string): string {
    const directory = this.directoryOf(stack);
    const files = filesBelow(directory).filter((path) => !isLeftover(path));
    return contentDigest(files.map((path) => [path, readFileSync(join(directory, path))] as const));
  }

  /** The digests of all stacks. */
  public contents(): StackContents {
    return Object.fromEntries(this.stacks.map((stack) => [stack, this.contentOf(stack)]));
  }

  /** A stack's Terraform. */
  public jsonOf(stack: string): StackJson {
    return jsonOf(join(this.directoryOf(stack), 'cdk.tf.json')) as StackJson;
  }

  /** The version of Flux that a stack installs, if it installs one. */
  public fluxVersionOf(stack: string): string | undefined {
    return this.directories.has(stack) ? fluxVersionOf(this.jsonOf(stack)) : undefined;
  }

  /**
   * The files that a stack delivers in commits, of all projects that it delivers to. A stack that is not there has none.
   */
  public treeOf(stack: string): StackTree {
    const directory = this.directories.get(stack);
    const places = new Map<string, { readonly digest: string; readonly read: (path: string) => Uint8Array }>();
    const manifests =
      directory === undefined ? [] : readdirSync(directory).filter((name) => /^gitops-.*\.json$/.test(name));
    for (const name of manifests) {
      const file = join(this.directoryOf(stack), name);
      const { tree, files } = parsePushManifest(readManifest(file), file);
      const read = treeReader(file, tree);
      for (const [path, { blob }] of Object.entries(files)) places.set(path, { digest: blob, read });
    }
    return {
      digests: new Map([...places].map(([path, { digest }]) => [path, digest])),
      contentOf: (path) => {
        const place = places.get(path);
        if (place === undefined) throw new CommandError(`${stack}: delivers no file ${path}`);
        return place.read(path);
      },
    };
  }
}

function jsonOf(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(`${file}: is no JSON; 'npx cdktf synth' writes it anew`);
  }
}
