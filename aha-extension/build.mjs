// Builds the extension for one Crosswalk: `npm run build -- https://crosswalk.example.com [DIRECTORY]`.
//
// Aha! lets a page reach only the hosts that the extension names (cspSources), so the address is part of the build. The
// vendor's aha-cli does the building; the directory then holds everything that `aha extension:install` needs. esbuild is
// newer than aha-cli asks for (`overrides`): that one fetches its program by an install script, which is not run here.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [given, directory = join(here, "out")] = process.argv.slice(2);
if (!URL.canParse(given ?? "") || !/^https?:$/.test(new URL(given).protocol)) {
  console.error("Say for which Crosswalk: npm run build -- https://crosswalk.example.com");
  process.exit(2);
}
const address = given.replace(/\/+$/, "");
const description = JSON.parse(readFileSync(join(here, "package.json"), "utf-8"));
description.ahaExtension.cspSources = [new URL(address).origin];
description.ahaExtension.contributes.settings.address.default = address;
delete description.scripts;

mkdirSync(directory, { recursive: true });
cpSync(join(here, "src"), join(directory, "src"), { recursive: true });
writeFileSync(join(directory, "package.json"), JSON.stringify(description, null, 2));
execFileSync(process.execPath, [join(here, "node_modules/aha-cli/bin/run"), "extension:build", "--noCache"], {
  cwd: directory,
  stdio: "inherit",
});
