import { NO_SECRETS, scanForSecrets } from '../manifest/secret-scan/secret-scan';
import { type FleetProblem } from './fleet-file-error';

/** What looks like a secret in the texts of a fleet. */
export interface SecretsInTexts {
  /** What nobody has allowed. */
  readonly problems: readonly FleetProblem[];
  /** Texts that only look like secrets, as comments say. */
  readonly allowed: readonly string[];
}

/** Searches the files of a fleet for what looks like a secret. */
export function secretsInTexts(files: readonly { readonly file: string; readonly text: string }[]): SecretsInTexts {
  const scans = files.map(({ file, text }) => ({ file, ...scanForSecrets(file, text) }));
  const problems = scans.flatMap(({ file, secrets }) =>
    secrets.map(({ kind, line, column }) => ({ file, line, column, message: `got ${kind}, want ${NO_SECRETS}` })),
  );
  return { problems, allowed: scans.flatMap(({ allowed }) => allowed) };
}
