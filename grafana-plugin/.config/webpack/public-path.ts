import amdModule from 'amd-module';

// First import of every entry: lazy chunks lie beside the module.js that asks for them, wherever Grafana serves it from.
const uri = amdModule?.uri;
if (uri) __webpack_public_path__ = uri.slice(0, uri.lastIndexOf('/') + 1);
