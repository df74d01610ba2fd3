import { readFileSync } from 'node:fs';

/** What `package.json` of this package says. */
export interface PackageManifest {
  /** Version of this package. */
  readonly version: string;
  /** What a project that uses it brings along, with the versions that it was tested with. */
  readonly peerDependencies: Readonly<Record<string, string>>;
  /** What it is developed with, in exact versions. */
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Reads `package.json` of this package. */
export function packageManifest(): PackageManifest {
  return JSON.parse(readFileSync(require.resolve('cdktf-gitlab-flux/package.json'), 'utf8')) as PackageManifest;
}
