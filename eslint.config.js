'use strict'

const js = require('@eslint/js')
const stylistic = require('@stylistic/eslint-plugin')
const globals = require('globals')

/** The folders of lib/, the highest first. A file may require only what is in its own folder or in a lower one. */
const folders = ['api', 'elements', 'memory', 'native', 'internal']

const onlyBelow = (layer, index) => ({
  files: [`lib/${layer}/**/*.js`],
  rules: {
    'no-restricted-syntax': ['error', ...folders.slice(0, index).map((higher) => ({
      selector: `CallExpression[callee.name=require] > Literal[value=/^\\.\\.\\/${higher}\\//]`,
      message: `lib/${layer}/ is below lib/${higher}/.`
    }))]
  }
})

module.exports = [
  { ignores: ['target/', '.runtimes/'] },
  js.configs.recommended,
  stylistic.configs.customize({ arrowParens: true, braceStyle: '1tbs', commaDangle: 'never', quotes: 'single', semi: false }),
  {
    files: ['**/*.js'],
    languageOptions: { sourceType: 'commonjs', globals: globals.node },
    rules: {
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
      'no-unused-vars': ['error', { caughtErrors: 'none' }],
      // The layout of this code, where it is not that of `customize`.
      '@stylistic/generator-star-spacing': ['error', 'both'],
      '@stylistic/indent-binary-ops': 'off',
      '@stylistic/list-style': 'off',
      '@stylistic/max-len': ['error', { code: 150, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true }],
      '@stylistic/max-statements-per-line': 'off',
      '@stylistic/multiline-ternary': 'off',
      '@stylistic/operator-linebreak': 'off',
      '@stylistic/quote-props': ['error', 'as-needed'],
      '@stylistic/quotes': ['error', 'single', { avoidEscape: true }],
      '@stylistic/space-before-function-paren': ['error', 'always']
    }
  },
  ...folders.map(onlyBelow),
  { files: ['test/**/*.js'], languageOptions: { globals: globals.mocha } }
]
