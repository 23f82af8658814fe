#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/base/problem_list.hpp"
#include "core/base/value.hpp"
#include "core/ir/workflow.hpp"

/// What the decoders of this room share. Internal: other rooms include parse.hpp.
namespace pflow::ir {

/// A place in the document, as a chain up to the root; it becomes a JSON Pointer only when a problem needs one.
/// Borrows its parent and its key.
class Place {
 public:
  Place() = default;  ///< the document itself

  Place(const Place& parent, std::string_view key) noexcept : parent_(&parent), key_(key) {}

  Place(const Place& parent, std::size_t index) noexcept : parent_(&parent), index_(index), is_index_(true) {}

  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  void belongs_to(std::string_view node_id) noexcept { node_id_ = node_id; }

  [[nodiscard]] std::string pointer() const;
  [[nodiscard]] std::string_view node_id() const noexcept;  ///< of this place or the nearest one above it

 private:
  void append_to(std::string& pointer) const;

  const Place* parent_ = nullptr;
  std::string_view key_;
  std::string_view node_id_;
  std::size_t index_ = 0;
  bool is_index_ = false;
};

/// Appends problems of one document to a list, up to the limit of ProblemList.
class ProblemReport {
 public:
  ProblemReport(std::string_view source_name, Problems& problems) : list_(source_name, problems) {}

  void add(Code code, const Place& place, std::string message, std::string hint = {});

  [[nodiscard]] bool empty() const noexcept { return list_.empty(); }

  [[nodiscard]] bool full() const noexcept { return list_.full(); }  ///< more would not be kept

 private:
  ProblemList list_;
};

/// One member of an object: its key as written, and no value when it is absent.
struct Field {
  std::string_view key;
  const Value* value = nullptr;
};

struct IntegerRange {
  std::int64_t least;
  std::int64_t most;
};

struct NumberRange {
  double least;
  double most;
};

/// Reads the members of one object. What is not as it should be is reported and reads as absent.
/// Borrows everything it is given.
class ObjectReader {
 public:
  /// Reports a value that is no object (kWrongType; `what` begins the message: "a node") and each unknown key.
  ObjectReader(ProblemReport& report, const Value& value, const Place& place, std::span<const std::string_view> known,
               std::string_view what);
  ObjectReader(ProblemReport&, const Value&, const Place&&, std::span<const std::string_view>,
               std::string_view) = delete;

  [[nodiscard]] bool is_object() const noexcept { return object_ != nullptr; }

  [[nodiscard]] Field field(std::string_view key) const noexcept;
  /// The key or its alias; both at once are kDuplicateKey.
  [[nodiscard]] Field field(std::string_view key, std::string_view alias) const;
  /// The same field; an absent one is kMissingKey with this hint.
  Field required(Field field, std::string_view hint) const;

  [[nodiscard]] std::optional<std::string_view> text(Field field) const;
  [[nodiscard]] std::optional<std::string_view> non_empty_text(Field field) const;
  /// Text that is one of `words`; `label` introduces them in the hint ("Known types").
  [[nodiscard]] std::optional<std::string_view> word(Field field, std::span<const std::string_view> words,
                                                     std::string_view label) const;
  [[nodiscard]] std::optional<DataType> data_type(Field field) const;
  [[nodiscard]] std::optional<bool> boolean(Field field) const;
  [[nodiscard]] std::optional<std::int64_t> integer(Field field, IntegerRange range) const;
  [[nodiscard]] std::optional<double> number(Field field) const;
  [[nodiscard]] std::optional<double> number(Field field, NumberRange range) const;
  [[nodiscard]] const Value* object(Field field) const;
  [[nodiscard]] const Value* array(Field field) const;

  /// A problem at a field.
  void report(Code code, Field field, std::string message, std::string hint = {}) const;
  void report_wrong_type(Field field, std::string_view expected) const;  ///< `expected`: "a string"

 private:
  ProblemReport& report_;
  const Value* object_ = nullptr;
  const Place& place_;
};

/// kInvalidValue unless a template can say `name` and it is not reserved. `what` is "node id" or the like.
bool check_name(ProblemReport& report, const Place& place, std::string_view name, std::string_view what);

}  // namespace pflow::ir
