import { type PackageManifest } from '../package-manifest';
import { type ProjectSettings } from './project-settings';

/** `package.json` of a first project: everything in the versions that this package was tested with. */
export function packageText({ cdktn, package: source }: ProjectSettings, manifest: PackageManifest): string {
  const { peerDependencies, devDependencies: tested } = manifest;
  const pick = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, tested[name] ?? '']));
  const terrain = `npm:cdktn@${tested['cdktn'] ?? ''}`;
  const cli = cdktn ? { 'cdktn-cli': tested['cdktn'] } : pick(['cdktf-cli']);
  return jsonText({
    private: true,
    scripts: { check: 'tsc && gitlab-flux validate' },
    dependencies: sorted({
      ...pick(Object.keys(peerDependencies)),
      ...(cdktn && { cdktf: terrain }),
      'cdktf-gitlab-flux': source,
    }),
    devDependencies: sorted({ ...cli, ...pick(['@types/node', 'tsx', 'typescript']) }),
    ...(cdktn && { overrides: { cdktf: terrain } }),
  });
}

/** `cdktf.json` of a first project. */
export function cdktfText({ program }: ProjectSettings): string {
  return jsonText({
    language: 'typescript',
    app: 'npx tsx main.ts',
    projectId: program.replaceAll('/', '-'),
    sendCrashReports: 'false',
    targetVersions: { terraform: '>=1.11.0', opentofu: '>=1.11.0' },
    context: {},
  });
}

/** `tsconfig.json` of a first project. */
export function tsconfigText(): string {
  return jsonText({
    compilerOptions: {
      target: 'ES2022',
      module: 'node16',
      moduleResolution: 'node16',
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      types: ['node'],
    },
    include: ['**/*.ts'],
    exclude: ['node_modules', 'cdktf.out'],
  });
}

function sorted<T>(entries: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
