import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { gotkComponents } from '../../../../lib/model/flux/gotk/gotk-components';
import { type GotkOptions } from '../../../../lib/model/flux/gotk/gotk-options';
import { readFluxBundle } from '../../../../lib/model/flux/gotk/read-bundle';
import { findProgram, sharedDirectory } from '../../../support/rig';

// Byte for byte: what this library generates, and what the flux CLI of the version writes with the same options.

const MANIFESTS = join(sharedDirectory, 'data/flux-v2.9.4');
const FLUX = findProgram('flux') ?? '';
const reason = !existsSync(MANIFESTS)
  ? `data: there is no ${MANIFESTS}`
  : FLUX === ''
    ? 'program: flux is not in RIG_BIN or PATH'
    : execFileSync(FLUX, ['--version'], { encoding: 'utf8' }).trim() === 'flux version 2.9.4'
      ? undefined
      : `program: ${FLUX} is not flux 2.9.4`;

const DEFAULTS = ['source-controller', 'kustomize-controller', 'helm-controller', 'notification-controller'];
const EXTRA = ['image-reflector-controller', 'image-automation-controller', 'source-watcher'];

const flags: Readonly<Record<keyof GotkOptions, string>> = {
  version: 'version',
  namespace: 'namespace',
  controllers: 'components',
  registry: 'registry',
  imagePullSecret: 'image-pull-secret',
  watchAllNamespaces: 'watch-all-namespaces',
  networkPolicy: 'network-policy',
  logLevel: 'log-level',
  clusterDomain: 'cluster-domain',
  tolerationKeys: 'toleration-keys',
};

(reason === undefined ? describe : describe.skip)(
  `flux install --export${reason ? ` (skipped, ${reason})` : ''}`,
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'flux-home-'));
    afterAll(() => rmSync(directory, { recursive: true, force: true }));

    const fromFlux = (options: GotkOptions): string => {
      const args = Object.entries(options).map(
        ([name, value]) => `--${flags[name as keyof GotkOptions]}=${String(value)}`,
      );
      const env = { PATH: process.env['PATH'], HOME: directory };
      return execFileSync(FLUX, ['install', '--export', ...args], { env, encoding: 'utf8', maxBuffer: 1 << 24 });
    };
    const expectSame = (options: Partial<GotkOptions>): void => {
      const all = { version: 'v2.9.4', ...options };
      const [ours, theirs] = [gotkComponents(readFluxBundle(MANIFESTS, 'v2.9.4'), all), fromFlux(all)];
      if (ours !== theirs) {
        const [a, b] = [ours.split('\n'), theirs.split('\n')];
        const line = b.findIndex((text, index) => text !== a[index]);
        throw new Error(`line ${line + 1}: got "${String(a[line])}", want "${String(b[line])}"`);
      }
    };

    test.each<Partial<GotkOptions>>([
      {},
      { namespace: 'gitops' },
      { controllers: [...DEFAULTS, ...EXTRA] },
      { controllers: [...EXTRA].reverse().concat(DEFAULTS) },
      { controllers: ['source-controller', 'kustomize-controller', 'source-watcher'] },
      { controllers: ['image-automation-controller'] },
      { registry: 'localhost:5000/a/b_c', imagePullSecret: 'reg.cred' },
      { registry: '', imagePullSecret: 'on' },
      { tolerationKeys: ['node.kubernetes.io/dedicated-to-flux', '123', 'true', 'a', 'a'] },
      { networkPolicy: false, watchAllNamespaces: false, logLevel: 'error' },
      { clusterDomain: 'k8s.example.com' },
      { namespace: '12-3', controllers: EXTRA, networkPolicy: false, clusterDomain: 'x' },
    ])('%j', (options) => expectSame(options));

    const name = fc
      .stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/)
      .filter((text) => !/^(no|on|yes|off|null|true)$/.test(text));
    const options = fc.record<Partial<GotkOptions>>(
      {
        namespace: name,
        controllers: fc.shuffledSubarray([...DEFAULTS, ...EXTRA], { minLength: 1 }),
        registry: fc.stringMatching(
          /^[a-z0-9]{1,4}([.-][a-z0-9]{1,4}){0,2}(:[0-9]{2,4})?(\/[a-z0-9]{1,4}([._-][a-z0-9]{1,4})?){0,2}$/,
        ),
        imagePullSecret: name,
        watchAllNamespaces: fc.boolean(),
        networkPolicy: fc.boolean(),
        logLevel: fc.constantFrom('debug', 'info', 'error'),
        clusterDomain: fc.stringMatching(/^[a-z0-9]{1,8}(\.[a-z0-9]{1,8}){0,2}$/),
        tolerationKeys: fc.array(fc.stringMatching(/^[a-zA-Z0-9]([a-zA-Z0-9._/-]{0,8}[a-zA-Z0-9])?$/), {
          minLength: 1,
          maxLength: 3,
        }),
      },
      { requiredKeys: [] },
    );

    test('any options', () => {
      fc.assert(fc.property(options, expectSame), {
        numRuns: Number(process.env['GOTK_RUNS'] ?? 12),
        interruptAfterTimeLimit: 60_000,
      });
    }, 120_000);
  },
);
