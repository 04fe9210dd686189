// Links that open a project, written as the lab writes them: `#1.` and the project as deflated JSON in base64.
import { deflateRawSync } from "node:zlib";

/** The fragment for a context: `{ path: text }`, with more of the project or other things in it. */
export function link(files, rest = {}) {
  const list = Object.entries(files).map(([path, text]) => ({ path, text }));
  const project = { version: 1, name: "", at: 1_700_000_000, files: list, builds: [], draft: [], draftAt: 0, ...rest };
  return `#1.${deflateRawSync(JSON.stringify(project)).toString("base64url")}`;
}

/** A context of many files in a few folders, of 10 kB each and of 10 MB at most, beside a Dockerfile that copies all. */
export function contextOf(count) {
  const files = {
    Dockerfile: "FROM node\nWORKDIR /app\nCOPY package.json .\nRUN npm install\nCOPY . .\nRUN echo built\nCMD [\"node\", \"server.js\"]\n",
    "package.json": '{ "name": "bench", "dependencies": {} }\n',
  };
  const filler = "0123456789abcdef\n".repeat(Math.min(600, 600_000 / count));
  for (let number = Object.keys(files).length; number < count; number += 1) {
    files[`src/${number % 50}/file-${number}.txt`] = `${number}\n${filler}`;
  }
  return files;
}
