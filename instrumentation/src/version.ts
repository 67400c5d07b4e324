/** Name and version of the package, as the scope of its spans and metrics; a test compares them with package.json. */
export const PACKAGE_NAME = 'opentelemetry-instrumentation-fal';
export const PACKAGE_VERSION = '0.1.0';
