import { type GitLabError } from '../../lib/gitlab/gitlab-error';

// GitLab takes requests of more than 20 MB only now and then; JSON is a little larger than what it holds.
const usual = 16 * 2 ** 20;
// As many actions as GitLab has been seen to need more than the minute for that proxies wait.
const many = 1000;

/** How large a commit may be. It becomes smaller when GitLab, or a proxy before it, does not take what was sent. */
export class PayloadLimit {
  private sent = { bytes: 0, files: 0 };

  constructor(private current: number = usual) {}

  /** Bytes of one commit. */
  public get bytes(): number {
    return this.current;
  }

  /**
   * Notes what is sent now.
   *
   * @param files - how many files it writes or deletes
   */
  public sending(bytes: number, files: number): void {
    this.sent = { bytes, files };
  }

  /**
   * Lowers the limit when an error says that the last commit was too large.
   *
   * @returns whether the same files in smaller commits are worth another attempt
   */
  public lower(error: GitLabError): boolean {
    const { bytes, files } = this.sent;
    const tooLarge = error.status === 413 || (error.status === 504 && files > many);
    if (!tooLarge || files < 2) return false;
    this.current = Math.floor(bytes / 2);
    return true;
  }
}
