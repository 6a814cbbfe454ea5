// Reads {secret, now, cases: [{method, url, token}]} from standard input; writes what the npm package atlassian-jwt makes
// of each: the canonical request, its hash, a token of its own, and the claims it finds in the token that came along.
// usage: node make.mjs FOLDER_WITH_NODE_MODULES < cases.json > golden.json
import { createRequire } from "node:module";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const load = createRequire(resolve(process.argv[2], "package.json"));
const jwt = load("atlassian-jwt");
const { secret, now, base, cases } = JSON.parse(readFileSync(0, "utf8"));
const claims = (request) => ({
  iss: "jira:1", iat: now, exp: now + 180, qsh: jwt.createQueryStringHash(request, false, base),
});
const lines = cases.map((one) => {
  const request = jwt.fromMethodAndUrl(one.method, one.url);
  const canonical = jwt.createCanonicalRequest(request, false, base);
  const verified = jwt.decodeSymmetric(one.token, secret, jwt.SymmetricAlgorithm.HS256);
  const theirs = jwt.encodeSymmetric(claims(request), secret, jwt.SymmetricAlgorithm.HS256);
  return { ...one, canonical, qsh: jwt.createQueryStringHash(request, false, base), verified, theirs };
});
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = pair.publicKey.export({ type: "spki", format: "pem" });
const call = jwt.fromMethodAndUrl("POST", `${base}/connect/installed`);
const install = jwt.encodeAsymmetric(
  { ...claims(call), aud: [base] }, pair.privateKey.export({ type: "pkcs8", format: "pem" }),
  jwt.AsymmetricAlgorithm.RS256, { kid: "3f1c" },
);
process.stdout.write(`${JSON.stringify({ secret, now, base, key, install, cases: lines }, null, 1)}\n`);
