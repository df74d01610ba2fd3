import { type Interface } from 'node:readline/promises';

import { ValidationError } from '../../lib/model/validation-error';
import { CommandError } from '../command-error';
import { type Terminal } from '../terminal';
import { type Answers, type Given, type Question, QUESTIONS } from './questions';

/**
 * Finds all answers: those given by flags, then those that somebody gives, and the standard ones for the rest.
 *
 * @param given - what flags say
 * @param isAsked - whether somebody is asked, if there is somebody
 */
export async function interview(terminal: Terminal, given: Given, isAsked: boolean): Promise<Answers> {
  for (const { name, flag, isAsked: isQuestion, check } of QUESTIONS) {
    const answer = given[name];
    if (answer === undefined) continue;
    if (isQuestion?.(given) === false) throw new CommandError(`${nameOf(flag)}: want it with --trigger webhook only`);
    check(answer, nameOf(flag));
  }
  const asked = isAsked ? terminal.questions() : undefined;
  try {
    if (asked !== undefined) terminal.say(terminal.paint('quiet', 'Enter takes what stands in brackets.'));
    let answers = given;
    for (const question of QUESTIONS) {
      const { name, isAsked: isQuestion } = question;
      if (answers[name] !== undefined || isQuestion?.(answers) === false) continue;
      const answer =
        asked === undefined ? standardOf(question, answers) : await ask(terminal, asked, question, answers);
      answers = { ...answers, [name]: answer };
    }
    return answers as Answers;
  } finally {
    asked?.close();
  }
}

function standardOf({ flag, text, standard }: Question, answers: Given): string {
  const answer = standard?.(answers);
  if (answer === undefined) throw new CommandError(`${nameOf(flag)} is missing: ${text}`);
  return answer;
}

async function ask(terminal: Terminal, asked: Interface, question: Question, answers: Given): Promise<string> {
  const { flag, text, standard, check } = question;
  const usual = standard?.(answers);
  const words = `${text.charAt(0).toUpperCase()}${text.slice(1)}${usual === undefined ? '' : ` [${usual}]`}: `;
  for (;;) {
    const answer = (await lineOf(asked, words)).trim() || (usual ?? '');
    try {
      check(answer, nameOf(flag));
      return answer;
    } catch (error) {
      if (!ValidationError.isValidationError(error)) throw error;
      terminal.say(terminal.paint('bad', error.wish));
    }
  }
}

/** An end of the input, or Control-C, leaves a question of readline without an answer for ever. */
async function lineOf(asked: Interface, words: string): Promise<string> {
  const left = new AbortController();
  const leave = (): void => left.abort();
  asked.once('close', leave);
  try {
    return await asked.question(words, { signal: left.signal });
  } catch (error) {
    if (left.signal.aborted) throw new CommandError('nothing was written');
    throw error;
  } finally {
    asked.off('close', leave);
  }
}

function nameOf(flag: string): string {
  return flag.replace(/ .*/, '');
}
