#pragma once

#include <charconv>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"
#include "core/base/value.hpp"

namespace pflow::test {

/// A trace file as docs/trace.md tells to read it; throws on whatever is not as it says.
class ReadTrace {
 public:
  explicit ReadTrace(std::string_view text) {
    JsonLimits limits;
    limits.max_depth = 600;
    Result<Value> root = read_json(text, "trace", limits);
    if (!root) throw std::runtime_error(root.error().where + ": " + root.error().message);
    root_ = std::move(root).value();
  }

  [[nodiscard]] const Value& root() const { return root_; }

  [[nodiscard]] std::size_t events() const { return root_.find("nodes")->size(); }

  [[nodiscard]] const Value& event(std::size_t i) const { return root_.find("nodes")->items()[i]; }

  /// What stands at a place of the file, as it is written there.
  [[nodiscard]] const Value& at(std::string_view pointer) const {
    const Value* v = &root_;
    while (!pointer.empty()) {
      if (pointer.front() != '/') throw std::runtime_error("no pointer: " + std::string(pointer));
      const std::string step = take_step(pointer);
      v = v->is_array() ? item(*v, step) : v->find(step);
      if (v == nullptr) throw std::runtime_error("leads nowhere at " + step);
    }
    return *v;
  }

  /// `v` with references and changes filled in and keys as the user had them.
  [[nodiscard]] Value expanded(const Value& v) {
    if (v.is_array()) {
      std::vector<Value> items;
      for (const Value& i : v.items())
        items.push_back(expanded(i));
      return Value::array(items);
    }
    if (!v.is_object()) return v;
    if (const Value* ref = v.find("$ref")) return expanded_at(std::string(ref->text()));
    if (const Value* base = v.find("$base")) return changed(expanded_at(std::string(base->text())), v);
    std::vector<Member> members;
    for (const Member& m : v.members()) {
      std::string_view name = m.name();
      if (name.starts_with("$$")) name.remove_prefix(1);
      members.push_back({Value::string(name), expanded(m.value)});
    }
    return Value::object(members);
  }

  [[nodiscard]] Value expanded(std::size_t event_index, std::string_view member) {
    return expanded(*event(event_index).find(member));
  }

  [[nodiscard]] std::size_t references() const { return count_references(root_); }

 private:
  static std::string take_step(std::string_view& pointer) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    std::string step;
    for (std::size_t i = 0; i < end; ++i)
      step += pointer[i] != '~' ? pointer[i] : pointer[++i] == '0' ? '~' : '/';
    pointer.remove_prefix(end);
    return step;
  }

  static const Value* item(const Value& array, const std::string& step) {
    std::size_t i = 0;
    const auto [end, ec] = std::from_chars(step.data(), step.data() + step.size(), i);
    return ec == std::errc() && end == step.data() + step.size() && i < array.size() ? &array.items()[i] : nullptr;
  }

  Value expanded_at(const std::string& pointer) {
    if (const auto known = known_.find(pointer); known != known_.end()) return known->second;
    if (++depth_ > 5000) throw std::runtime_error("references lead round");
    Value v = expanded(at(pointer));
    --depth_;
    known_[pointer] = v;
    return v;
  }

  // `place` is one or two steps deep: a key of the root, or of a node's outputs.
  static Value put(const Value& object, std::string_view place, const Value* v) {
    const std::string step = take_step(place);
    std::vector<Member> members;
    bool found = false;
    for (const Member& m : object.members()) {
      if (m.name() != step) {
        members.push_back(m);
        continue;
      }
      found = true;
      if (!place.empty()) {
        members.push_back({m.key, put(m.value, place, v)});
      } else if (v != nullptr) {
        members.push_back({m.key, *v});
      }
    }
    if (!found && (v == nullptr || !place.empty())) throw std::runtime_error("changes what is not there: " + step);
    if (!found) members.push_back({Value::string(step), *v});
    return Value::object(members);
  }

  Value changed(Value base, const Value& change) {
    for (const Value& place : change.find("remove")->items())
      base = put(base, place.text(), nullptr);
    for (const Member& m : change.find("set")->members()) {
      const Value v = expanded(m.value);
      base = put(base, m.name(), &v);
    }
    return base;
  }

  static std::size_t count_references(const Value& v) {
    std::size_t n = 0;
    if (v.is_array()) {
      for (const Value& i : v.items())
        n += count_references(i);
    } else if (v.is_object()) {
      n += v.find("$ref") != nullptr ? 1u : 0u;
      for (const Member& m : v.members())
        n += count_references(m.value);
    }
    return n;
  }

  Value root_;
  std::map<std::string, Value> known_;
  int depth_ = 0;
};

/// JSON with the keys of every object sorted: the same for values that differ in their keys' order alone.
inline std::string canonical(const Value& v) {
  std::string out;
  if (v.is_array()) {
    for (const Value& i : v.items())
      out += canonical(i) + ",";
    return "[" + out + "]";
  }
  if (!v.is_object()) return to_json(v);
  std::map<std::string, std::string> members;
  for (const Member& m : v.members())
    members[std::string(m.name())] = canonical(m.value);
  for (const auto& [name, text] : members)
    out += to_json(Value::string(name)) + ":" + text + ",";
  return "{" + out + "}";
}

}  // namespace pflow::test
