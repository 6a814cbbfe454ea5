// Reads [{html, wiki}] from standard input, adds what Atlassian's converter makes of the wiki, writes one case a line.
// usage: node make.mjs FOLDER_WITH_NODE_MODULES < cases.json > golden.json
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const load = createRequire(resolve(process.argv[2], "package.json"));
const { WikiMarkupTransformer } = load("@atlaskit/editor-wikimarkup-transformer");
const { JSONTransformer } = load("@atlaskit/editor-json-transformer");
const { defaultSchema } = load("@atlaskit/adf-schema/schema-default");

const wiki = new WikiMarkupTransformer(defaultSchema);
const json = new JSONTransformer(defaultSchema);
const cases = JSON.parse(readFileSync(0, "utf8"));
const lines = cases.map((one) => JSON.stringify({ ...one, adf: json.encode(wiki.parse(one.wiki)) }));
process.stdout.write(`[\n${lines.join(",\n")}\n]\n`);
