export { parametersSchema } from './classes/parameters-schema';
export { FleetFile, loadFleet, parseFleet, type ParseFleetOptions } from './fleet-file';
export { FleetFileError, type FleetProblem, formatProblem } from './fleet-file-error';
export { fleetJsonSchema, type FleetFileKind } from './json-schema';
export { type JsonSchema } from './parametrized-schema';
export { type ClusterClassInput, type ParameterInput } from './schema/cluster-class';
