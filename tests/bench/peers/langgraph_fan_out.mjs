// W3 with npm's @langchain/langgraph and @langchain/openai: one Send for each of CALLS items, maxConcurrency CONCURRENCY.
import { ChatOpenAI } from "@langchain/openai";
import { Annotation, END, Send, START, StateGraph } from "@langchain/langgraph";

const [baseURL, calls, maxConcurrency] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const model = new ChatOpenAI({ model: "gpt-4o-mini", apiKey: "none", configuration: { baseURL } });
const State = Annotation.Root({
  items: Annotation(),
  tokens: Annotation({ reducer: (sum, more) => sum + more, default: () => 0 }),
});
const graph = new StateGraph(State)
  .addNode("ask", async ({ item }) => {
    const answer = await model.invoke(`Say something about item ${item}`);
    return { tokens: answer.usage_metadata.total_tokens };
  })
  .addConditionalEdges(START, ({ items }) => items.map((item) => new Send("ask", { item })), ["ask"])
  .addEdge("ask", END)
  .compile();
const begin = performance.now();
const { tokens } = await graph.invoke({ items: Array.from({ length: calls }, (_, n) => n) }, { maxConcurrency });
console.log(JSON.stringify({ run_ms: performance.now() - begin, calls, tokens }));
