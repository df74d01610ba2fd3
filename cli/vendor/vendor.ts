import { type Command } from 'commander';

import { checkFluxVersion } from '../../lib/model/flux/flux-version';
import { run } from '../run';
import { type Terminal } from '../terminal';
import { fetchFluxBundle } from './flux-source';
import { vendorFlux } from './vendor-flux';

interface VendorOptions {
  readonly version: string;
  readonly from?: string;
  readonly out: string;
  readonly sha256?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const help = `
Writes <out>/<version>/ with the manifests of the release and bundle.lock.json, which keeps their SHA-256. Commit both:
'cdktf synth' reads nothing else, and refuses a file that was altered. The directory is written as a whole or not at all.

--from also takes a copy in a mirror, the file manifests.tar.gz, or a directory that it was unpacked into. A proxy is
used as the environment of Node.js says; a private certificate authority goes into NODE_EXTRA_CA_CERTS.

Examples:
  gitlab-flux vendor flux --version v2.9.4
  gitlab-flux vendor flux --version v2.9.4 --from https://mirror.example.com/flux/v2.9.4/manifests.tar.gz
  gitlab-flux vendor flux --version v2.9.4 --from ~/Downloads/manifests.tar.gz --sha256 4c1b…`;

/** Adds the command `vendor` to a program. */
export function registerVendor(program: Command, terminal: Terminal, end: (code: number) => void): void {
  program
    .command('vendor')
    .description('keep what others release in your repository')
    .command('flux')
    .description('the manifests of a release of Flux, for clusters whose gotk files Terraform writes')
    .requiredOption('-v, --version <version>', 'version of Flux, for example v2.9.4')
    .option('--from <place>', 'file, directory or address (default: the release on GitHub)')
    .option('-o, --out <directory>', 'where to write', 'vendor/flux')
    .option('--sha256 <digest>', 'SHA-256 that the archive must have')
    .option('--force', 'take a bundle that differs from the one in the lock file')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (options: VendorOptions) => {
      end(await run(terminal, options, () => vendor(terminal, options)));
    });
}

async function vendor(terminal: Terminal, options: VendorOptions): Promise<void> {
  const { version, from, sha256, out, force } = options;
  checkFluxVersion('vendor flux', '--version', version);
  const say = (sentence: string): void => terminal.say(terminal.paint('quiet', sentence));
  const source = await fetchFluxBundle({ version, from, sha256, onProgress: say });
  const result = vendorFlux({ ...source, version, out, force });
  if (options.json === true) {
    terminal.printJson(result);
    return;
  }
  const { directory, changed, files } = result;
  const outcome = changed ? `${Object.keys(files).length} files and their lock file written` : 'nothing to do';
  terminal.print(`${terminal.paint('good', '✓')} ${directory}: ${outcome}`);
}
