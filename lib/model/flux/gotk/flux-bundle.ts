import { createHash } from 'node:crypto';

import { ValidationError } from '../../validation-error';

/** The manifests of a release of Flux: the files of its `manifests.tar.gz`. */
export class FluxBundle {
  /**
   * A bundle of these files.
   *
   * @param at - where they are from, for messages
   * @throws ValidationError when they are no manifests of Flux
   */
  public static of(at: string, files: ReadonlyMap<string, string>): FluxBundle {
    const lacking = ['rbac.yaml', 'policies.yaml', 'source-controller.yaml'].filter((name) => !files.has(name));
    if (lacking.length > 0) {
      throw new ValidationError({ at, want: `the manifests of a release of Flux; ${lacking.join(', ')} not found` });
    }

    return new FluxBundle(at, new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))));
  }

  private constructor(
    /** Where the files are from. */
    public readonly at: string,
    /** Text by file name. */
    public readonly files: ReadonlyMap<string, string>,
  ) {}

  /** The controllers that the bundle has. */
  public get controllers(): readonly string[] {
    return [...this.files.keys()]
      .map((name) => name.replace(/\.yaml$/, ''))
      .filter((name) => name !== 'rbac' && name !== 'policies');
  }

  /** SHA-256 of each file, by its name. */
  public get digests(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.files].map(([name, text]) => [name, sha256(text)]));
  }

  /**
   * The documents of a file.
   *
   * @param name - the file without `.yaml`: a component, `rbac` or `policies`
   * @throws ValidationError when the bundle has no such file
   */
  public documents(name: string): readonly string[] {
    const text = this.files.get(`${name}.yaml`);
    if (text === undefined) {
      const want = `one of ${this.controllers.join(', ')}`;
      throw new ValidationError({ at: this.at, prop: 'controllers', got: name, want });
    }
    const documents = text.split(/^---[ \t]*\r?\n/m).filter((document) => document.trim() !== '');
    return documents.map((document) => (document.endsWith('\n') ? document : `${document}\n`));
  }

  /**
   * Where a file is, for messages.
   *
   * @param name - the file without `.yaml`
   */
  public pathOf(name: string): string {
    return `${this.at}/${name}.yaml`;
  }
}

/** SHA-256 in hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
