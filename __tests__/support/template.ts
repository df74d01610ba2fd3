import { App, type TerraformStack } from 'cdktf';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A resource of a synthesized stack. */
export interface SynthesizedResource {
  /** Type and name: `gitlab_project.Project`. */
  readonly address: string;
  /** The arguments as Terraform reads them. */
  readonly [argument: string]: any;
}

/** The JSON of a stack as `cdktf synth` writes it. */
export type SynthesizedStack = Record<string, any>;

const outdirs: string[] = [];

afterAll(() => {
  for (const outdir of outdirs.splice(0)) rmSync(outdir, { recursive: true, force: true });
});

/**
 * An app that synthesizes into a directory of its own, which is removed after the test file.
 *
 * @param context - context values, `cdktf.json`'s `context`
 */
export function testApp(context: Record<string, unknown> = {}): App {
  const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
  outdirs.push(outdir);
  return new App({ outdir, context, stackTraces: false });
}

/**
 * Synthesizes the app of some stacks.
 *
 * @param stacks - stacks in one app of `testApp()`
 * @returns the JSON of each stack by its name
 */
export function stackJson(stacks: readonly TerraformStack[]): Readonly<Record<string, SynthesizedStack>> {
  const [{ outdir }] = stacks.map((stack) => App.of(stack)) as [App];
  App.of(stacks[0]!).synth();
  return Object.fromEntries(
    stacks.map(({ node }) => [
      node.id,
      JSON.parse(readFileSync(resolve(outdir, 'stacks', node.id, 'cdk.tf.json'), 'utf8')),
    ]),
  );
}

/**
 * What a stack becomes. It synthesizes the whole app, so validations run and error annotations throw, which
 * `Testing.synth` skips.
 */
export class Template {
  /**
   * Synthesizes the app of a stack and reads the stack.
   *
   * @param stack - a stack in an app of `testApp()`
   * @throws Error when a validation fails or a construct has an error annotation
   */
  public static of(stack: TerraformStack): Template {
    const app = App.of(stack);
    if (!outdirs.includes(app.outdir)) throw new Error('Template.of needs a stack in an app made by testApp()');
    app.synth();
    const directory = resolve(app.outdir, 'stacks', stack.node.id);
    return new Template(JSON.parse(readFileSync(join(directory, 'cdk.tf.json'), 'utf8')), directory);
  }

  private constructor(
    private readonly json: SynthesizedStack,
    /** Where the stack was written. */
    public readonly directory: string,
  ) {}

  /** The JSON. */
  public toJSON(): SynthesizedStack {
    return this.json;
  }

  /** The resources of a type, in the order of their addresses. */
  public resources(type: string): readonly SynthesizedResource[] {
    return this.blocks('resource', type);
  }

  /** The data sources of a type, in the order of their addresses. */
  public dataSources(type: string): readonly SynthesizedResource[] {
    return this.blocks('data', type);
  }

  /** The only resource of a type. */
  public resource(type: string): SynthesizedResource {
    const [only, ...others] = this.resources(type);
    if (only === undefined || others.length > 0) {
      const types = Object.keys(this.json['resource'] ?? {}).join(', ');
      throw new Error(`want one ${type}, got ${only === undefined ? 0 : others.length + 1}; there are: ${types}`);
    }
    return only;
  }

  /** The Helm release of a name. */
  public release(name: string): SynthesizedResource {
    const found = this.resources('helm_release').find((release) => release['name'] === name);
    if (found === undefined) throw new Error(`there is no release ${name}`);
    return found;
  }

  /** The configurations of a provider. */
  public providers(name: string): readonly Record<string, any>[] {
    return this.json['provider']?.[name] ?? [];
  }

  /** The addresses of all resources, sorted. */
  public get addresses(): readonly string[] {
    return Object.entries(this.json['resource'] ?? {})
      .flatMap(([type, byName]) => Object.keys(byName as object).map((name) => `${type}.${name}`))
      .sort();
  }

  private blocks(kind: string, type: string): SynthesizedResource[] {
    const byName: Record<string, object> = this.json[kind]?.[type] ?? {};
    const prefix = kind === 'data' ? 'data.' : '';
    return Object.keys(byName)
      .sort()
      .map((name) => ({ ...byName[name], address: `${prefix}${type}.${name}` }));
  }
}
