import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'

const FORBIDDEN_YJS = [
	'applyUpdateV2',
	'mergeUpdatesV2',
	'encodeStateAsUpdateV2',
	'diffUpdateV2',
	'convertUpdateFormatV2ToV1',
]

export default ts.config(
	{
		ignores: [
			'build/',
			'.svelte-kit/',
			'node_modules/',
			'data/',
			'bench/out/',
			'test-results/',
			'playwright-report/',
			// Of the extension what needs no packages of its own is held here; the rest by its own types.
			...['extension/*', '!extension/src/'],
		],
	},
	js.configs.recommended,
	...ts.configs.recommendedTypeChecked,
	...svelte.configs.recommended,
	{
		languageOptions: {
			globals: { ...globals.browser, ...globals.node },
			parserOptions: {
				projectService: { allowDefaultProject: ['*.js', 'scripts/*.mjs'] },
				extraFileExtensions: ['.svelte'],
				tsconfigRootDir: import.meta.dirname,
			},
		},
		rules: {
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all' },
			],
			'@typescript-eslint/switch-exhaustiveness-check': [
				'error',
				{ considerDefaultExhaustiveForUnions: true },
			],
			'@typescript-eslint/require-await': 'off',
			// Factories return closures; nothing here has a `this` to lose.
			'@typescript-eslint/unbound-method': 'off',
			'@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
			'no-empty': ['error', { allowEmptyCatch: false }],
			eqeqeq: ['error', 'always'],
			// Links inside the app are plain hrefs: the app is served from any base by adapter-static's fallback page.
			'svelte/no-navigation-without-resolve': 'off',
			'svelte/no-at-html-tags': 'error',
			'no-restricted-properties': [
				'error',
				...FORBIDDEN_YJS.map((property) => ({
					object: 'Y',
					property,
					message: 'A 22-byte V2 update hangs a thread. V1 only (docs/decisions).',
				})),
			],
			'no-restricted-syntax': [
				'error',
				{
					selector: `ImportDeclaration[source.value='yjs'] ImportSpecifier[imported.name=/V2/]`,
					message: 'V1 updates only (docs/decisions).',
				},
			],
			'no-restricted-imports': [
				'error',
				{ patterns: [{ group: ['$lib', '$lib/*'], message: 'Use #lib/…, which Node resolves too.' }] },
			],
		},
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser } },
	},
	{
		files: ['**/*.js', '**/*.mjs'],
		...ts.configs.disableTypeChecked,
	},
)
