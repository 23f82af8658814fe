#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_pointer.hpp"
#include "core/base/value.hpp"
#include "core/template/path.hpp"

namespace pflow {

/// One `${...}` with its place below the parameters: {"request", "/headers/0"} for params.request.headers[0].
struct TemplateUse {
  const Path* path = nullptr;
  std::string pointer;  ///< JSON Pointer below the parameters, "/request/headers/0"
};

/// A parameter value with its `${...}` found once and for all. Immutable after construction: any thread may resolve it.
///
/// A string that is exactly one reference is `kWhole`; one with references inside text is `kText`. `$${` stands for a
/// literal `${`. What looks like a reference but is none (`${x:-y}`, `${#a}`, `${1}`) is text. Keys are never
/// templates.
class ParamTemplate {
 public:
  enum class Kind : std::uint8_t { kConstant, kWhole, kText, kArray, kObject };

  /// Part of a text: `literal`, then the reference when there is one.
  struct Piece {
    std::string literal;
    bool has_path = false;
    Path path;
  };

  ParamTemplate() = default;
  [[nodiscard]] static ParamTemplate parse(const Value& value);
  /// `value` as it is, whatever it looks like.
  [[nodiscard]] static ParamTemplate fixed(Value value) noexcept;

  /// Finds out what the references' first names mean, for all runs over stores with these names.
  void bind(const StoreNames& names);

  [[nodiscard]] Kind kind() const noexcept { return kind_; }

  [[nodiscard]] bool is_constant() const noexcept { return kind_ == Kind::kConstant; }

  [[nodiscard]] const Value& source() const noexcept { return source_; }  ///< as written

  [[nodiscard]] const Value& constant() const noexcept { return constant_; }  ///< kConstant: with `$${` unescaped

  [[nodiscard]] const Path& path() const noexcept { return pieces_.front().path; }  ///< kWhole

  [[nodiscard]] const std::vector<Piece>& pieces() const noexcept { return pieces_; }  ///< kText

  [[nodiscard]] const std::vector<ParamTemplate>& children() const noexcept { return children_; }  ///< kArray, kObject

  /// Calls `visit` for each reference, depth first, with pointers that begin with `pointer`.
  void for_each_use(const std::string& pointer, const std::function<void(const TemplateUse&)>& visit) const;

 private:
  static ParamTemplate parse_string(const Value& value);

  Kind kind_ = Kind::kConstant;
  Value source_;
  Value constant_;
  std::vector<Piece> pieces_;
  std::vector<ParamTemplate> children_;  // in the order of source_'s items or members
};

}  // namespace pflow
