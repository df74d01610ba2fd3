/** Why a command cannot do what it was asked for, when that is not for the fleet file to say. */
export class CommandError extends Error {
  /**
   * @param message - a sentence for people
   */
  constructor(message: string) {
    super(message);
    this.name = 'CommandError';
  }
}
