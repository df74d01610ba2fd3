export { FileTree, type RepositoryFile } from './model/manifest/file-tree';
export { ValidationError, type ValidationErrorProps } from './model/validation-error';
