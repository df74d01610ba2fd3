import Ajv from 'ajv';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { type FluxBootstrapSettings } from '../../../lib/model/flux/bootstrap-settings';
import { type FluxCliJobProps, fluxCliValues, releaseTimeout } from '../../../lib/model/flux/flux-cli-values';
import { FLUX_CONTROLLERS } from '../../../lib/model/flux/patches/controllers';
import { FluxInstallation } from '../../../lib/model/installation/flux-installation';
import { secondsOf } from '../../../lib/model/manifest/duration';
import { toYamlDocument } from '../../../lib/model/manifest/yaml';
import { ValidationError } from '../../../lib/model/validation-error';

// Helm takes what is not given from values.yaml, and checks the sum.
const chart = join(__dirname, '../../../charts/flux-jobs');
const defaults = parse(readFileSync(join(chart, 'values.yaml'), 'utf8'));
const validate = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')),
);

function problemsOf(values: object): unknown {
  return validate(merge(defaults, values)) ? [] : validate.errors;
}

function merge(base: any, over: any): any {
  if (typeof base !== 'object' || typeof over !== 'object' || Array.isArray(base) || Array.isArray(over)) return over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries(
    [...keys].map((key) => [
      key,
      !(key in over) ? base[key] : !(key in base) ? over[key] : merge(base[key], over[key]),
    ]),
  );
}

type Settings = FluxBootstrapSettings & FluxCliJobProps;

const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const digest = fc.stringMatching(/^sha256:[a-f0-9]{64}$/);
const times = fc.integer({ min: 120_000, max: 100_000_000 }).map((milliseconds) => `${milliseconds}ms`);
const words = fc.record({ key: name, value: name }).map(({ key, value }) => ({ [key]: value }));
const optional = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;

/** Settings as the types allow them: texts are any text. */
function settings(texts: fc.Arbitrary<string>, times: fc.Arbitrary<string>, digests = texts): fc.Arbitrary<Settings> {
  const toleration = fc.oneof(
    fc.record({ operator: fc.constant('Exists' as const) }),
    fc.record({ key: texts, operator: fc.constant('Equal' as const), value: texts }),
  );
  return optional<Settings>({
    version: fc.constant('v2.9.4'),
    controllers: fc
      .subarray([...FLUX_CONTROLLERS])
      .map((some) => [...new Set([...FLUX_CONTROLLERS.slice(0, 2), ...some])]),
    registry: texts,
    imagePullSecret: texts,
    networkPolicy: fc.boolean(),
    watchAllNamespaces: fc.boolean(),
    logLevel: fc.constantFrom('debug', 'info', 'error'),
    clusterDomain: texts,
    tolerationKeys: fc.array(texts, { maxLength: 2 }),
    secretName: texts,
    interval: fc.constantFrom('30s', '1h30m', '1.5h'),
    authentication: fc.constantFrom('read-only', 'deploy-token', 'token'),
    personal: fc.boolean(),
    teams: fc.array(texts, { maxLength: 2 }),
    author: fc.record({ name: texts, email: texts }),
    commitMessageAppendix: texts,
    jobImage: fc
      .tuple(
        texts,
        fc.constantFrom('', ':v2.9.4'),
        fc.oneof(
          fc.constant(''),
          digests.map((each) => `@${each}`),
        ),
      )
      .map((parts) => parts.join('')),
    imagePullSecrets: fc.array(texts, { maxLength: 2 }),
    certificateAuthorityRef: fc.record({ kind: fc.constantFrom('Secret', 'ConfigMap'), name: texts, key: texts }),
    removalPolicy: fc.constantFrom('keep', 'delete'),
    deadline: times,
    attemptTimeout: times,
    rerun: texts,
    resources: fc.record({ requests: words, limits: words }),
    nodeSelector: words,
    tolerations: fc.array(toleration, { maxLength: 2 }),
  }).map((some) => ({ version: 'v2.9.4', ...some }));
}

const valuesOf = (given: Settings): object =>
  parse(
    toYamlDocument(
      fluxCliValues({
        ...given,
        target: { projectPath: 'a/b', hostname: 'gitlab.example.com', branch: 'main', path: 'clusters/a' },
        tokenSecretName: 'flux-bootstrap-token',
        restoreSecretName: given.authentication === 'token' ? undefined : (given.secretName ?? 'flux-system'),
      }),
    ),
  );

const check = (given: Settings): unknown => FluxInstallation.bootstrap(given);

describe('the values for the flux CLI', () => {
  test('pass its schema for all good settings', () => {
    fc.assert(
      fc.property(settings(name, times, digest), (given) => {
        check(given);
        expect(problemsOf(valuesOf(given))).toEqual([]);
        expect(releaseTimeout(given)).toBeGreaterThan(secondsOf(given.deadline ?? '15m'));
      }),
      { numRuns: 150 },
    );
  });

  test('pass its schema for any settings that are not refused', () => {
    const odd = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('', '$(HOME)', '$$', '${a}', '%{b}', 'A', 'a\nb', '- x: y', '"', "'", '--flag', 'yes', '1', ' '),
    );
    // Mostly good ones, so that not every example is refused for some text.
    const texts = fc.oneof({ arbitrary: name, weight: 12 }, { arbitrary: odd, weight: 1 });
    const numbers = fc.oneof(fc.double(), fc.integer(), fc.bigInt());
    const oddTimes = fc.tuple(numbers, fc.constantFrom('h', 'm', 's', 'ms', '')).map((parts) => parts.join(''));
    let accepted = 0;
    fc.assert(
      fc.property(
        settings(texts, fc.oneof({ arbitrary: times, weight: 5 }, oddTimes), fc.oneof(digest, texts)),
        (given) => {
          try {
            check(given);
          } catch (error) {
            expect(ValidationError.isValidationError(error) && error.at).toBe('Flux');
            return;
          }
          accepted++;
          expect(problemsOf(valuesOf(given))).toEqual([]);
        },
      ),
      { numRuns: 400 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  test('keep texts as they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        expect(valuesOf({ version: 'v2.9.4', rerun: text })).toMatchObject({ revision: text });
      }),
      { numRuns: 100 },
    );
  });
});
