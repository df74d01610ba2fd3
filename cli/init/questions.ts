import { type TriggerType } from '../../lib/model/cluster/trigger';
import { type FluxType } from '../../lib/model/installation/flux-type';
import { checkDnsLabel } from '../../lib/model/manifest/kubernetes-name';
import { checkGitLabUrl, checkReadAddress } from '../../lib/model/manifest/project-branch';
import { isProjectPath } from '../../lib/model/manifest/project-path';
import { ValidationError } from '../../lib/model/validation-error';

/** What a first project has to know. */
export interface Answers {
  /** Address of GitLab. */
  readonly url: string;
  /** Full path of the project that Flux follows. */
  readonly project: string;
  /** Full path of the project of the program. */
  readonly program: string;
  /** Name of the first cluster. */
  readonly cluster: string;
  /** Its environment. */
  readonly environment: string;
  /** Its context in the kubeconfig. */
  readonly context: string;
  /** How Flux is run. */
  readonly flux: FluxType;
  /** How a push reaches the cluster. */
  readonly trigger: TriggerType;
  /** Where GitLab reaches Flux; only with the trigger `webhook`. */
  readonly webhookUrl?: string;
}

/** Answers as they were given so far. */
export type Given = { readonly [Name in keyof Answers]?: string };

/** A question, and the flag that answers it beforehand. */
export interface Question {
  /** What it is about. */
  readonly name: keyof Answers;
  /** The flag. */
  readonly flag: string;
  /** What is asked. */
  readonly text: string;
  /**
   * The answer, unless there is another.
   *
   * @default - there is none: somebody has to answer
   */
  readonly standard?: (given: Given) => string;
  /**
   * Whether it is a question at all.
   *
   * @default - it always is
   */
  readonly isAsked?: (given: Given) => boolean;
  /**
   * Refuses an answer.
   *
   * @param prop - the flag's name
   */
  readonly check: (answer: string, prop: string) => void;
}

const at = 'init';

/** In the order in which they are asked. */
export const QUESTIONS: readonly Question[] = [
  {
    name: 'url',
    flag: '--url <address>',
    text: 'address of GitLab',
    standard: () => 'https://gitlab.com',
    check: (answer: string, prop: string): void => {
      checkGitLabUrl(at, prop, answer);
      checkReadAddress(at, prop, answer);
    },
  },
  {
    name: 'project',
    flag: '--project <path>',
    text: 'project that Flux follows, such as platform/fleet',
    check: checkProject,
  },
  {
    name: 'program',
    flag: '--program <path>',
    text: 'project of this program, which keeps its states',
    standard: ({ project = '' }) => `${project.slice(0, project.lastIndexOf('/'))}/infrastructure`,
    check: checkProject,
  },
  { name: 'cluster', flag: '--cluster <name>', text: 'name of the first cluster, such as uni-dev', check: checkName },
  {
    name: 'environment',
    flag: '--environment <name>',
    text: 'its environment',
    standard: () => 'dev',
    check: checkName,
  },
  {
    name: 'context',
    flag: '--context <name>',
    text: 'its context in the kubeconfig',
    standard: ({ cluster = '' }) => cluster,
    check: (answer: string, prop: string): void => {
      if (answer.trim() === '') throw new ValidationError({ at, prop, got: answer, want: 'the name of a context' });
    },
  },
  {
    name: 'flux',
    flag: '--flux <type>',
    text: 'how Flux is run: bootstrap, operator or provider',
    standard: () => 'bootstrap',
    check: oneOf(['bootstrap', 'operator', 'provider'] satisfies FluxType[]),
  },
  {
    name: 'trigger',
    flag: '--trigger <trigger>',
    text: 'how a push reaches the cluster: interval, agent, webhook or pipeline',
    standard: () => 'interval',
    check: oneOf(['interval', 'agent', 'webhook', 'pipeline']),
  },
  {
    name: 'webhookUrl',
    flag: '--webhook-url <address>',
    text: 'where GitLab reaches Flux, such as https://flux.uni-dev.example.com',
    isAsked: ({ trigger }) => trigger === 'webhook',
    check: (answer: string, prop: string): void => {
      if (!/^https:\/\/[^/?#@\s]+$/.test(answer)) {
        throw new ValidationError({ at, prop, got: answer, want: 'an address https://… without a path' });
      }
    },
  },
];

function checkProject(answer: string, prop: string): void {
  if (!isProjectPath(answer)) {
    throw new ValidationError({ at, prop, got: answer, want: 'the full path of a project, such as platform/fleet' });
  }
}

function checkName(answer: string, prop: string): void {
  checkDnsLabel(at, prop, answer);
}

function oneOf(choices: readonly string[]): Question['check'] {
  return (answer, prop) => {
    if (!choices.includes(answer)) {
      throw new ValidationError({ at, prop, got: answer, want: `one of ${choices.join(', ')}` });
    }
  };
}
