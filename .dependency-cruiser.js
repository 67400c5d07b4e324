/**
 * Who may import whom. Facts flow one way:
 *
 *   config ─▶ probes, collectors ─▶ domain events ─▶ metrics ─▶ exposition ─▶ http
 *                                         └────────▶ status ─▶ verdict
 *
 * Everybody may import domain, which imports nobody. What measures knows nothing of what shows, and the other
 * way round; only the wiring (exporter.ts, main.ts, command/) knows all. `npm run layers` checks it, and
 * test/layers.test.ts proves that each rule can fail.
 */
/** Tests, and what only tests import: stages in conformance/, helpers called test-…. */
const TESTS = '\\.test\\.ts$|/conformance/|/test-[a-z-]+\\.ts$';
const WIRING = '^exporter/src/(exporter|main|index)\\.ts$|^exporter/src/command/';
const WORKSPACE_SOURCES = '^(exporter|simulator|instrumentation)/src/';

/** A folder of the exporter may not import what `to` names. Tests may: they put parts together. */
function exporterLayer(name, comment, from, to) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: `^exporter/src/${from}`, pathNot: TESTS },
    to,
  };
}

const layers = [
  exporterLayer(
    'domain-imports-nobody',
    'The events are the shared vocabulary: whatever they imported, everybody would import.',
    'domain/',
    { pathNot: '^exporter/src/domain/|^instrumentation/src/' },
  ),
  exporterLayer(
    'domain-takes-only-types',
    'The domain names the error types of the instrumentation; it runs none of its code.',
    'domain/',
    { path: '^instrumentation/src/', dependencyTypesNot: ['type-only'] },
  ),
  exporterLayer(
    'config-knows-domain-only',
    'The configuration is read before anything else exists, so it depends on nothing that it configures.',
    'config/',
    { pathNot: '^exporter/src/(config|domain)/|^node_modules/(zod|yaml)/', dependencyTypesNot: ['core'] },
  ),
  exporterLayer(
    'measuring-does-not-know-showing',
    'Probes and collectors emit domain events. A metric they knew would be a metric in two places.',
    '(probes|collectors|fal)/',
    { path: '^exporter/src/(metrics|exposition|http|status)/' },
  ),
  exporterLayer(
    'metrics-do-not-know-measuring',
    'Metrics follow from events alone, so that a scrape never calls fal and a replay gives the same numbers.',
    '(metrics|exposition)/',
    { path: '^exporter/src/(probes|collectors|fal|http|status)/|^node_modules/@fal-ai/' },
  ),
  exporterLayer(
    'pages-do-not-know-measuring',
    'Pages show what they are handed: no page can start a run or reach into the store.',
    '(http|status)/',
    { path: '^exporter/src/(probes|collectors|fal)/|^exporter/src/metrics/store|^node_modules/@fal-ai/' },
  ),
  exporterLayer(
    'verdict-knows-facts-only',
    'The verdict is a pure judgement on plain data: pages and metrics take it, it takes nothing of theirs.',
    'verdict/',
    { pathNot: '^exporter/src/(verdict|domain)/|^instrumentation/src/' },
  ),
  exporterLayer(
    'verdict-takes-only-types',
    'Of the instrumentation it needs the names of errors, none of the code.',
    'verdict/',
    { path: '^instrumentation/src/', dependencyTypesNot: ['type-only'] },
  ),
  {
    name: 'only-the-wiring-knows-the-wiring',
    comment: 'A part that imported exporter.ts, main.ts or a command would know everything.',
    severity: 'error',
    from: { path: '^exporter/src/', pathNot: `${WIRING}|${TESTS}` },
    to: { path: WIRING },
  },
];

const workspaces = [
  {
    name: 'instrumentation-stands-alone',
    comment: 'It runs inside the apps of its users, without our server and without our simulator.',
    severity: 'error',
    from: { path: '^instrumentation/src/', pathNot: TESTS },
    to: { path: '^(exporter|simulator)/' },
  },
  {
    name: 'core-needs-no-opentelemetry',
    comment: 'The exporter uses it, and brings no instrumentation of its own.',
    severity: 'error',
    from: { path: '^instrumentation/src/core\\.ts$' },
    to: { path: '^node_modules/@opentelemetry/', reachable: true },
  },
  {
    name: 'client-entry-runs-anywhere',
    comment: 'It is bundled for browsers and edge runtimes, which have neither modules of Node.js nor hooks.',
    severity: 'error',
    from: { path: '^instrumentation/src/client\\.ts$' },
    to: { path: '^(node:)?[a-z_]+$|^node_modules/@opentelemetry/instrumentation/', reachable: true },
  },
  {
    name: 'simulator-stands-alone',
    comment: 'It is the truth that the others are measured against, so it shares no code with them.',
    severity: 'error',
    from: { path: '^simulator/src/' },
    to: { path: '^(exporter|instrumentation)/' },
  },
  {
    name: 'workspaces-meet-by-name',
    comment: 'A path into another workspace breaks when the packages are installed from a registry.',
    severity: 'error',
    from: { path: '^(exporter|simulator|instrumentation)/' },
    to: {
      path: '^(exporter|simulator|instrumentation)/',
      pathNot: '^$1/',
      dependencyTypes: ['local'],
    },
  },
];

const hygiene = [
  {
    name: 'no-cycles',
    comment: 'Two files that need each other are one file, or a name is missing.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphans',
    comment: 'Nothing is there that nothing needs.',
    severity: 'error',
    from: {
      orphan: true,
      pathNot: [TESTS, '/src/(main|index)\\.ts$', '(^|/)[^/]+\\.config\\.[jt]s$', '^test/reaper\\.ts$'],
    },
    to: {},
  },
  {
    name: 'no-development-dependencies-in-sources',
    comment: 'Who installs the published package does not have them.',
    severity: 'error',
    from: { path: WORKSPACE_SOURCES, pathNot: TESTS },
    to: { dependencyTypes: ['npm-dev'] },
  },
  {
    name: 'no-undeclared-dependencies',
    comment: 'A package that only another workspace declares is there by luck.',
    severity: 'error',
    from: { path: WORKSPACE_SOURCES, pathNot: TESTS },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-tests-in-sources',
    comment: 'Tests know the sources, never the other way round.',
    severity: 'error',
    from: { path: WORKSPACE_SOURCES, pathNot: TESTS },
    to: { path: `${TESTS}|^(test|bench)/` },
  },
  {
    name: 'no-unresolvable-imports',
    comment: 'What cannot be found cannot be judged by the other rules.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden: [...layers, ...workspaces, ...hygiene],
  options: {
    // Imports of types count as well: they are knowledge, too.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['node', 'import', 'types'] },
  },
};
