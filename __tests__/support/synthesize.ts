// A program of its own, so that a test can run it elsewhere: in another directory, time zone or locale, or on the other
// core. It writes to `cdktf.out` in its working directory and prints which core it used.
//
//   synthesize.ts example|FILE [commit|files|tree]
import { App } from 'cdktf';
import { createRequire } from 'node:module';

import { loadFleet } from '../../lib/model/fleet';
import { FleetStacks } from '../../stacks';
import { examplePlan, fleetOf } from './fleets';

const [fleet = 'example', type] = process.argv.slice(2) as [string?, ('commit' | 'files' | 'tree')?];
const delivery = type && { type };
const { project, clusters, ...rest } = fleet === 'example' ? fleetOf(examplePlan) : loadFleet(fleet);
const app = new App({ outdir: 'cdktf.out' });
new FleetStacks(app, { ...rest, project, clusters, delivery: delivery ?? rest.delivery });
app.synth();
process.stdout.write(createRequire(__filename).resolve('cdktf'));
