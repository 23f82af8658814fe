#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_write.hpp"
#include "core/base/object_builder.hpp"
#include "tests/core/json_literal.hpp"

/// Traces made from the page of the format alone, beside what they mean.
namespace pflow::trace_fixture {

inline constexpr std::string_view kHead =
    R"({"format":"pflow-trace","format_version":"1.0.0","kind":"workflow","execution_id":"0b8f0e0c-5c1e-4f0e-9a51-2d1f0c7d9d11",)"
    R"("workflow_id":"news","workflow_name":"News","start_time":"2026-10-02T14:03:05+02:00","host":{"version":"1"},)"
    R"("plugins":[],"inputs":{"city":"Oslo"},"nodes":[)";
inline constexpr std::string_view kTail =
    R"(],"end_time":"2026-10-02T14:03:09+02:00","duration_ms":4000.5,"final_status":"success","nodes_executed":2,)"
    R"("nodes_failed":0,"llm_summary":{"calls":1,"cost_usd":0.0127,"cost_incomplete":false,"input_tokens":4000,)"
    R"("output_tokens":500,"total_tokens":4500,"models":["m"]},"redactions":0,"truncations":0}
)";

/// What a run that was killed between two writes leaves.
inline constexpr std::string_view kOpenEnd = "\n]}\n";

inline std::string file_of(const std::vector<std::string>& events, std::string_view end = kTail) {
  std::string text(kHead);
  for (std::size_t i = 0; i < events.size(); ++i)
    text += (i == 0 ? "\n" : ",\n") + events[i];
  if (end == kTail) text += '\n';
  return text += end;
}

inline std::string quoted(std::string_view text) {
  std::string out;
  write_json_string(text, out);
  return out;
}

/// An event with nothing in it but what lists show. `more` is members to add: `,"llm_call":{...}`.
inline std::string event(int seq, std::string_view node, std::string_view more = "") {
  return R"({"seq":)" + std::to_string(seq) + R"(,"node_id":)" + quoted(node) +
         R"(,"node_type":"echo","plugin":"echo","start_ms":)" + std::to_string((seq - 1) * 10) +
         R"(,"duration_ms":5.5,"success":true,"action":"default","error":null,"attempt":1,"visit":1,"batch_index":null)" +
         R"(,"parent":null)" + std::string(more) + "}";
}

/// Nodes that commit at random, told as a trace tells them, and every snapshot as it really was.
class RandomRun {
 public:
  enum class Mode : unsigned char { kFull, kDelta };

  RandomRun(std::uint32_t seed, int count, Mode mode) : random_(seed) {
    for (int i = 0; i < count; ++i)
      step(i, mode);
  }

  std::vector<std::string> events;
  std::vector<Value> before;
  std::vector<Value> after;
  std::vector<Value> params;

 private:
  using Store = std::map<std::string, std::map<std::string, Value>>;

  struct Known {
    std::string pointer;
    Value value;
  };

  std::uint32_t pick(std::uint32_t n) { return static_cast<std::uint32_t>(random_()) % n; }

  static std::string escaped(std::string_view name, bool doubled) {
    std::string out;
    if (doubled && name.starts_with('$')) out += '$';
    for (const char c : name)
      out += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
    return out;
  }

  // As it stands in a file: the user's $ keys doubled.
  static std::string written(const Value& v) {
    if (v.is_array()) {
      std::string out = "[";
      for (const Value& item : v.items())
        out += (out.size() > 1 ? "," : "") + written(item);
      return out + "]";
    }
    if (!v.is_object()) return to_json(v);
    std::string out = "{";
    for (const Member& m : v.members()) {
      const std::string name = (m.name().starts_with('$') ? "$" : "") + std::string(m.name());
      out += (out.size() > 1 ? "," : "") + quoted(name) + ":" + written(m.value);
    }
    return out + "}";
  }

  Value value(int level) {
    switch (pick(level > 2 ? 4 : 6)) {
      case 0:
        return Value::integer(static_cast<std::int64_t>(pick(100)));
      case 1:
        return Value();
      case 2:
        return Value::string("caf\xC3\xA9 \"quoted\" ] } [ {\n");
      case 3:
        return Value::string(std::string(300, static_cast<char>('a' + pick(26))));
      case 4: {
        std::vector<Value> items;
        for (std::uint32_t i = 0; i < pick(4); ++i)
          items.push_back(value(level + 1));
        return Value::array(items);
      }
      default: {
        ObjectBuilder object;
        constexpr std::string_view kNames[] = {"$ref", "$base", "set", "$$x", "a/b~c", ""};
        for (const std::string_view name : kNames) {
          if (pick(3) == 0) object.add(name, value(level + 1));
        }
        return object.finish();
      }
    }
  }

  static Value whole(const Store& store) {
    ObjectBuilder root;
    for (const auto& [node, outputs] : store) {
      ObjectBuilder one;
      for (const auto& [name, v] : outputs)
        one.add(name, v);
      root.add(node, one.finish());
    }
    return root.finish();
  }

  void step(int i, Mode mode) {
    constexpr std::string_view kNodes[] = {"a", "set", "b/c", "$d", "fetch"};
    constexpr std::string_view kOutputs[] = {"response", "set", "$x", "a~b", "0"};
    const std::string place = "/nodes/" + std::to_string(i);
    const bool in_full = mode == Mode::kFull || i == 0;
    before.push_back(whole(store_));
    const std::string node(kNodes[pick(5)]);
    std::string set;
    std::string removed;
    std::vector<Known> fresh;
    for (const std::string_view output : kOutputs) {
      const std::string name(output);
      const std::string pointer = "/" + escaped(node, false) + "/" + escaped(name, false);
      if (pick(4) == 0) {
        const Value v = value(0);
        store_[node][name] = v;
        set += (set.empty() ? "" : ",") + quoted(pointer) + ":" + written(v);
        const std::string set_pointer = "/set/" + escaped(pointer, false);
        const std::string own = "/" + escaped(node, true) + "/" + escaped(name, true);
        // Both are ways to that place: as the file is written, and as the snapshot reads.
        fresh.push_back({place + "/shared_after" + (in_full || pick(2) == 0 ? own : set_pointer), v});
      } else if (pick(6) == 0 && store_.count(node) != 0 && store_[node].erase(name) != 0) {
        removed += (removed.empty() ? "" : ",") + quoted(pointer);
      }
    }
    if (store_.count(node) != 0 && store_[node].empty()) {
      store_.erase(node);
      removed = quoted("/" + escaped(node, false));
    }
    after.push_back(whole(store_));

    std::string members = ",\"shared_before\":";
    std::string params_text = written(value(0));
    Value params_value = value(3);
    params_text = written(params_value);
    if (mode == Mode::kDelta && !known_.empty() && pick(2) == 0) {
      const Known& k = known_[pick(static_cast<std::uint32_t>(known_.size()))];
      params_text = R"({"deep":[{"$ref":)" + quoted(k.pointer) + "}]}";
      std::vector<Value> list{k.value};
      params_value = ObjectBuilder().add("deep", Value::array(list)).finish();
    }
    params.push_back(params_value);
    if (in_full) {
      members += written(before.back()) + ",\"shared_after\":" + written(after.back());
    } else {
      members += R"({"$ref":"/nodes/)" + std::to_string(i - 1) + R"(/shared_after"},"shared_after":{"$base":")" +
                 place + R"(/shared_before","set":{)" + set + R"(},"remove":[)" + removed + "]}";
    }
    members += ",\"params\":" + params_text;
    events.push_back(event(i + 1, node, members));
    known_.insert(known_.end(), fresh.begin(), fresh.end());
  }

  std::mt19937 random_;
  Store store_;
  std::vector<Known> known_;
};

/// The same members, in whatever order.
inline bool same(const Value& a, const Value& b) {
  if (a.is_object() && b.is_object()) {
    if (a.size() != b.size()) return false;
    for (const Member& m : a.members()) {
      const Value* other = b.find(m.name());
      if (other == nullptr || !same(m.value, *other)) return false;
    }
    return true;
  }
  if (a.is_array() && b.is_array()) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!same(a.items()[i], b.items()[i])) return false;
    }
    return true;
  }
  return a == b;
}

}  // namespace pflow::trace_fixture
