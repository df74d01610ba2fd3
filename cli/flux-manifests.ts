import { type Command, InvalidArgumentError, Option } from 'commander';

import { DEFAULT_CONTROLLERS } from '../lib/model/flux/controller-settings';
import { gotkComponents } from '../lib/model/flux/gotk/gotk-components';
import { type GotkOptions } from '../lib/model/flux/gotk/gotk-options';
import { readFluxBundle } from '../lib/model/flux/gotk/read-bundle';
import { CommandError } from './command-error';
import { run } from './run';
import { type Terminal } from './terminal';

interface FluxManifestsOptions extends Pick<GotkOptions, 'version' | 'namespace' | 'registry' | 'imagePullSecret'> {
  readonly bundle: string;
  readonly components: readonly string[];
  readonly componentsExtra: readonly string[];
  readonly registryCreds?: string;
  readonly networkPolicy: boolean;
  readonly watchAllNamespaces: boolean;
  readonly logLevel: 'debug' | 'info' | 'error';
  readonly clusterDomain: string;
  readonly tolerationKeys: readonly string[];
}

const help = `
The same bytes as 'flux install --export' of the CLI of that version, without the CLI. Flags have its names and defaults.

Examples:
  gitlab-flux flux-manifests --bundle vendor/flux/v2.9.4 --version v2.9.4 > gotk-components.yaml
  gitlab-flux flux-manifests --bundle vendor/flux/v2.9.4 --version v2.9.4 --network-policy=false \\
    --components-extra=image-reflector-controller,image-automation-controller
  gitlab-flux flux-manifests --bundle manifests.tar.gz --version v2.9.4 | kubectl diff -f -`;

/** Adds the command `flux-manifests` to a program. */
export function registerFluxManifests(program: Command, terminal: Terminal, end: (code: number) => void): void {
  program
    .command('flux-manifests')
    .description("print Flux's own manifests, gotk-components.yaml, from the manifests of a release")
    .requiredOption('--bundle <directory>', "what 'vendor flux' wrote, or manifests.tar.gz of a release")
    .requiredOption('-v, --version <version>', 'version of Flux that the bundle is of')
    .option('-n, --namespace <name>', 'namespace of Flux', 'flux-system')
    .option('--components <names>', 'controllers, separated by commas', list(DEFAULT_CONTROLLERS), DEFAULT_CONTROLLERS)
    .option('--components-extra <names>', 'more controllers, such as source-watcher', list(), [])
    .option('--registry <address>', "registry and path of the controllers' images", 'ghcr.io/fluxcd')
    .option('--image-pull-secret <name>', 'Secret to pull the images with')
    .addOption(new Option('--registry-creds <user:password>', 'changes nothing of the manifests').hideHelp())
    .option('--network-policy [boolean]', 'close the controllers to other namespaces', boolean, true)
    .option('--watch-all-namespaces [boolean]', 'serve all namespaces, not only that of Flux', boolean, true)
    .addOption(new Option('--log-level <level>', 'log level').choices(['debug', 'info', 'error']).default('info'))
    .option('--cluster-domain <domain>', 'DNS domain of the cluster', 'cluster.local')
    .option('--toleration-keys <keys>', 'taints that the controllers tolerate, separated by commas', list(), [])
    .addOption(new Option('--export', 'as always').hideHelp())
    .addOption(new Option('--force', 'changes nothing of the manifests').hideHelp())
    .addHelpText('after', help)
    .action(async (options: FluxManifestsOptions) => {
      end(await run(terminal, {}, () => print(terminal, options)));
    });
}

function print(terminal: Terminal, options: FluxManifestsOptions): void {
  const { bundle, componentsExtra, registryCreds, version } = options;
  checkCredentials(registryCreds, options.imagePullSecret);
  const text = gotkComponents(readFluxBundle(bundle, version), {
    version,
    namespace: options.namespace,
    components: [...options.components, ...componentsExtra],
    registry: options.registry,
    imagePullSecret: options.imagePullSecret,
    networkPolicy: options.networkPolicy,
    watchAllNamespaces: options.watchAllNamespaces,
    logLevel: options.logLevel,
    clusterDomain: options.clusterDomain,
    tolerationKeys: options.tolerationKeys,
  });
  // `print` ends the line.
  terminal.print(text.slice(0, -1));
}

/** They reach the cluster only, but the flux CLI refuses what it could not use there. */
function checkCredentials(credentials = '', imagePullSecret = ''): void {
  if (credentials !== '' && imagePullSecret === '') {
    throw new CommandError('--registry-creds: want --image-pull-secret beside it');
  }

  if (credentials !== '' && credentials.split(':').length !== 2) {
    throw new CommandError('--registry-creds: want user:password');
  }
}

/** Values separated by commas. The first use of the flag replaces the default, others add to it: as in the flux CLI. */
function list(initial: readonly string[] = []): (value: string, before: readonly string[]) => readonly string[] {
  return (value, before) => {
    const values = value === '' ? [] : value.split(',');
    return before === initial || before.length === 0 ? values : [...before, ...values];
  };
}

const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const FALSE = ['0', 'f', 'F', 'false', 'FALSE', 'False'];

function boolean(value: string): boolean {
  if (!TRUE.includes(value) && !FALSE.includes(value)) throw new InvalidArgumentError('Want true or false.');
  return TRUE.includes(value);
}
