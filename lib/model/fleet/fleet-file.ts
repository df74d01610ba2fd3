import { dirname, resolve } from 'node:path';

import { checkEnvironmentsNamed } from '../cluster/fleet';
import { selects } from '../component/cluster-selector';
import { type Component } from '../component/component';
import { type ErrorSubject, pathText } from '../error-place';
import { ApplyChangedDefinition } from '../pipeline/apply-changed/apply-changed-definition';
import { stacksOfFleet } from '../pipeline/plan/fleet-stacks';
import { pipelinePlan } from '../pipeline/plan/pipeline-plan';
import { type PlanPipelineSettings } from '../pipeline/plan/plan-pipeline-settings';
import { ValidationError } from '../validation-error';
import { checkStateOfPipeline } from './definition/fleet-checks';
import {
  type ClusterDefinition,
  type DeliveryDefinition,
  type FleetDefinition,
  fleetFiles,
  fleetOf,
  fleetWarnings,
  type ProjectDefinition,
  type StackFiles,
  type StateDefinition,
} from './definition/fleet-definition';
import { FleetDocument, type FleetPath } from './fleet-document';
import { FleetFileError, type FleetProblem } from './fleet-file-error';
import { type ReadInput, readInput } from './read-input';
import { includedTexts, textOf } from './read-texts';
import { type ClusterClassInput } from './schema/cluster-class';
import { fleet as fleetSchema, type FleetInput } from './schema/fleet';
import { secretsInTexts } from './secrets-in-texts';
import { suggestionFor } from './suggestion';
import { checkClasses } from './values/class-layer';
import { distinctLayers, layeredClusters, type LayeredCluster, placesOf } from './values/cluster-layers';
import { clustersOf } from './values/clusters';
import { componentsOf } from './values/components';
import { deliveryOf } from './values/delivery';
import { LoadContext } from './values/load-context';
import {
  checkComponentNames,
  idleRemovals,
  type PlacedComponent,
  placedComponents,
  type ComponentSelectors,
  selectorsOf,
} from './values/placed-components';
import { projectOf } from './values/project';
import { stateOf } from './values/state';

/** Options of {@link parseFleet}. */
export interface ParseFleetOptions {
  /**
   * The file, as messages name it. Relative paths in the text start from its directory.
   *
   * @default 'fleet.yaml'
   */
  readonly file?: string;
}

/** A fleet that a file describes: its values, and where in the file each is described. */
export class FleetFile implements FleetDefinition {
  /** The GitLab project with the GitOps repository. */
  public readonly project: ProjectDefinition;
  /** The clusters, in the order of the file. */
  public readonly clusters: readonly ClusterDefinition[];
  /** Names of the environments, in the order of the file. */
  public readonly environments: readonly string[];
  /** How files get into the project; undefined for the default. */
  public readonly delivery?: DeliveryDefinition;
  /** Where Terraform keeps its state; undefined for the default. */
  public readonly state?: StateDefinition;
  /** The pipeline for the clusters with the trigger `pipeline`. */
  public readonly applyPipeline: ApplyChangedDefinition;
  /** How GitLab CI plans and applies the stacks; undefined when it does not. */
  public readonly planPipeline?: PlanPipelineSettings;
  /** The classes of clusters, by name. */
  public readonly classes: Readonly<Record<string, ClusterClassInput>>;
  /** The file, as it was named. */
  public readonly file: string;
  /** Texts that look like secrets and are none, as comments say. */
  public readonly notSecret: readonly string[];
  private readonly document: FleetDocument;
  private readonly unusedComponents: readonly string[];
  private readonly layered: readonly LayeredCluster[];
  private readonly selectors: readonly ComponentSelectors[];

  /**
   * @internal
   * @param file - the file, as it was named
   */
  constructor(file: string, text: string) {
    this.file = file;
    const alone = new FleetDocument(file, text);
    const included = includedTexts(file, alone);
    const secrets = secretsInTexts([{ file, text }, ...included.texts]);
    refuse(file, secrets.problems);
    this.notSecret = secrets.allowed;
    this.document = included.texts.length === 0 ? alone : new FleetDocument(file, text, included.texts);
    if (this.document.data === undefined) refuse(file, this.document.problems);
    const { input, leftOut, problems } = inputOf(file, this.document);
    const context = new LoadContext(this.document, dirname(resolve(file)), leftOut);
    context.problems.push(...this.document.problems, ...included.problems, ...problems);
    this.project = context.attempt([['project']], () => projectOf(context, input.project)) ?? STAND_IN;
    const { delivery, state } = input;
    this.environments = Object.keys(input.environments);
    this.delivery = delivery && context.attempt([['delivery']], () => deliveryOf(delivery));
    this.state = state && context.attempt([['state']], () => stateOf(state, input.project));
    this.applyPipeline =
      context.attempt([['applyPipeline']], () => new ApplyChangedDefinition(input.applyPipeline)) ??
      new ApplyChangedDefinition();
    const components = componentsOf(context, input.components ?? {});
    this.selectors = selectorsOf(input.components ?? {});
    this.classes = input.classes ?? {};
    checkClasses(context, this.classes);
    this.layered = layeredClusters(context, input);
    checkComponentNames(context, distinctLayers(input, this.layered));
    const placedOn = (cluster: LayeredCluster): readonly PlacedComponent[] => placedComponents(cluster, this.selectors);
    this.clusters = clustersOf(context, input, this.layered, { components, placedOn });
    this.planPipeline = input.planPipeline;
    const used = new Set(this.clusters.flatMap(({ cluster }) => cluster.components));
    const unused = [...components.values()].flatMap((each) => (each === undefined || used.has(each) ? [] : [each]));
    this.unusedComponents = unused.map(({ name }) => name);
    this.judge(context, unused);
    refuse(file, context.problems);
  }

  /**
   * What is most likely a mistake, or will not work as people expect.
   *
   * @throws FleetFileError when a cluster cannot be as the file says
   */
  public get warnings(): readonly FleetProblem[] {
    const unused = this.unusedComponents.map((name) =>
      this.document.problem(
        ['components', name],
        `components.${name}: on no cluster: nothing is written for it`,
        'key',
      ),
    );
    const doubtful = this.doubts();
    const empty = this.environments
      .filter((name) => !this.clusters.some(({ cluster }) => cluster.environment === name))
      .map((name) => this.document.problem(['environments', name], `environments.${name}: it has no cluster`, 'key'));
    const none =
      this.clusters.length === 0
        ? [this.document.problem(['clusters'], 'clusters: there is none: nothing is deployed', 'key')]
        : empty;
    const idle = idleRemovals(this.layered, this.selectors).map(({ path, name }) =>
      this.document.problem(path, `${pathText(path)}: no cluster here has "${name}": nothing is taken away`),
    );
    return [...none, ...unused, ...idle, ...doubtful];
  }

  /** What is doubtful about clusters, once for all that share it. */
  private doubts(): readonly FleetProblem[] {
    const names = new Map<string, readonly string[]>();
    for (const { cluster, message } of this.locate(() => fleetWarnings(this))) {
      names.set(message, [...(names.get(message) ?? []), cluster.name]);
    }
    return [...names].map(([message, [first = '', ...others]]) => {
      const problem = this.document.problem(['clusters', first], `clusters.${first}: ${message}`, 'key');
      return others.length === 0 ? problem : { ...problem, clusters: [first, ...others] };
    });
  }

  /**
   * Who put each component on a cluster: names of layers, and `on` for the component itself.
   *
   * @param cluster - name of the cluster
   */
  public placementsOn(cluster: string): ReadonlyMap<string, readonly string[]> {
    const layered = this.layered.find(({ name }) => name === cluster);
    const placed = layered === undefined ? [] : placedComponents(layered, this.selectors);
    return new Map(placed.map(({ name, origins }) => [name, origins]));
  }

  /**
   * All files of the GitOps repository by the stack that writes them.
   *
   * @throws FleetFileError when a component cannot be deployed to a cluster as the file says
   */
  public files(): readonly StackFiles[] {
    return this.locate(() => fleetFiles(this));
  }

  /**
   * Does something with the values of the file. What is wrong with them then has a place in the file.
   *
   * @throws FleetFileError in place of a ValidationError
   */
  public locate<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (!ValidationError.isValidationError(error) || error instanceof FleetFileError) throw error;
      const problemOf = (each: ValidationError): FleetProblem =>
        this.document.problemOf(each, this.placesOf(each.subject));
      throw new FleetFileError(this.file, error.mistakes.map(problemOf));
    }
  }

  /** Judges how clusters fit together, and when something is wrong already also the files of those that could be made. */
  private judge(context: LoadContext, unused: readonly Component[]): void {
    const { planPipeline, clusters, project, applyPipeline, notSecret } = this;
    const isWhole = context.problems.length === 0;
    if (planPipeline !== undefined && isWhole) {
      context.attempt([['planPipeline']], () => {
        pipelinePlan(planPipeline, stacksOfFleet(clusters));
        checkStateOfPipeline(this.state);
      });
    }
    const environments = this.document.keysAt(['environments']);
    for (const component of unused) {
      const places = this.placesOf({ component: component.name });
      context.attempt(places, () => checkEnvironmentsNamed(component, new Set(environments)));
    }
    const isThere = (name: string): boolean => clusters.some(({ cluster }) => cluster.name === name);
    const judged = { project, applyPipeline, notSecret, clusters, environments };
    const names = this.document.keysAt(['clusters']);
    const missing = names.filter((name) => !isThere(name) || context.incomplete.has(name));
    try {
      if (isWhole) fleetOf(judged);
      else fleetFiles(judged, missing);
    } catch (error) {
      if (!ValidationError.isValidationError(error)) throw error;
      error.mistakes
        .filter(({ path: [step], got }) => !(step === 'clusters' && suggestionFor(String(got), missing) !== undefined))
        .forEach((each) => context.note(each, this.placesOf(each.subject)));
    }
  }

  /** Where the file describes the thing that an error of the model is about. */
  private placesOf({ component, cluster: name }: ErrorSubject): readonly FleetPath[] {
    const layered = this.layered.find((cluster) => cluster.name === name);
    const environment = layered?.environment ?? '';
    if (component !== undefined) {
      const kinds = ['kustomize', 'helm'].map((kind) => ['components', component, kind]);
      return kinds.flatMap((path) => [
        [...path, 'clusters', name ?? ''],
        ...this.variantsFitting(component, layered).map((index) => [...path, 'variants', index]),
        [...path, 'environments', environment],
        path,
      ]);
    }
    const places = layered === undefined ? [] : placesOf(layered);
    return [...places, ...places.map((place) => [...place, 'flux']), []];
  }

  /** Numbers of the variants that count on a cluster, the one that counts most first. */
  private variantsFitting(component: string, cluster: LayeredCluster | undefined): readonly number[] {
    const selectors = this.selectors.find(({ name }) => name === component)?.variants ?? [];
    return selectors
      .flatMap((selector, index) => (cluster !== undefined && selects(selector, cluster) ? [index] : []))
      .reverse();
  }
}

/**
 * Reads a fleet from a file. Relative paths in it start from its directory.
 *
 * @param file - path of `fleet.yaml`
 * @throws FleetFileError with a line and a column for each mistake
 */
export function loadFleet(file: string): FleetFile {
  return new FleetFile(file, textOf(file));
}

/**
 * Reads a fleet from a text.
 *
 * @param text - what would be in `fleet.yaml`
 * @throws FleetFileError with a line and a column for each mistake
 */
export function parseFleet(text: string, options: ParseFleetOptions = {}): FleetFile {
  return new FleetFile(options.file ?? 'fleet.yaml', text);
}

function inputOf(file: string, document: FleetDocument): ReadInput<FleetInput> {
  if (document.data === null || document.data === undefined) {
    refuse(file, [
      document.problem([], 'the file is empty: want a fleet, with the keys project, environments and clusters'),
    ]);
  }
  const read = readInput(document, fleetSchema);
  if (read.input === undefined) throw new FleetFileError(file, [...document.problems, ...read.problems]);
  return { ...read, input: read.input };
}

/** In place of a project that is wrong, so that the rest can be judged. */
const STAND_IN: ProjectDefinition = { url: 'https://gitlab.example.com', path: 'group/project' };

function refuse(file: string, problems: readonly FleetProblem[]): void {
  if (problems.length > 0) throw new FleetFileError(file, problems);
}
