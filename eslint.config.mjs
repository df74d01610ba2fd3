import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import importX from 'eslint-plugin-import-x';
import jsdoc from 'eslint-plugin-jsdoc';
import tseslint from 'typescript-eslint';

const product = ['lib/**/*.ts', 'stacks/**/*.ts', 'cli/**/*.ts'];

// Who may import whom is said in .dependency-cruiser.mjs; here is what it does not see: names, and how paths are written.
const pathForms = [
  { regex: '^\\.{1,2}/.*\\.[cm]?[jt]s$', message: 'Relative imports have no extension.' },
  {
    regex: '^@cdktf/provider-.*(?<!/index\\.js)$',
    message: 'Name the file, `@cdktf/provider-x/lib/resource/index.js`: an ES module cannot import a directory.',
  },
];

const blockOfTerraform = {
  regex: '^cdktf$',
  importNamePattern: '^Terraform(Variable|Output|Local|Resource|DataSource|Element|.*Module)$|Backend$',
  allowTypeImports: true,
  message: 'Blocks of Terraform are made by lib/constructs/terraform alone: it takes every text literally.',
};

/** What DESIGN.md asks of the public surface and no plugin has a rule for. */
const contract = [
  {
    selector: 'ExportNamedDeclaration > TSInterfaceDeclaration > TSInterfaceBody > TSPropertySignature[readonly=false]',
    message: 'Props are readonly.',
  },
  {
    selector: 'ThrowStatement > NewExpression[callee.name=/^(Error|TypeError|RangeError)$/]',
    message: 'Throw a ValidationError, or an error class of its own: it names the thing that is wrong.',
  },
];

export default tseslint.config(
  {
    ignores: ['dist/', 'coverage/', 'cdktf.out/', 'etc/', '**/*.d.ts', '**/fixtures/', '**/expected/', '.gen/'],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: pathForms }],
      'import-x/no-duplicates': 'error',
      'import-x/first': 'error',
      'import-x/newline-after-import': 'error',
      'import-x/consistent-type-specifier-style': ['error', 'prefer-inline'],
      'import-x/order': [
        'error',
        {
          groups: [
            ['builtin', 'external'],
            ['parent', 'sibling', 'index'],
          ],
          'newlines-between': 'always',
          alphabetize: { order: 'asc', caseInsensitive: true },
        },
      ],
      curly: ['error', 'multi-line'],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/dot-notation': 'off',
      // Control characters are what some checks look for.
      'no-control-regex': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-require-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // Constructs are made for their effect on the tree; classes of static factories are the style of enum-like values.
      'no-new': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  {
    files: product,
    ignores: ['lib/constructs/terraform/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [...pathForms, blockOfTerraform] }],
    },
  },
  {
    files: product,
    plugins: { jsdoc },
    settings: { jsdoc: { mode: 'typescript' } },
    rules: {
      'no-restricted-syntax': ['error', ...contract],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'import-x/no-default-export': 'error',
      '@typescript-eslint/explicit-member-accessibility': ['error', { overrides: { constructors: 'no-public' } }],
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: { ancestorsOnly: true, cjs: false, window: false },
          require: { ClassDeclaration: true, FunctionDeclaration: true, MethodDefinition: true },
          contexts: [
            'TSInterfaceDeclaration',
            'TSTypeAliasDeclaration',
            'TSEnumDeclaration',
            'TSPropertySignature',
            'TSMethodSignature',
            'PropertyDefinition[accessibility!="private"]',
            'ExportNamedDeclaration > VariableDeclaration',
          ],
          checkConstructors: false,
          enableFixer: false,
        },
      ],
      'jsdoc/require-description': [
        'error',
        {
          contexts: [
            'ClassDeclaration',
            'FunctionDeclaration',
            'MethodDefinition[kind!="constructor"]',
            'PropertyDefinition',
            'TSInterfaceDeclaration',
            'TSMethodSignature',
            'TSPropertySignature',
            'TSTypeAliasDeclaration',
            'VariableDeclaration',
          ],
        },
      ],
      'jsdoc/check-param-names': ['error', { checkDestructured: false, disableMissingParamChecks: true }],
      'jsdoc/check-tag-names': ['error', { typed: true, definedTags: ['default', 'remarks', 'internal'] }],
      'jsdoc/no-types': 'error',
    },
  },
  { files: ['cli/**/*.ts', 'main.ts', 'bench/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['__tests__/**/*.ts', 'e2e/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Tests read JSON of any shape, and wait for what says only that it happened.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', module: 'writable', require: 'readonly' },
    },
  },
  prettier,
);
