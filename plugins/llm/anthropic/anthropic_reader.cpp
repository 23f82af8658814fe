#include "anthropic_reader.hpp"

#include "llm_error.hpp"
#include "wrapped_schema.hpp"

namespace pflow::llm::anthropic {
namespace {

constexpr std::string_view kText = "text";
constexpr std::string_view kThinking = "thinking";
constexpr std::string_view kUsage = "usage";
constexpr std::string_view kStopReason = "stop_reason";
constexpr std::string_view kError = "error";

void add(std::string& to, JsonRef text) {
  if (const auto more = text.text()) to += *more;
}

// The answer in a tool's input: all of it, or one member.
const json::value* answer_in(const json::value& input, OutputForm form) {
  return form == OutputForm::kWrappedTool ? unwrapped(input) : &input;
}

}  // namespace

bool AnthropicReader::is_answer(JsonRef block) const {
  const bool forced = form_ == OutputForm::kTool || form_ == OutputForm::kWrappedTool;
  return forced && block[kType].text() == "tool_use" && block["name"].text() == kToolName;
}

bool AnthropicReader::take_block(JsonRef block, Reply& reply) const {
  if (block[kType].text() == kText) add(reply.text, block[kText]);
  if (block[kType].text() == kThinking) add(reply.reasoning, block[kThinking]);
  if (!is_answer(block)) return true;
  const JsonRef input = block["input"];
  const json::value* answer = input.value() == nullptr ? nullptr : answer_in(*input.value(), form_);
  if (answer == nullptr) return false;
  reply.text += json::serialize(*answer);
  return true;
}

void AnthropicReader::take_head(JsonRef message, Reply& reply) {
  if (const auto model = message["model"].text()) reply.model = *model;
  if (const auto id = message["id"].text()) reply.id = *id;
  take_usage(message[kUsage], reply);
}

void AnthropicReader::take_usage(JsonRef usage, Reply& reply) {
  if (const auto tier = usage["service_tier"].text()) reply.service_tier = *tier;
  if (usage_.take(usage)) usage_.write_to(reply);
}

void AnthropicReader::take_stop(JsonRef stop_reason, Reply& reply) const {
  const auto word = stop_reason.text();
  if (!word) return;
  const bool forced = form_ == OutputForm::kTool || form_ == OutputForm::kWrappedTool;
  if (forced && *word == stop_reason::kToolUse) {
    reply.stop_reason = stop_reason::kEndTurn;
  } else if (*word == "model_context_window_exceeded") {
    reply.stop_reason = stop_reason::kMaxTokens;
  } else {
    reply.stop_reason = *word;  // the rest are the words that llm nodes use
  }
}

bool AnthropicReader::read_body(const json::value& body, Reply& reply) {
  const JsonRef message(body);
  if (message[kType].text() == kError) {
    reply.error = read_error_body(json::serialize(body));
    return true;
  }
  const json::array* content = message["content"].if_array();
  if (content == nullptr) return false;
  take_head(message, reply);
  take_stop(message[kStopReason], reply);
  for (const json::value& block : *content) {
    if (!take_block(block, reply)) return false;
  }
  reply.finished = true;
  return true;
}

void AnthropicReader::take_delta(JsonRef delta, Reply& reply) {
  const auto type = delta[kType].text();
  if (type == "text_delta") add(reply.text, delta[kText]);
  if (type == "thinking_delta") add(reply.reasoning, delta[kThinking]);
  if (type == "input_json_delta" && in_answer_tool_) {
    add(form_ == OutputForm::kWrappedTool ? wrapped_ : reply.text, delta["partial_json"]);
  }
}

bool AnthropicReader::end_block(Reply& reply) {
  const bool unwrap = in_answer_tool_ && form_ == OutputForm::kWrappedTool;
  if (in_answer_tool_ && !unwrap) empty_input_ = reply.text.empty();
  in_answer_tool_ = false;
  if (!unwrap) return true;
  const auto input = read_json(wrapped_);
  if (!input) return true;  // broken off by max_tokens, which message_delta will say; the answer stays empty
  const json::value* answer = answer_in(*input, form_);
  if (answer == nullptr) return false;
  reply.text += json::serialize(*answer);
  return true;
}

bool AnthropicReader::read_event(std::string_view /*name*/, std::string_view data, Reply& reply) {
  const auto parsed = read_json(data);
  if (!parsed || !parsed->is_object()) return false;
  const JsonRef event(*parsed);
  const auto type = event[kType].text();
  if (type == "message_start") {
    take_head(event["message"], reply);
  } else if (type == "content_block_start") {
    const JsonRef block = event["content_block"];
    in_answer_tool_ = is_answer(block);
    if (!in_answer_tool_) return take_block(block, reply);
  } else if (type == "content_block_delta") {
    take_delta(event["delta"], reply);
  } else if (type == "content_block_stop") {
    return end_block(reply);
  } else if (type == "message_delta") {
    take_stop(event["delta"][kStopReason], reply);
    take_usage(event[kUsage], reply);
  } else if (type == "message_stop") {
    if (empty_input_ && reply.stop_reason != stop_reason::kMaxTokens) reply.text = "{}";
    reply.finished = true;
  } else if (type == kError) {
    reply.error = read_error_body(data);
  }
  return true;
}

}  // namespace pflow::llm::anthropic
