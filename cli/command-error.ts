/** Why a command cannot do what it was asked for, when that is not for the fleet file to say. */
export class CommandError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandError';
  }
}
