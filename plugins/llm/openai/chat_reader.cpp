#include <algorithm>

#include "llm_error.hpp"
#include "openai_wire.hpp"

namespace pflow::llm::openai {
namespace {

std::string_view stop_reason_of(std::string_view finish_reason) noexcept {
  if (finish_reason == "stop") return stop_reason::kEndTurn;
  if (finish_reason == "length") return stop_reason::kMaxTokens;
  if (finish_reason == "tool_calls" || finish_reason == "function_call") return stop_reason::kToolUse;
  if (finish_reason == "content_filter") return stop_reason::kContentFilter;
  return finish_reason;
}

void append(std::string& to, JsonRef text) {
  if (const auto piece = text.text()) to += *piece;
}

// A text, or parts of which some are text and some what the model thought, as Mistral writes them.
void append_content(Reply& reply, JsonRef content) {
  append(reply.text, content);
  const json::array* parts = content.if_array();
  if (parts == nullptr) return;
  for (const json::value& value : *parts) {
    const JsonRef part(value);
    if (part["type"].text() != "thinking") {
      append(reply.text, part["text"]);
      continue;
    }
    const JsonRef thought = part["thinking"];
    append(reply.reasoning, thought);
    const json::array* pieces = thought.if_array();
    for (std::size_t i = 0; pieces != nullptr && i < pieces->size(); ++i)
      append(reply.reasoning, thought[i]["text"]);
  }
}

json::object with_cached(json::object usage, std::int64_t cached) {
  json::value& details = usage["prompt_tokens_details"];
  if (!details.is_object()) details.emplace_object();
  details.get_object()["cached_tokens"] = cached;
  return usage;
}

/// Reads chat completions: those of OpenAI and of those who speak alike.
class ChatReader final : public ReplyReader {
 public:
  bool read_event(std::string_view name, std::string_view data, Reply& reply) override {
    if (data == "[DONE]") {
      reply.finished = true;
      return true;
    }
    const std::optional<json::value> event = read_json(data);
    if (!event || !event->is_object()) return false;
    if (name == "error" || JsonRef(*event)["error"]) {
      reply.error = read_error_body(data);
      return true;
    }
    const JsonRef choice = JsonRef(*event)["choices"][0];
    if (choice["index"].count().value_or(0) == 0) read_choice(choice, "delta", reply);  // of several answers the first
    read_rest(*event, reply);
    return true;
  }

  bool read_body(const json::value& body, Reply& reply) override {
    if (JsonRef(body)["error"]) {
      reply.error = read_error_body(json::serialize(body));
      return true;
    }
    read_rest(body, reply);
    const JsonRef choice = JsonRef(body)["choices"][0];
    if (!choice["message"]) return false;
    read_choice(choice, "message", reply);
    reply.finished = true;
    return true;
  }

 private:
  void read_choice(JsonRef choice, std::string_view part, Reply& reply) {
    const JsonRef message = choice[part];
    // Two names for the same; servers that write both write the same.
    append(reply.reasoning, message["reasoning_content"] ? message["reasoning_content"] : message["reasoning"]);
    append_content(reply, message["content"]);
    if (const auto refusal = message["refusal"].text(); refusal && !refusal->empty()) {
      refused_ = true;
      reply.text += *refusal;
    }
    if (const auto reason = choice["finish_reason"].text()) reply.stop_reason = stop_reason_of(*reason);
    if (refused_ && !reply.stop_reason.empty()) reply.stop_reason = stop_reason::kRefusal;
  }

  static void read_rest(JsonRef event, Reply& reply) {
    if (const auto model = event["model"].text(); model && !model->empty()) reply.model = *model;
    if (const auto id = event["id"].text(); id && !id->empty()) reply.id = *id;
    if (const auto tier = event["service_tier"].text()) reply.service_tier = *tier;
    JsonRef usage = event["usage"];
    if (usage.if_object() == nullptr) usage = event["x_groq"]["usage"];
    if (usage.if_object() == nullptr) return;  // null until the last event
    reply.api_flavor = "chat";
    const auto input = usage["prompt_tokens"].count();
    const auto output = usage["completion_tokens"].count();
    const JsonRef input_details = usage["prompt_tokens_details"];
    // DeepSeek has a name of its own for it, and may write 0 under the usual one, which is the one that is priced.
    const std::int64_t usually_cached = input_details["cached_tokens"].count().value_or(0);
    const std::int64_t cached = std::max(usually_cached, usage["prompt_cache_hit_tokens"].count().value_or(0));
    reply.raw_usage =
        json::serialize(cached == usually_cached ? *usage.value() : with_cached(*usage.if_object(), cached));
    if (!input && !output) return;
    TokenCounts counts;
    counts.input = input.value_or(0);
    counts.output = output.value_or(0);
    counts.cache_read = cached;
    counts.cache_write = input_details["cache_write_tokens"].count().value_or(0);
    counts.reasoning = usage["completion_tokens_details"]["reasoning_tokens"].count();
    // xAI counts what was thought beside the answer, not in it.
    const std::int64_t thought = counts.reasoning.value_or(0);
    if (thought > 0 && usage["total_tokens"].count() == counts.input + counts.output + thought)
      counts.output += thought;
    reply.usage = counts;
  }

  bool refused_ = false;
};

}  // namespace

std::unique_ptr<ReplyReader> make_chat_reader() {
  return std::make_unique<ChatReader>();
}

}  // namespace pflow::llm::openai
