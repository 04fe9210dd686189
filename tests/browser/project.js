// Links that open a project, written as the lab writes them: `#1.` and the project as deflated JSON in base64.
import { deflateRawSync } from "node:zlib";

/** The fragment for a context: `{ path: text }`. */
export function link(files) {
  const list = Object.entries(files).map(([path, text]) => ({ path, text }));
  const project = { version: 1, name: "", at: 1_700_000_000, files: list, builds: [], draft: [], draftAt: 0 };
  return `#1.${deflateRawSync(JSON.stringify(project)).toString("base64url")}`;
}

/** A context of many files in a few folders, of about 10 kB each, beside a Dockerfile that copies it whole. */
export function contextOf(count) {
  const files = {
    Dockerfile: "FROM node\nWORKDIR /app\nCOPY package.json .\nRUN npm install\nCOPY . .\nRUN echo built\nCMD [\"node\", \"server.js\"]\n",
    "package.json": '{ "name": "bench", "dependencies": {} }\n',
  };
  const filler = "0123456789abcdef\n".repeat(600);
  for (let number = Object.keys(files).length; number < count; number += 1) {
    files[`src/${number % 50}/file-${number}.txt`] = `${number}\n${filler}`;
  }
  return files;
}
