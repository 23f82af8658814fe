#include "core/template/lookup.hpp"

#include <fmt/format.h>

#include "core/base/json_read.hpp"
#include "core/base/suggest.hpp"
#include "core/base/wording.hpp"

namespace pflow {
namespace {

Lookup missing(std::string problem, std::string hint) {
  Lookup l;
  l.problem = std::move(problem);
  l.hint = std::move(hint);
  return l;
}

Value namespace_object(const ValueMap& outputs) {
  std::vector<Member> members;
  members.reserve(outputs.entries().size());
  for (const auto& [key, value] : outputs.entries())
    members.push_back({Value::string(key), value});
  return Value::object(members);
}

// A string that holds JSON becomes that JSON; anything else stays.
Value opened(const Value& v, JsonTextCache* cache) {
  if (!v.is_string() || v.size() > kMaxJsonTextBytes || !looks_like_json_container(v.text())) return v;
  if (cache != nullptr && cache->text.is_string() && cache->text.same_content(v)) return cache->parsed;
  Result<Value> parsed = read_json(v.text(), "text");
  if (!parsed) return v;
  if (cache != nullptr) *cache = {v, *parsed};
  return std::move(parsed).value();
}

// Why a path cannot step into this text.
std::string text_hint(const Value& text) {
  if (!looks_like_json_container(text.text())) return "Its text is not JSON.";
  if (text.size() > kMaxJsonTextBytes) return "Its text is longer than 10 MiB and is not read as JSON.";
  const Result<Value> parsed = read_json(text.text(), "");
  if (parsed) return "";
  return fmt::format("Its text cannot be read ({}): {}.", parsed.error().where.substr(1), parsed.error().message);
}

std::string walked(const Path& path, std::size_t steps) {
  std::string out = path.head;
  for (std::size_t i = 0; i < steps; ++i) {
    const PathStep& step = path.steps[i];
    out += step.is_index() ? fmt::format("[{}]", step.index) : "." + step.key;
  }
  return out;
}

Lookup missing_key(const Path& path, std::size_t done, const Value& at) {
  const std::string place = walked(path, done);
  const PathStep& step = path.steps[done];
  if (step.is_index()) {
    if (at.is_array()) {
      return missing(fmt::format("\"{}\" has no item {}", place, step.index),
                     fmt::format("It has {} item{}.", at.size(), at.size() == 1 ? "" : "s"));
    }
    return missing(fmt::format("\"{}\" is {} and has no items", place, with_article(type_name(at))),
                   at.is_string() ? text_hint(at) : "");
  }
  if (at.is_object()) {
    std::vector<std::string_view> names;
    for (const Member& m : at.members())
      names.push_back(m.name());
    return missing(fmt::format("\"{}\" has no \"{}\"", place, step.key),
                   did_you_mean(step.key, names, fmt::format("Keys of {}", place)));
  }
  std::string hint;
  if (at.is_array()) hint = fmt::format("It is a list of {}; write {}[0] for the first.", at.size(), place);
  if (at.is_string()) hint = text_hint(at);
  return missing(fmt::format("\"{}\" is {} and has no \"{}\"", place, with_article(type_name(at)), step.key), hint);
}

}  // namespace

Lookup look_up(const Scope& scope, const Path& path, JsonTextCache* cache) {
  const bool known = path.bound.kind != NameBinding::Kind::kUnknown;
  Scope::Found found = known ? scope.find(path.head, path.bound) : scope.find(path.head);
  Value held;  // keeps a value alive that is in no store while the walk is inside it
  if (!found) {
    const HostValues* host = is_host_name(path.head) ? scope.store().host_values() : nullptr;
    if (host != nullptr) {
      std::vector<std::string_view> keys;
      for (const PathStep& s : path.steps)
        keys.emplace_back(s.key);
      held = host->value(path.head, keys);
      found.value = &held;
    }
  }
  if (!found) {
    return missing(fmt::format("there is no \"{}\"", path.head),
                   did_you_mean(path.head, scope.known_names(), "Available"));
  }
  const Value* at = found.value;
  std::size_t step = 0;
  if (found.outputs != nullptr) {
    if (!scope.store().has_run(found.node)) {
      return missing(fmt::format("node \"{}\" has not run yet", path.head),
                     "Its outputs exist only after it ran; check the edges that lead here.");
    }
    if (path.steps.empty()) {
      Lookup l;
      l.value = namespace_object(*found.outputs);
      l.found = l.value.depth() <= kMaxValueDepth;
      if (l.found) return l;
      l = missing(
          fmt::format("the outputs of \"{}\" would be nested more than {} levels deep", path.head, kMaxValueDepth),
          "Read the one that is needed, by its name.");
      l.code = Code::kTooDeep;
      return l;
    }
    at = path.steps.front().is_index() ? nullptr : found.outputs->find(path.steps.front().key);
    if (at == nullptr) return missing_key(path, 0, namespace_object(*found.outputs));
    step = 1;
  }
  for (; step < path.steps.size(); ++step) {
    const PathStep& s = path.steps[step];
    const Value* next = nullptr;
    if (at->is_string()) {
      held = opened(*at, cache);
      at = &held;
    }
    if (s.is_index()) {
      if (at->is_array() && s.index < at->size()) next = &at->items()[s.index];
    } else {
      next = at->find(s.key);
    }
    if (next == nullptr) return missing_key(path, step, *at);
    if (at == &held) {
      Value inside = *next;
      held = std::move(inside);
      at = &held;
    } else {
      at = next;
    }
  }
  Lookup l;
  l.found = true;
  l.value = *at;
  return l;
}

}  // namespace pflow
