export { FleetFile, loadFleet, parseFleet, type ParseFleetOptions } from './fleet-file';
export { FleetFileError, type FleetProblem, formatProblem } from './fleet-file-error';
export { fleetJsonSchema } from './json-schema';
