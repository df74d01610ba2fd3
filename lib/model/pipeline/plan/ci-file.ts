import { toCiYaml } from '../ci-yaml';

/** A rule of GitLab CI, as far as it is needed here. */
export interface CiRule {
  /**
   * The condition.
   *
   * @default - always
   */
  readonly if?: string;
  /**
   * What happens then.
   *
   * @default - the job runs when those before it succeeded
   */
  readonly when?: 'on_success' | 'manual' | 'never' | 'always';
  /** Variables of the job then. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A job of GitLab CI, as far as it is needed here. Names are those of GitLab. */
export interface CiJob {
  /** Hidden job that it takes everything from which it does not say itself. */
  readonly extends?: string;
  /**
   * Its stage.
   *
   * @default - that of the job that it extends
   */
  readonly stage?: string;
  /**
   * When it is part of a pipeline.
   *
   * @default - always
   */
  readonly rules?: readonly CiRule[];
  /**
   * Jobs whose end it waits for, and whose artifacts it gets.
   *
   * @default - all of the stages before
   */
  readonly needs?: readonly CiNeed[];
  /**
   * What it runs.
   *
   * @default - that of the job that it extends
   */
  readonly script?: readonly string[];
  /** Variables. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What it hands on. */
  readonly artifacts?: CiArtifacts;
  /** Jobs with the same one never run at the same time. */
  readonly resource_group?: string;
  /** The environment that it deploys to, or whose variables it gets. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Whether a newer pipeline may stop it.
   *
   * @default true
   */
  readonly interruptible?: boolean;
  /**
   * Whether the pipeline goes on when it fails, or while nobody has started it.
   *
   * @default false
   */
  readonly allow_failure?: boolean;
  /** The pipeline that it starts in place of a script. */
  readonly trigger?: {
    readonly include: readonly { readonly artifact: string; readonly job: string }[];
    readonly strategy: 'depend';
  };
}

/** A job that another one needs. */
export type CiNeed =
  { readonly job: string; readonly optional?: boolean } | { readonly pipeline: string; readonly job: string };

/** What a job hands on. */
export interface CiArtifacts {
  /**
   * Name of the archive, and of the report in a merge request.
   *
   * @default - that of GitLab
   */
  readonly name?: string;
  /** Files and directories. */
  readonly paths: readonly string[];
  /** Who may fetch them. */
  readonly access: 'developer';
  /** When GitLab deletes them. */
  readonly expire_in: string;
  /**
   * Also when the job failed.
   *
   * @default 'on_success'
   */
  readonly when?: 'always';
  /** What GitLab shows. */
  readonly reports?: { readonly terraform: string };
}

/** A file of GitLab CI. */
export interface CiFile {
  /** The stages in order. */
  readonly stages: readonly string[];
  /** Which pipelines there are. */
  readonly workflow: { readonly rules: readonly CiRule[] };
  /** What holds for every job. */
  readonly default: Readonly<Record<string, unknown>>;
  /** Variables of every job. */
  readonly variables: Readonly<Record<string, string>>;
  /** The jobs by name; one whose name begins with a dot is only there to be extended. */
  readonly jobs: Readonly<Record<string, CiJob>>;
}

/**
 * The YAML of a file.
 *
 * @param header - lines of a comment above it
 */
export function renderCiFile(file: CiFile, header: readonly string[]): string {
  const { jobs, ...rest } = file;
  const comment = header.map((line) => `# ${line}\n`).join('');
  const sections = [rest, ...Object.entries(jobs).map(([name, job]) => ({ [name]: job }))];
  return `${comment}${toCiYaml(sections)}`;
}
