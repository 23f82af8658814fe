#!/usr/bin/env node
// Stands where the SDK expects its command-line tool: answers the SDK's greeting, and to a prompt with what
// PFLOW_COMMAND (a JSON array) prints.
import { spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.type === 'control_request') {
    const response = { commands: [], models: [], output_style: 'default', available_output_styles: [], account: {} };
    const reply = { subtype: 'success', request_id: message.request_id, response };
    process.stdout.write(JSON.stringify({ type: 'control_response', response: reply }) + '\n');
  } else if (message.type === 'user') {
    const [program, ...words] = JSON.parse(process.env.PFLOW_COMMAND);
    const ran = spawnSync(program, words);
    const line = JSON.parse(ran.stdout);
    line.errors = line.errors.map((error) => error.message); // ours are objects: the one known difference
    process.stdout.write(JSON.stringify(line) + '\n', () => process.exit(0));
  }
});
