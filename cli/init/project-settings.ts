import { type Answers } from './questions';

/** What the files of a first project are made of. */
export interface ProjectSettings extends Answers {
  /** Image of the jobs that plan and apply. */
  readonly image: string;
  /** Whether the project that Flux follows belongs to a user and not to a group. */
  readonly personal: boolean;
  /** Whether CDK Terrain is used in the place of CDKTF. */
  readonly cdktn: boolean;
  /** Where this package comes from, as `package.json` says it. */
  readonly package: string;
}
