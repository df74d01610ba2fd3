// The stand-in for kustomize-controller's substitution, with which root-changes.test.ts proves that a root applies each
// next state, against Flux's own.
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';

import { describeWithRig, findProgram } from '../../support/rig';
import { appliedFiles, type RootSettings, type Secrets, substituted, valuesOf } from '../../support/root';
import { pairsOfStates, type RootState } from '../../support/root-states';

const END = '# the end of a file';

/** The same by `flux envsubst --strict`: the files, or the variable that has no value. */
function byFlux({ files }: RootState, root: RootSettings, secrets: Secrets): readonly string[] | string {
  const applied = appliedFiles(files);
  const values = valuesOf(root, secrets);
  if (values === undefined) return applied.map(({ text }) => text);
  const filled = applied.filter(({ isFilled }) => isFilled);
  // The program takes lines from its input, and values from its environment.
  const input = filled.map(({ text }) => `${text.replace(/\n*$/, '\n')}${END}\n`).join('');
  const run = (): string =>
    execFileSync(findProgram('flux')!, ['envsubst', '--strict'], {
      input,
      env: { ...values },
      encoding: 'utf8',
      stdio: 'pipe',
    });
  try {
    const texts = (input === '' ? '' : run()).split(`${END}\n`);
    return applied.map(({ text, isFilled }) => (isFilled ? (texts.shift() ?? '') : text));
  } catch (error) {
    const [, name = String(error)] = /variable not set \(strict mode\): "(\w+)"/.exec((error as Error).message) ?? [];
    return name;
  }
}

describeWithRig(
  'flux envsubst --strict, over the files of a root',
  () => {
    test('makes the same of each state with the settings of each, with and without its Secrets', () => {
      const seen = { filled: 0, refused: 0 };
      fc.assert(
        fc.property(pairsOfStates, fc.boolean(), fc.boolean(), ([before, after], isNew, hasSecrets) => {
          const { root } = isNew ? after : before;
          const { 'fleet-variables': own = {}, 'sops-age': keys = {} } = after.secrets;
          const secrets: Secrets = hasSecrets ? after.secrets : { 'fleet-variables': own, 'sops-age': keys };
          const ours = substituted(after.files, root, secrets, true);
          const theirs = byFlux(after, root, secrets);
          if (typeof ours === 'string') {
            seen.refused += 1;
            expect(ours).toContain(`variable not set (strict mode): "${String(theirs)}"`);
          } else {
            seen.filled += 1;
            expect(Object.values(ours)).toEqual(theirs);
          }
        }),
        { numRuns: 60 },
      );
      expect(seen.filled).toBeGreaterThan(10);
      expect(seen.refused).toBeGreaterThan(3);
    }, 120_000);
  },
  [{ program: 'flux' }],
);
