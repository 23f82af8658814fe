// W3 with npm's openai: CALLS chat completions, CONCURRENCY workers that each take the next one.
import OpenAI from "openai";

const [baseURL, calls, concurrency] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const client = new OpenAI({ baseURL, apiKey: "none" });
const begin = performance.now();
let next = 0;
let tokens = 0;
async function worker() {
  while (next < calls) {
    const n = next++;
    const answer = await client.chat.completions.create({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: `Say something about item ${n}` }],
    });
    tokens += answer.usage.total_tokens;
  }
}
await Promise.all(Array.from({ length: Math.min(calls, concurrency) }, worker));
console.log(JSON.stringify({ run_ms: performance.now() - begin, calls, tokens }));
