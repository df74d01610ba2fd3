import { checkAll, mapAll } from '../check-all';
import { type ErrorThing } from '../error-place';
import { ValidationError } from '../validation-error';
import { type FluxBootstrapSettings } from './bootstrap-settings';
import { flagsOf, fluxCliArguments } from './cli-arguments';
import { CONTROLLER_SETTINGS, DEFAULT_CONTROLLERS } from './controller-settings';
import { VENDORED_FLUX } from './gotk/bundle-lock';
import { sha256 } from './gotk/flux-bundle';
import { gotkComponents } from './gotk/gotk-components';
import { type GotkOptions } from './gotk/gotk-options';
import { gotkSync } from './gotk/gotk-sync';
import { readFluxBundle } from './gotk/read-bundle';
import { type FluxInstallationSettings, sourceSecretNameOf } from './installation-settings';
import { type RootSync } from './root-sync';
import { pickSettings } from './setting';

/** The files of Flux itself, as Terraform writes them. */
export interface GotkFiles {
  /** Content of `gotk-components.yaml`. */
  readonly components: string;
  /** SHA-256 of that. */
  readonly digest: string;
  /** Content of `gotk-sync.yaml`. */
  readonly sync: string;
  /** What people are shown of `gotk-components.yaml`. */
  readonly summary: string;
}

/**
 * Refuses settings that concern only what the flux CLI writes, when Terraform writes it.
 *
 * @param at - the thing that has the settings
 */
export function checkGotkSettings(at: ErrorThing, settings: FluxBootstrapSettings): void {
  if (settings.gotkFiles !== 'terraform') {
    if (settings.fluxBundle !== undefined) {
      const want = "nothing, or gotkFiles 'terraform': the flux CLI brings its own manifests";
      throw new ValidationError({ at, prop: 'fluxBundle', got: settings.fluxBundle, want });
    }
    return;
  }
  const { authentication, personal, teams, author, commitMessageAppendix } = settings;
  checkAll(
    () =>
      mapAll(Object.entries({ personal, teams, author, commitMessageAppendix }), ([prop, got]) => {
        if (got !== undefined) {
          const want = "nothing with gotkFiles 'terraform': the flux CLI does not push";
          throw new ValidationError({ at, prop, got, want });
        }
      }),
    () => {
      if (authentication !== undefined && authentication !== 'read-only') {
        const want = "read-only with gotkFiles 'terraform': there is no other credential on the cluster";
        throw new ValidationError({ at, prop: 'authentication', got: authentication, want });
      }
    },
  );
}

/** The arguments for `flux install --export`, one flag each, with which it writes the same `gotk-components.yaml`. */
export function installArguments(
  settings: FluxInstallationSettings & { readonly version?: string },
): readonly string[] {
  const { version, controllers = DEFAULT_CONTROLLERS } = settings;
  return fluxCliArguments({ version, ...flagsOf(CONTROLLER_SETTINGS, { ...settings, controllers }) });
}

/** Clusters with the same settings share one text. */
const generated = new Map<string, string>();

/**
 * The files of Flux itself.
 *
 * @param at - the thing that has the settings
 * @throws ValidationError when the manifests of the release are not there, or altered
 */
export function gotkFilesOf(at: ErrorThing, settings: FluxBootstrapSettings, root: RootSync): GotkFiles {
  const components = componentsOf(at, settings);
  const digest = sha256(components);
  const sync = gotkSync({
    ...root,
    secretName: sourceSecretNameOf(settings),
    interval: settings.interval,
    recurseSubmodules: settings.recurseSubmodules,
  });
  return { components, digest, sync, summary: `Flux ${settings.version}, SHA-256 ${digest}` };
}

function componentsOf(at: ErrorThing, settings: FluxBootstrapSettings): string {
  const { version, fluxBundle = `${VENDORED_FLUX}/${version}` } = settings;
  const options = { version, ...pickSettings(CONTROLLER_SETTINGS, settings) } as GotkOptions;
  try {
    const bundle = readFluxBundle(fluxBundle, version);
    const key = JSON.stringify([bundle.digests, options]);
    const components = generated.get(key) ?? gotkComponents(bundle, options);
    generated.set(key, components);
    return components;
  } catch (error) {
    if (!ValidationError.isValidationError(error)) throw error;
    // The bundle says what is wrong; whose it is leads to the place in the fleet file.
    const { at: bundle, path, got, want } = error;
    const isFile = path.length === 1 && /\.(?:yaml|json)$/.test(String(path[0]));
    const file = isFile ? `${bundle}/${path[0]}` : bundle;
    const prop = isFile || path.length === 0 ? 'fluxBundle' : path;
    throw new ValidationError({ at, prop: ['flux', prop].flat(), file, got, want });
  }
}
