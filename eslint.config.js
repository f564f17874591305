import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import typescript from 'typescript-eslint'

const mathRandom = { object: 'Math', property: 'random', message: 'Use contract/random.' }
/** What tfjs draws is not decided by seed, step and salt, and a graph would draw the same at every step. */
const tensorRandom = [
  ...['dropout', 'multinomial', 'rand', 'randomGamma', 'randomNormal', 'randomStandardNormal'],
  ...['randomUniform', 'randomUniformInt', 'truncatedNormal']
].map((property) => ({ object: 'tf', property, message: 'Use models/stateless-uniform.' }))

/** Import rules between folders are not here: test/architecture.test.ts reads them from the design. */
export default typescript.config(
  { ignores: ['node_modules', 'out', 'test-results', '.venv'] },
  js.configs.recommended,
  ...typescript.configs.recommended,
  ...svelte.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-restricted-properties': ['error', mathRandom],
      '@typescript-eslint/consistent-type-imports': 'error'
    }
  },
  {
    files: ['src-main/**/*.ts', 'src-preload/**/*.ts', 'test/**/*.ts'],
    ignores: ['test/renderer/**'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }]
    }
  },
  {
    files: ['src-main/**/*.ts'],
    rules: { 'no-restricted-properties': ['error', mathRandom, ...tensorRandom] }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: typescript.parser } }
  },
  { files: ['src-renderer/**'], languageOptions: { globals: globals.browser } },
  // What a benchmark measures in the page is written among what drives it.
  { files: ['benchmarks/**'], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
  {
    files: ['scripts/**', '*.js', 'resources/**/*.mjs', 'test/**/*.mjs'],
    languageOptions: { globals: globals.node }
  }
)
