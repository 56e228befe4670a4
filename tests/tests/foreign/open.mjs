// Opens each file that is named with Automerge for JavaScript and prints what it holds as JSON.
import { readFileSync } from "node:fs";
import * as Automerge from "@automerge/automerge";

const documents = process.argv.slice(2).map((path) => {
  const document = Automerge.load(new Uint8Array(readFileSync(path)));
  return { content: document, changes: Automerge.getAllChanges(document).length };
});
process.stdout.write(JSON.stringify(documents));
