// Reads one result through the SDK and prints what it understood, as JSON.
import { query } from '@anthropic-ai/claude-agent-sdk';

const results = [];
try {
  for await (const message of query({ prompt: 'run', options: { pathToClaudeCodeExecutable: process.argv[2] } })) {
    results.push(message);
  }
} catch (error) {
  if (results.length === 0) throw error; // the SDK throws after it has handed on a result that is an error
}
console.log(JSON.stringify(results));
