import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type FleetFile, FleetFileError, parseFleet } from '../../lib/model/fleet';

/** The root of the repository. */
export const ROOT = join(__dirname, '..', '..');

/** Path of the example fleet. */
export const EXAMPLE = join(ROOT, 'fleet.yaml');

/** The text of the example fleet. */
export const EXAMPLE_TEXT = readFileSync(EXAMPLE, 'utf8');

/**
 * A fleet from a text that stands where the example stands.
 *
 * @param text - the text
 */
export function fleetOf(text: string): FleetFile {
  return parseFleet(text, { file: EXAMPLE });
}

/**
 * What is wrong with a text, without the directory of the file; an empty list when nothing is.
 *
 * @param text - the text
 */
export function messagesFor(text: string): readonly string[] {
  try {
    fleetOf(text).files();
    return [];
  } catch (error) {
    if (!(error instanceof FleetFileError)) throw error;
    return error.message.split('\n').map((line) => line.replace(`${ROOT}/`, ''));
  }
}

/** A fleet that stays as it is, so that lines and columns in messages do. It has two kustomize components. */
export const FIXED_TEXT = readFileSync(join(__dirname, 'fixtures', 'fleet.yaml'), 'utf8');

/**
 * The fleet that stays as it is, with something else in one place.
 *
 * @param before - a text that is there once
 * @param after - what to put in its place
 */
export function exampleWith(before: string, after: string): string {
  const [head, ...tail] = FIXED_TEXT.split(before);
  if (head === undefined || tail.length === 0) throw new Error(`the example holds no ${JSON.stringify(before)}`);
  return [head, tail.join(before)].join(after);
}
