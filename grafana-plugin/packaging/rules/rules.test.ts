import { describe, expect, it } from 'vitest';
import type { PackageFiles } from '../package-files.ts';
import { problemsOf } from './rules.ts';

/** A small package in which nothing is wrong. */
const APP = {
  type: 'app',
  name: 'An app',
  id: 'acme-thing-app',
  languages: ['en-US'],
  info: {
    description: 'Does things.',
    author: { name: 'acme' },
    keywords: ['thing'],
    logos: { small: 'img/logo.svg', large: 'img/logo.svg' },
    links: [{ name: 'Home', url: 'https://acme.example' }],
    screenshots: [{ name: 'One', path: 'img/one.png' }],
    version: '1.2.3',
    updated: '2026-11-21',
  },
  includes: [
    {
      type: 'page',
      name: 'Home',
      path: '/a/acme-thing-app/home',
      role: 'Viewer',
      addToNav: true,
      defaultNav: true,
    },
    { type: 'dashboard', name: 'D', path: 'dashboards/d.json', uid: 'd' },
    { type: 'panel', name: 'P', path: 'part/plugin.json' },
  ],
  dependencies: { grafanaDependency: '>=12.4.0', plugins: [] },
};
const PANEL = {
  ...APP,
  type: 'panel',
  name: 'A panel',
  id: 'acme-part-panel',
  includes: [],
  info: { ...APP.info, screenshots: [] },
};
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><path d="M0 0" fill="#fff"/></svg>';
const WELL: Readonly<Record<string, string>> = {
  'plugin.json': JSON.stringify(APP),
  'module.js': '(()=>{define(["react"],()=>{document.createElement("script")})})()',
  'module.js.map': '{"sources":["webpack://acme/./src/module.ts"]}',
  'README.md': `# Thing\n${'Does things. '.repeat(60)}[Home](https://acme.example)`,
  'CHANGELOG.md': '# Changelog',
  LICENSE: 'Apache License\n Version 2.0',
  'img/logo.svg': SVG,
  'img/one.png': 'PNG',
  'locales/en-US/acme-thing-app.json': '{}',
  'dashboards/d.json': '{"uid":"d","revision":1}',
  'part/plugin.json': JSON.stringify(PANEL),
  'part/module.js': 'define(["react"],()=>{})',
  'part/module.js.map': '{}',
  'part/img/logo.svg': SVG,
  'part/locales/en-US/acme-part-panel.json': '{}',
};

function packageWith(change: Readonly<Record<string, string | undefined>>): PackageFiles {
  const entries = Object.entries({ ...WELL, ...change }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return new Map(entries.map(([path, text]) => [path, new TextEncoder().encode(text)]));
}

function found(change: Readonly<Record<string, string | undefined>>): string[] {
  return problemsOf(packageWith(change), '1.2.3').map(({ file, problem }) => `${file}: ${problem}`);
}

/** The app's plugin.json with some fields replaced. */
function app(change: object): Record<string, string> {
  return { 'plugin.json': JSON.stringify({ ...APP, ...change }) };
}

function info(change: object): Record<string, string> {
  return app({ info: { ...APP.info, ...change } });
}

function svg(text: string): Record<string, string> {
  return { 'img/logo.svg': text };
}

describe('problemsOf', () => {
  it('finds nothing in a good package', () => expect(found({})).toEqual([]));

  it.each<[string, Readonly<Record<string, string | undefined>>, RegExp]>([
    ['no changelog', { 'CHANGELOG.md': undefined }, /^CHANGELOG.md: is missing$/],
    [
      'no source map of a panel',
      { 'part/module.js.map': undefined },
      /^part\/module.js.map: is missing beside/,
    ],
    ['a licence of its own', { LICENSE: 'All rights reserved' }, /^LICENSE: is none/],
    ['a README of one line', { 'README.md': '# Thing' }, /^README.md: is the template/],
    [
      'a relative link',
      { 'README.md': `${WELL['README.md'] ?? ''}[x](docs/x.md)` },
      /leads nowhere in the catalogue: docs/,
    ],
    ['a hidden file', { '.env': 'KEY=1' }, /^\.env: does not belong/],
    ['a source', { 'src/module.ts': '' }, /^src\/module.ts: does not belong/],
    ['a dist in dist', { 'dist/module.js': 'define([])' }, /^dist\/module.js: does not belong/],
  ])('finds in the layout: %s', (_, change, problem) => {
    expect(found(change).join('\n')).toMatch(problem);
  });

  it.each<[string, Readonly<Record<string, string | undefined>>, RegExp]>([
    ['no JSON', { 'plugin.json': '{' }, /^plugin.json: is no JSON object/],
    ['an unknown field', app({ colour: 'red' }), /colour: Grafana knows no such field/],
    ['an unknown field of info', info({ colour: 'red' }), /info.colour: Grafana knows no such field/],
    ['an id of four parts', app({ id: 'acme-my-thing-app' }), /id: acme-my-thing-app must be org-name-type/],
    ['an id of two parts', app({ id: 'thing-app' }), /id: thing-app must have three parts/],
    ['an id of another type', app({ id: 'acme-thing-panel' }), /must end in -app/],
    ['the id as name', app({ name: 'acme-thing-app' }), /name: must be written for people/],
    ['an unfilled placeholder', info({ version: '%VERSION%' }), /placeholder such as %VERSION%/],
    ['another version', info({ version: '1.2.4' }), /info.version is not 1.2.3/],
    ['a date of another form', info({ updated: '21.11.2026' }), /info.updated: 21.11.2026/],
    ['no keywords', info({ keywords: [] }), /info.keywords: is missing/],
    ['no description', info({ description: ' ' }), /info.description: is missing/],
    [
      'a plain http link',
      info({ links: [{ name: 'x', url: 'http://x.example' }] }),
      /http:\/\/x.example is no https/,
    ],
    [
      'a range with ||',
      app({ dependencies: { grafanaDependency: '>=12 || >=13' } }),
      /no range of at most two/,
    ],
    [
      'itself as dependency',
      app({ dependencies: { grafanaDependency: '>=12.4.0', plugins: [{ id: APP.id }] } }),
      /depends on itself/,
    ],
    [
      'a role that is none',
      app({
        includes: [...APP.includes, { type: 'page', name: 'x', path: '/a/acme-thing-app/x', role: 'Boss' }],
      }),
      /role: "Boss" is none/,
    ],
    [
      'a logo that is missing',
      { 'part/img/logo.svg': undefined },
      /^part\/img\/logo.svg: is named in plugin.json and missing/,
    ],
    [
      'a screenshot from outside',
      info({ screenshots: [{ name: 'x', path: 'https://x.example/x.png' }] }),
      /must be a relative path/,
    ],
    [
      'a screenshot above',
      info({ screenshots: [{ name: 'x', path: '../x.png' }] }),
      /must be a relative path/,
    ],
    [
      'a language without words',
      { 'locales/en-US/acme-thing-app.json': undefined },
      /although plugin.json names the language/,
    ],
    [
      'a panel that is not declared',
      app({ includes: APP.includes.slice(0, 2) }),
      /^part\/plugin.json: is not included/,
    ],
    [
      'a dashboard that is missing',
      { 'dashboards/d.json': undefined },
      /^dashboards\/d.json: is included by plugin.json and missing/,
    ],
    [
      'a dashboard that is not declared',
      { 'dashboards/e.json': '{}' },
      /^dashboards\/e.json: is not included/,
    ],
    [
      'a dashboard of another uid',
      { 'dashboards/d.json': '{"uid":"e","revision":1}' },
      /its uid e is not that of plugin.json, d/,
    ],
    ['a dashboard without revision', { 'dashboards/d.json': '{"uid":"d"}' }, /no integer revision/],
    [
      'a dashboard with inputs',
      { 'dashboards/d.json': '{"uid":"d","revision":1,"__inputs":[]}' },
      /has __inputs/,
    ],
    ['a dashboard with an id', { 'dashboards/d.json': '{"uid":"d","revision":1,"id":7}' }, /has an id/],
    [
      'a page elsewhere',
      app({ includes: [{ type: 'page', name: 'x', path: '/a/other-x-app/x', defaultNav: true }] }),
      /is not under \/a\/acme-thing-app/,
    ],
    ['two first pages', app({ includes: [...APP.includes, APP.includes[0]] }), /2 includes have defaultNav/],
  ])('finds in the declarations: %s', (_, change, problem) => {
    expect(found(change).join('\n')).toMatch(problem);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['a script', svg('<svg><script>alert(1)</script></svg>'), /has the element script/],
    ['a handler', svg('<svg onload="x()"><path d=""/></svg>'), /has the attribute onload/],
    ['a link', svg('<svg><path xlink:href="#a"/></svg>'), /has the attribute xlink:href/],
    [
      'a picture from outside',
      svg('<svg><path fill="url(https://x.example/x)"/></svg>'),
      /has the attribute fill/,
    ],
    ['foreign content', svg('<svg><foreignObject/></svg>'), /has the element foreignObject/],
    ['an entity', svg('<!DOCTYPE svg [<!ENTITY x "y">]><svg></svg>'), /doctype/],
    ['something else', svg('<html></html>'), /does not begin with an svg element/],
  ])('finds in a picture: %s', (_, change, problem) => expect(found(change).join('\n')).toMatch(problem));

  it('lets a picture refer to its own gradient', () => {
    const text =
      '<svg><defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs><path fill="url(#a)"/></svg>';
    expect(found(svg(text))).toEqual([]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'the inside of React',
      { 'module.js': 'define([],()=>r.__SECRET_INTERNALS_DO_NOT_USE)' },
      /inside of React/,
    ],
    [
      'a jsx-runtime of its own',
      { 'module.js': 'define([],()=>Symbol.for("react.element"))' },
      /a copy of React/,
    ],
    [
      'findDOMNode',
      { 'part/module.js': 'define([],()=>d.findDOMNode(x))' },
      /^part\/module.js: uses findDOMNode/,
    ],
    ['the old root API', { 'module.js': 'define([],()=>ReactDOM.render(x))' }, /old root API/],
    ['propTypes', { 'module.js': 'define([],()=>{x.propTypes={}})' }, /propTypes/],
    ['the console', { 'module.js': 'define([],()=>console.log(1))' }, /console/],
    ['eval', { 'module.js': 'define([],()=>eval("1"))' }, /builds code/],
    ['a tracker', { '1.js': 'fetch("https://www.google-analytics.com")' }, /tracker/],
    ['an ES module', { 'module.js': 'export const plugin=1' }, /no AMD module/],
    [
      'a panel with chunks',
      { 'part/module.js': 'define([],()=>document.createElement("script"))' },
      /loads a chunk/,
    ],
    [
      'paths of a machine',
      { 'module.js.map': '{"sources":["/home/me/node_modules/x.js"]}' },
      /absolute paths/,
    ],
  ])('finds in the code: %s', (_, change, problem) => expect(found(change).join('\n')).toMatch(problem));
});
