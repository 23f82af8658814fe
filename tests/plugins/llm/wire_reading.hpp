#pragma once
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

#include "llm_wire.hpp"

/// What a vendor's protocol makes of data, without a host and a network.
namespace pflow::llm::test {

inline Question question(const Wire& wire, std::string_view model) {
  Question q;
  q.prompt = "Why?";
  q.model = model;
  q.base_url = wire.facts().default_base_url;
  q.key = "the-key";
  return q;
}

inline std::string body(const Wire& wire, const Question& question) {
  return json::serialize(wire.request(question).body);
}

inline json::object object(std::string_view text) {
  const auto value = read_json(text);
  if (!value || !value->is_object()) throw std::runtime_error("no JSON object: " + std::string(text));
  return value->get_object();
}

/// All events must be understood.
inline Reply read_events(const Wire& wire, const Question& question, std::initializer_list<std::string_view> events) {
  const auto reader = wire.reader(question);
  Reply reply;
  for (const std::string_view data : events) {
    if (!reader->read_event({}, data, reply)) throw std::runtime_error("not understood: " + std::string(data));
  }
  return reply;
}

inline Reply read_body(const Wire& wire, const Question& question, std::string_view text) {
  const auto body = read_json(text);
  Reply reply;
  if (!body || !wire.reader(question)->read_body(*body, reply)) {
    throw std::runtime_error("not understood: " + std::string(text));
  }
  return reply;
}

/// "in 10 (read 2, write 3), out 5 (reasoning 1)", or "unknown".
inline std::string counts(const Reply& reply) {
  if (!reply.usage) return "unknown";
  const TokenCounts& c = *reply.usage;
  return "in " + std::to_string(c.input) + " (read " + std::to_string(c.cache_read) + ", write " +
         std::to_string(c.cache_write) + "), out " + std::to_string(c.output) + " (reasoning " +
         (c.reasoning ? std::to_string(*c.reasoning) : "?") + ")";
}

}  // namespace pflow::llm::test
