import { FleetStacks } from './stacks';

FleetStacks.synth('fleet.yaml');
