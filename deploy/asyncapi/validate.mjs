// Validates AsyncAPI documents with the official parser: node validate.mjs FILE…
// Exit code 0 if all are valid, 1 if one is not, 2 without a file.
import { Parser, fromFile } from '@asyncapi/parser';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: node validate.mjs FILE…');
  process.exit(2);
}

const ERROR = 0; // The severities count from the worst.
const parser = new Parser();
let broken = false;

for (const file of files) {
  const { document, diagnostics } = await fromFile(parser, file).parse();
  const errors = diagnostics.filter((found) => found.severity === ERROR);
  for (const { path, message } of errors) {
    console.error(`${file}: ${path.join('.')}: ${message.split('\n', 1)[0]}`);
  }
  broken ||= errors.length > 0 || document === undefined;
}

process.exit(broken ? 1 : 0);
