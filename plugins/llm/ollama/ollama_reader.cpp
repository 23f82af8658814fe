#include "ollama_reader.hpp"

#include "llm_error.hpp"

namespace pflow::llm::ollama {
namespace {

std::string_view stop_word(std::string_view done_reason) {
  if (done_reason == "stop") return stop_reason::kEndTurn;
  if (done_reason == "length") return stop_reason::kMaxTokens;
  return done_reason;
}

void take_end(JsonRef root, Reply& reply) {
  reply.finished = true;
  if (const auto reason = root["done_reason"].text()) reply.stop_reason = stop_word(*reason);
  const auto input = root["prompt_eval_count"].count();
  const auto output = root["eval_count"].count();
  if (!input && !output) return;
  TokenCounts counts;
  counts.input = input.value_or(0);
  counts.output = output.value_or(0);
  reply.usage = counts;
}

}  // namespace

bool OllamaReader::read_body(const json::value& body, Reply& reply) {
  const JsonRef root(body);
  if (root.if_object() == nullptr) return false;
  if (root["error"]) {
    reply.error = read_error_body(json::serialize(body));
    return true;
  }
  const JsonRef message = root["message"];
  if (!message && !root["done"]) return false;
  if (const auto model = root["model"].text()) reply.model = *model;
  if (const auto text = message["content"].text()) reply.text += *text;
  if (const auto thinking = message["thinking"].text()) reply.reasoning += *thinking;
  if (root["done"].flag() == true) take_end(root, reply);
  return true;
}

bool OllamaReader::read_event(std::string_view /*name*/, std::string_view data, Reply& reply) {
  const auto line = read_json(data);
  return line && read_body(*line, reply);
}

}  // namespace pflow::llm::ollama
