#include "llm_error.hpp"
#include "openai_wire.hpp"

namespace pflow::llm::openai {
namespace {

/// Reads responses. A stream's last event holds the whole response once more; what came in pieces is not taken twice.
class ResponsesReader final : public ReplyReader {
 public:
  bool read_event(std::string_view name, std::string_view data, Reply& reply) override {
    if (data == "[DONE]") return true;
    const std::optional<json::value> read = read_json(data);
    if (!read || !read->is_object()) return false;
    const JsonRef event(*read);
    const std::string_view type = event["type"].text().value_or(name);
    if (type == "response.output_text.delta") {
      append(reply.text, event["delta"]);
    } else if (type == "response.refusal.delta") {
      refused_ = true;
      append(reply.text, event["delta"]);
    } else if (type == "response.reasoning_summary_text.delta" || type == "response.reasoning_text.delta") {
      append(reply.reasoning, event["delta"]);
    } else if (type == "response.reasoning_summary_part.added" && !reply.reasoning.empty()) {
      reply.reasoning += "\n\n";
    } else if (type == "response.output_item.added" || type == "response.output_item.done") {
      called_ = called_ || is_call(event["item"]);
    } else if (type == "error") {
      reply.error = read_error_body(data);
      if (reply.error->code.empty()) reply.error->code = reply.error->type;
    } else if (type == "response.created" || type == "response.in_progress") {
      read_facts(event["response"], reply);
    } else if (type == "response.completed" || type == "response.incomplete" || type == "response.failed") {
      return read_end(event["response"], reply);
    }
    return true;
  }

  bool read_body(const json::value& body, Reply& reply) override {
    if (body.is_object() && JsonRef(body)["error"] && !JsonRef(body)["output"]) {
      reply.error = read_error_body(json::serialize(body));
      return true;
    }
    return read_end(body, reply);
  }

 private:
  static void append(std::string& to, JsonRef text) {
    if (const auto piece = text.text()) to += *piece;
  }

  static void read_facts(JsonRef response, Reply& reply) {
    if (const auto model = response["model"].text()) reply.model = *model;
    if (const auto id = response["id"].text()) reply.id = *id;
    if (const auto tier = response["service_tier"].text()) reply.service_tier = *tier;
    const JsonRef usage = response["usage"];
    if (usage.if_object() == nullptr) return;
    reply.raw_usage = json::serialize(*usage.value());
    reply.api_flavor = "responses";
    const auto input = usage["input_tokens"].count();
    const auto output = usage["output_tokens"].count();
    if (!input && !output) return;
    TokenCounts counts;
    counts.input = input.value_or(0);
    counts.output = output.value_or(0);
    counts.cache_read = usage["input_tokens_details"]["cached_tokens"].count().value_or(0);
    counts.cache_write = usage["input_tokens_details"]["cache_write_tokens"].count().value_or(0);
    counts.reasoning = usage["output_tokens_details"]["reasoning_tokens"].count();
    reply.usage = counts;
  }

  bool read_end(JsonRef response, Reply& reply) {
    const std::string_view status = response["status"].text().value_or("");
    if (response.if_object() == nullptr || status.empty()) return false;
    read_facts(response, reply);
    read_output(response["output"], reply);
    if (status == "failed" || status == "cancelled") {
      reply.error = read_error_body(json::serialize(*response.value()));
      if (!response["error"]) reply.error->message = "the response is " + std::string(status);
      return true;
    }
    reply.stop_reason = stop_reason_of(status, response["incomplete_details"]["reason"].text().value_or(""));
    reply.finished = true;
    return true;
  }

  static bool is_call(JsonRef item) { return item["type"].text() == "function_call"; }

  // What a stream has told already is not taken again.
  void read_output(JsonRef output, Reply& reply) {
    const json::array* items = output.if_array();
    if (items == nullptr) return;
    const bool has_text = !reply.text.empty();
    const bool has_reasoning = !reply.reasoning.empty();
    for (const json::value& item : *items) {
      called_ = called_ || is_call(item);
      const bool thinks = JsonRef(item)["type"].text() == "reasoning";
      if (thinks ? has_reasoning : has_text) continue;
      for (const char* part : {"summary", "content"}) {
        const json::array* pieces = JsonRef(item)[part].if_array();
        if (pieces == nullptr) continue;
        for (const json::value& piece : *pieces)
          read_piece(piece, thinks, reply);
      }
    }
  }

  void read_piece(JsonRef piece, bool thinks, Reply& reply) {
    if (piece["refusal"].text()) {
      refused_ = true;
      append(reply.text, piece["refusal"]);
      return;
    }
    std::string& to = thinks ? reply.reasoning : reply.text;
    if (thinks && !to.empty()) to += "\n\n";
    append(to, piece["text"]);
  }

  [[nodiscard]] std::string_view stop_reason_of(std::string_view status, std::string_view why) const noexcept {
    if (refused_) return stop_reason::kRefusal;
    if (why == "max_output_tokens") return stop_reason::kMaxTokens;
    if (why == "content_filter") return stop_reason::kContentFilter;
    if (called_) return stop_reason::kToolUse;
    if (status == "completed") return stop_reason::kEndTurn;
    return why.empty() ? status : why;
  }

  bool refused_ = false;
  bool called_ = false;
};

}  // namespace

std::unique_ptr<ReplyReader> make_responses_reader() {
  return std::make_unique<ResponsesReader>();
}

}  // namespace pflow::llm::openai
