#include "gemini_reader.hpp"

#include <array>
#include <string>
#include <utility>

#include "llm_error.hpp"

namespace pflow::llm::gemini {
namespace {

using StopWord = std::pair<std::string_view, std::string_view>;

constexpr std::array<StopWord, 10> kStopWords{{
    {"STOP", stop_reason::kEndTurn},
    {"MAX_TOKENS", stop_reason::kMaxTokens},
    {"SAFETY", stop_reason::kContentFilter},
    {"RECITATION", stop_reason::kContentFilter},
    {"LANGUAGE", stop_reason::kContentFilter},
    {"BLOCKLIST", stop_reason::kContentFilter},
    {"PROHIBITED_CONTENT", stop_reason::kContentFilter},
    {"SPII", stop_reason::kContentFilter},
    {"IMAGE_SAFETY", stop_reason::kContentFilter},
    {"IMAGE_PROHIBITED_CONTENT", stop_reason::kContentFilter},
}};

std::string_view stop_word(std::string_view finish_reason) {
  for (const auto& [theirs, ours] : kStopWords) {
    if (theirs == finish_reason) return ours;
  }
  return finish_reason;
}

void take_part(JsonRef part, Reply& reply) {
  const auto text = part["text"].text();
  if (!text) return;
  (part["thought"].flag() == true ? reply.reasoning : reply.text) += *text;
}

ProviderError blocked(std::string_view reason, JsonRef message) {
  ProviderError error;
  error.message = "the prompt was blocked (" + std::string(reason) + ")";
  if (const auto more = message.text()) error.message.append(": ").append(*more);
  error.code = stop_reason::kContentFilter;
  return error;
}

}  // namespace

void GeminiReader::take_usage(JsonRef metadata, Reply& reply) {
  const json::object* told = metadata.if_object();
  if (told == nullptr) return;
  for (const json::key_value_pair& member : *told) {
    if (!member.value().is_null()) usage_[member.key()] = member.value();
  }
  const json::value all(usage_);
  const JsonRef usage(all);
  // Counts of zero are left out, so only all of them missing means that nothing was told.
  if (!usage["promptTokenCount"] && !usage["totalTokenCount"]) return;
  const auto count = [&](std::string_view name) { return usage[name].count().value_or(0); };
  TokenCounts counts;
  counts.input = count("promptTokenCount") + count("toolUsePromptTokenCount");
  counts.reasoning = usage["thoughtsTokenCount"].count();
  counts.output = count("candidatesTokenCount") + counts.reasoning.value_or(0);
  counts.cache_read = count("cachedContentTokenCount");
  reply.usage = counts;
  reply.raw_usage = json::serialize(all);
}

bool GeminiReader::read_body(const json::value& body, Reply& reply) {
  return read_chunk(body, reply) && (reply.finished || reply.error);
}

bool GeminiReader::read_chunk(const json::value& body, Reply& reply) {
  const JsonRef root(body);
  if (root.if_object() == nullptr) return false;
  if (root["error"]) {
    reply.error = read_error_body(json::serialize(body));
    return true;
  }
  if (const auto model = root["modelVersion"].text()) reply.model = *model;
  if (const auto id = root["responseId"].text()) reply.id = *id;
  take_usage(root["usageMetadata"], reply);
  const JsonRef feedback = root["promptFeedback"];
  const JsonRef candidate = root["candidates"][std::size_t{0}];
  if (const auto reason = feedback["blockReason"].text(); reason && !candidate) {
    reply.error = blocked(*reason, feedback["blockReasonMessage"]);
    return true;
  }
  const JsonRef parts = candidate["content"]["parts"];
  const json::array* list = parts.if_array();
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i)
    take_part(parts[i], reply);
  if (const auto reason = candidate["finishReason"].text()) {
    reply.stop_reason = stop_word(*reason);
    reply.finished = true;
  }
  return true;
}

bool GeminiReader::read_event(std::string_view /*name*/, std::string_view data, Reply& reply) {
  const auto chunk = read_json(data);
  return chunk && read_chunk(*chunk, reply);
}

}  // namespace pflow::llm::gemini
