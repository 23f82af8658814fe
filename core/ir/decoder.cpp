#include "core/ir/decoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/json_pointer.hpp"
#include "core/base/json_write.hpp"
#include "core/base/name.hpp"
#include "core/base/suggest.hpp"
#include "core/ir/parse.hpp"
#include "core/ir/wording.hpp"

namespace pflow::ir {

void Place::append_to(std::string& pointer) const {
  if (parent_ == nullptr) return;
  parent_->append_to(pointer);
  if (is_index_) {
    pointer += fmt::format("/{}", index_);
  } else {
    append_pointer_step(key_, pointer);
  }
}

std::string Place::pointer() const {
  std::string out;
  append_to(out);
  return out;
}

std::string_view Place::node_id() const noexcept {
  const Place* at = this;
  while (at->node_id_.empty() && at->parent_ != nullptr)
    at = at->parent_;
  return at->node_id_;
}

void ProblemReport::add(Code code, const Place& place, std::string message, std::string hint) {
  if (full()) return;
  list_.add({.code = code,
             .message = std::move(message),
             .where = document_place(list_.source_name(), place.pointer()),
             .hint = std::move(hint),
             .node_id = std::string(place.node_id())});
}

ObjectReader::ObjectReader(ProblemReport& report, const Value& value, const Place& place,
                           std::span<const std::string_view> known, std::string_view what)
    : report_(report), object_(value.is_object() ? &value : nullptr), place_(place) {
  if (object_ == nullptr) {
    report_.add(Code::kWrongType, place_, fmt::format("{} must be an object, not {}", what, phrase(value.type())));
    return;
  }
  for (const Member& m : value.members()) {
    if (report_.full()) return;
    if (std::find(known.begin(), known.end(), m.name()) != known.end()) continue;
    report_.add(Code::kUnknownKey, Place(place_, m.name()), fmt::format("unknown key {}", quoted(m.name())),
                did_you_mean(m.name(), {known.begin(), known.end()}, "Known keys"));
  }
}

Field ObjectReader::field(std::string_view key) const noexcept {
  return {key, object_ == nullptr ? nullptr : object_->find(key)};
}

Field ObjectReader::field(std::string_view key, std::string_view alias) const {
  const Field by_key = field(key);
  const Field by_alias = field(alias);
  if (by_alias.value == nullptr) return by_key;
  if (by_key.value == nullptr) return by_alias;
  report(Code::kDuplicateKey, by_alias, fmt::format("\"{}\" and its alias \"{}\" are both given", key, alias),
         fmt::format("Keep \"{}\".", key));
  return by_key;
}

Field ObjectReader::required(Field field, std::string_view hint) const {
  if (object_ != nullptr && field.value == nullptr) {
    report_.add(Code::kMissingKey, place_, fmt::format("missing key \"{}\"", field.key), std::string(hint));
  }
  return field;
}

std::optional<std::string_view> ObjectReader::text(Field field) const {
  if (field.value == nullptr) return std::nullopt;
  if (field.value->is_string()) return field.value->text();
  report_wrong_type(field, "a string");
  return std::nullopt;
}

std::optional<std::string_view> ObjectReader::non_empty_text(Field field) const {
  const std::optional<std::string_view> got = text(field);
  if (!got || !got->empty()) return got;
  report(Code::kInvalidValue, field, fmt::format("\"{}\" is empty", field.key));
  return std::nullopt;
}

std::optional<std::string_view> ObjectReader::word(Field field, std::span<const std::string_view> words,
                                                   std::string_view label) const {
  const std::optional<std::string_view> got = text(field);
  if (!got || std::find(words.begin(), words.end(), *got) != words.end()) return got;
  report(Code::kInvalidValue, field, fmt::format("unknown {} {}", field.key, quoted(*got)),
         did_you_mean(*got, {words.begin(), words.end()}, label));
  return std::nullopt;
}

std::optional<DataType> ObjectReader::data_type(Field field) const {
  const std::optional<std::string_view> name = word(field, data_type_words(), "Known types");
  return name ? data_type_from(*name) : std::nullopt;
}

std::optional<bool> ObjectReader::boolean(Field field) const {
  if (field.value == nullptr) return std::nullopt;
  if (field.value->type() == Value::Type::kBool) return field.value->as_bool();
  report_wrong_type(field, "a boolean");
  return std::nullopt;
}

std::optional<std::int64_t> ObjectReader::integer(Field field, IntegerRange range) const {
  if (field.value == nullptr) return std::nullopt;
  if (!field.value->is_integer()) {
    report_wrong_type(field, "an integer");
    return std::nullopt;
  }
  const bool small = field.value->type() == Value::Type::kInt;
  if (small && field.value->as_int() >= range.least && field.value->as_int() <= range.most) {
    return field.value->as_int();
  }
  report(
      Code::kInvalidValue, field,
      fmt::format("\"{}\" must be from {} to {}, not {}", field.key, range.least, range.most, to_json(*field.value)));
  return std::nullopt;
}

std::optional<double> ObjectReader::number(Field field) const {
  if (field.value == nullptr) return std::nullopt;
  if (field.value->is_number()) return field.value->as_double();
  report_wrong_type(field, "a number");
  return std::nullopt;
}

std::optional<double> ObjectReader::number(Field field, NumberRange range) const {
  const std::optional<double> got = number(field);
  if (!got || (*got >= range.least && *got <= range.most)) return got;
  report(
      Code::kInvalidValue, field,
      fmt::format("\"{}\" must be from {} to {}, not {}", field.key, range.least, range.most, to_json(*field.value)));
  return std::nullopt;
}

const Value* ObjectReader::object(Field field) const {
  if (field.value == nullptr || field.value->is_object()) return field.value;
  report_wrong_type(field, "an object");
  return nullptr;
}

const Value* ObjectReader::array(Field field) const {
  if (field.value == nullptr || field.value->is_array()) return field.value;
  report_wrong_type(field, "an array");
  return nullptr;
}

void ObjectReader::report(Code code, Field field, std::string message, std::string hint) const {
  report_.add(code, Place(place_, field.key), std::move(message), std::move(hint));
}

void ObjectReader::report_wrong_type(Field field, std::string_view expected) const {
  report(Code::kWrongType, field,
         fmt::format("\"{}\" must be {}, not {}", field.key, expected, phrase(field.value->type())));
}

bool check_name(ProblemReport& report, const Place& place, std::string_view name, std::string_view what) {
  if (!is_name(name)) {
    report.add(Code::kInvalidValue, place, fmt::format("the {} {} cannot be used in a template", what, quoted(name)),
               std::string(kNameRule));
    return false;
  }
  if (is_reserved_name(name)) {
    report.add(Code::kInvalidValue, place, fmt::format("the {} {} is reserved", what, quoted(name)),
               std::string(kReservedRule));
    return false;
  }
  return true;
}

}  // namespace pflow::ir
