/** The AMD pseudo-module "module": where the loader found the module that asks. */
declare module 'amd-module' {
  const amdModule: { uri?: string } | undefined;
  export default amdModule;
}

declare let __webpack_public_path__: string;
