import { type Command, InvalidArgumentError, Option } from 'commander';

import { CONTROLLER_SETTINGS, DEFAULT_CONTROLLERS } from '../lib/model/flux/controller-settings';
import { gotkComponents } from '../lib/model/flux/gotk/gotk-components';
import { type GotkOptions } from '../lib/model/flux/gotk/gotk-options';
import { readFluxBundle } from '../lib/model/flux/gotk/read-bundle';
import { FLUX_NAMESPACE } from '../lib/model/flux/metadata';
import { pickSettings, type Setting } from '../lib/model/flux/setting';
import { CommandError } from './command-error';
import { run } from './run';
import { type Terminal } from './terminal';

/** What the command is told beside the controllers' settings. */
interface FluxManifestsOptions extends Omit<GotkOptions, 'controllers'> {
  readonly bundle: string;
  readonly components: readonly string[];
  readonly componentsExtra: readonly string[];
  readonly registryCreds?: string;
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
  const command = program
    .command('flux-manifests')
    .description("print Flux's own manifests, gotk-components.yaml, from the manifests of a release")
    .requiredOption('--bundle <directory>', "what 'vendor flux' wrote, or manifests.tar.gz of a release")
    .requiredOption('-v, --version <version>', 'version of Flux that the bundle is of')
    .option('-n, --namespace <name>', 'namespace of Flux', FLUX_NAMESPACE)
    .option('--components-extra <names>', 'more controllers, such as source-watcher', list(), [])
    .addOption(new Option('--registry-creds <user:password>', 'changes nothing of the manifests').hideHelp())
    .addOption(new Option('--export', 'as always').hideHelp())
    .addOption(new Option('--force', 'changes nothing of the manifests').hideHelp())
    .addHelpText('after', help)
    .action(async (options: FluxManifestsOptions) => {
      end(await run(terminal, {}, () => print(terminal, options)));
    });
  Object.values<Setting>(CONTROLLER_SETTINGS).forEach((setting) => command.addOption(optionOf(setting)));
}

/** The flag of the flux CLI for a setting of the controllers. */
function optionOf({ flag = '', doc = '', ...setting }: Setting): Option {
  // The first sentence, as other options have theirs.
  const words = doc.replace(/\.( .*)?$/, '').replace(/^(?!Flux )[A-Z](?=[a-z]+ )/, (letter) => letter.toLowerCase());
  const option = (value: string): Option => new Option(`--${flag} ${value}`, words);
  switch (setting.type) {
    case 'flag':
      return option('[boolean]').argParser(boolean).default(setting.default);
    case 'choice':
      return option('<word>').choices(setting.words).default(setting.default);
    case 'list': {
      const initial = flag === 'components' ? DEFAULT_CONTROLLERS : [];
      return option('<names>').argParser(list(initial)).default(initial);
    }
    default:
      return option('<text>').default(setting.default);
  }
}

function print(terminal: Terminal, options: FluxManifestsOptions): void {
  const { bundle, componentsExtra, registryCreds, components, version, namespace } = options;
  checkCredentials(registryCreds, options.imagePullSecret);
  const settings = pickSettings(CONTROLLER_SETTINGS, options);
  const all = [...components, ...componentsExtra];
  const text = gotkComponents(readFluxBundle(bundle, version), { ...settings, version, namespace, controllers: all });
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
