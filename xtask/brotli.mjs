// Prints, for each file named on the command line, its size and its size in brotli (quality 11), as a tab-separated line.
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

for (const file of process.argv.slice(2)) {
  const bytes = readFileSync(file);
  const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  console.log(`${file}\t${bytes.length}\t${packed.length}`);
}
