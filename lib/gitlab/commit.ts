/** A commit, as people know it. */
export interface Commit {
  /** Its digest. */
  readonly id: string;
  /** First line of its message. */
  readonly title: string;
  /** Its message. */
  readonly message: string;
  /** Who wrote it. */
  readonly author: string;
  /** When it was made. */
  readonly date: string;
}

/** What a commit must have to be one. */
export const COMMIT_SHAPE = { id: 'digest', message: 'text' } as const;

/** A commit of an answer that was checked. */
export function commitOf(answer: Readonly<Record<string, unknown>>): Commit {
  const textOf = (key: string): string => (typeof answer[key] === 'string' ? answer[key] : '');
  const [id, message] = [textOf('id'), textOf('message')];
  const title = textOf('title') || (message.split('\n', 1)[0] ?? '');
  return { id, message, title, author: textOf('author_name'), date: textOf('committed_date') };
}
