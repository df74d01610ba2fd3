import { type Command } from 'commander';

import { registerFluxManifests } from './flux-manifests';
import { registerInit } from './init/init';
import { registerLeftovers } from './leftovers/leftovers';
import { registerPipeline } from './pipeline/register-pipeline';
import { registerPush } from './push/register-push';
import { registerRender } from './render/render';
import { registerSchema } from './schema';
import { registerShow } from './show';
import { registerSummary } from './summary/summary';
import { type Terminal } from './terminal';
import { registerTree } from './tree/tree';
import { registerValidate } from './validate/validate';
import { registerValues } from './values';
import { registerVendor } from './vendor/vendor';

/** Adds all commands to a program. */
export function registerAll(program: Command, terminal: Terminal, end: (code: number) => void): void {
  registerInit(program, terminal, end);
  registerValidate(program, terminal, end);
  registerRender(program, terminal, end);
  registerTree(program, terminal, end);
  registerShow(program, terminal, end);
  registerValues(program, terminal, end);
  registerSchema(program, terminal, end);
  registerSummary(program, terminal, end);
  registerVendor(program, terminal, end);
  registerFluxManifests(program, terminal, end);
  registerLeftovers(program, terminal, end);
  registerPipeline(program, terminal, end);
  registerPush(program, terminal, end);
}
