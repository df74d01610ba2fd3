import { App } from 'cdktf';

import { FleetStacks } from './stacks';

const app = new App();
FleetStacks.fromFile(app, 'fleet.yaml');
app.synth();
