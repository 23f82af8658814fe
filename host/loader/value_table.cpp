#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <unordered_set>
#include <vector>

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"
#include "core/base/utf8.hpp"
#include "host/loader/plugin_call.hpp"

// The value half of the host's tables. Every function is entered from foreign code: it trusts no argument and throws
// nothing.
namespace pflow::host {
namespace {

// Runs `make` on an open call and keeps its value; NULL when the call has ended, the value is refused or memory is
// short.
template <typename Make>
const pflow_value* keep(pflow_call* c, Make&& make) noexcept {
  if (c == nullptr) return nullptr;
  try {
    const std::lock_guard lock(c->mutex);
    if (c->state != CallState::kOpen) return nullptr;
    std::string problem;
    std::optional<Value> v = make(problem);
    if (!v) {
      c->last_problem = std::move(problem);
      return nullptr;
    }
    c->values.push_back(std::move(*v));
    return handle(&c->values.back());
  } catch (const std::exception&) {
    return nullptr;
  }
}

pflow_type PFLOW_CALL type_of(const pflow_value* h) noexcept {
  if (h == nullptr) return PFLOW_T_NULL;
  switch (value_of(h)->type()) {
    case Value::Type::kNull:
      return PFLOW_T_NULL;
    case Value::Type::kBool:
      return PFLOW_T_BOOL;
    case Value::Type::kInt:
    case Value::Type::kUint:
      return PFLOW_T_INT;
    case Value::Type::kFloat:
      return PFLOW_T_FLOAT;
    case Value::Type::kString:
      return PFLOW_T_STRING;
    case Value::Type::kBytes:
      return PFLOW_T_BYTES;
    case Value::Type::kArray:
      return PFLOW_T_ARRAY;
    case Value::Type::kObject:
      return PFLOW_T_OBJECT;
  }
  return PFLOW_T_NULL;
}

pflow_status PFLOW_CALL get_bool(const pflow_value* h, std::int32_t* out) noexcept {
  if (h == nullptr || out == nullptr) return PFLOW_E_INVALID;
  if (value_of(h)->type() != Value::Type::kBool) return PFLOW_E_TYPE;
  *out = value_of(h)->as_bool() ? 1 : 0;
  return PFLOW_OK;
}

pflow_status PFLOW_CALL get_int(const pflow_value* h, std::int64_t* out) noexcept {
  if (h == nullptr || out == nullptr) return PFLOW_E_INVALID;
  const Value& v = *value_of(h);
  if (v.type() == Value::Type::kInt) {
    *out = v.as_int();
    return PFLOW_OK;
  }
  if (v.type() != Value::Type::kFloat) return PFLOW_E_TYPE;
  const double d = v.as_float();
  if (std::trunc(d) != d || d < -0x1p63 || d >= 0x1p63) return PFLOW_E_TYPE;
  *out = static_cast<std::int64_t>(d);
  return PFLOW_OK;
}

pflow_status PFLOW_CALL get_uint(const pflow_value* h, std::uint64_t* out) noexcept {
  if (h == nullptr || out == nullptr) return PFLOW_E_INVALID;
  const Value& v = *value_of(h);
  if (v.type() == Value::Type::kUint) {
    *out = v.as_uint();
    return PFLOW_OK;
  }
  if (v.type() == Value::Type::kFloat) {
    const double d = v.as_float();
    if (std::trunc(d) != d || d < 0 || d >= 0x1p64) return PFLOW_E_TYPE;
    *out = static_cast<std::uint64_t>(d);
    return PFLOW_OK;
  }
  if (v.type() != Value::Type::kInt || v.as_int() < 0) return PFLOW_E_TYPE;
  *out = static_cast<std::uint64_t>(v.as_int());
  return PFLOW_OK;
}

pflow_status PFLOW_CALL get_float(const pflow_value* h, double* out) noexcept {
  if (h == nullptr || out == nullptr) return PFLOW_E_INVALID;
  if (!value_of(h)->is_number()) return PFLOW_E_TYPE;
  *out = value_of(h)->as_double();
  return PFLOW_OK;
}

pflow_status PFLOW_CALL get_str(const pflow_value* h, pflow_str* out) noexcept {
  if (h == nullptr || out == nullptr) return PFLOW_E_INVALID;
  const Value& v = *value_of(h);
  if (!v.is_string() && v.type() != Value::Type::kBytes) return PFLOW_E_TYPE;
  *out = str(v.text());
  return PFLOW_OK;
}

std::size_t PFLOW_CALL length(const pflow_value* h) noexcept {
  return h == nullptr ? 0 : value_of(h)->size();
}

const pflow_value* PFLOW_CALL get(const pflow_value* h, pflow_str key) noexcept {
  return h == nullptr ? nullptr : handle(value_of(h)->find(view(key)));
}

const pflow_value* PFLOW_CALL at(const pflow_value* h, std::size_t index) noexcept {
  if (h == nullptr || index >= value_of(h)->size()) return nullptr;
  const Value& v = *value_of(h);
  if (v.is_array()) return handle(&v.items()[index]);
  if (v.is_object()) return handle(&v.members()[index].value);
  return nullptr;
}

pflow_status PFLOW_CALL key_at(const pflow_value* h, std::size_t index, pflow_str* out) noexcept {
  if (h == nullptr || out == nullptr) return PFLOW_E_INVALID;
  const Value& v = *value_of(h);
  if (!v.is_object()) return PFLOW_E_TYPE;
  if (index >= v.size()) return PFLOW_E_NOT_FOUND;
  *out = str(v.members()[index].name());
  return PFLOW_OK;
}

pflow_status PFLOW_CALL to_json_text(pflow_call* c, const pflow_value* h, pflow_str* out) noexcept {
  if (h == nullptr || out == nullptr) return PFLOW_E_INVALID;
  const pflow_value* text = keep(c, [h](std::string&) { return std::optional(Value::string(to_json(*value_of(h)))); });
  return text == nullptr ? PFLOW_E_INVALID : get_str(text, out);
}

const pflow_value* PFLOW_CALL from_json(pflow_call* c, pflow_str text) noexcept {
  return keep(c, [&](std::string& problem) -> std::optional<Value> {
    Result<Value> v = read_json(view(text), "text", {.max_depth = kMaxValueDepth});
    if (v) return std::move(v).value();
    problem = fmt::format("from_json: {} ({})", v.error().message, v.error().where);
    return std::nullopt;
  });
}

const pflow_value* PFLOW_CALL make_bool(pflow_call* c, std::int32_t b) noexcept {
  return keep(c, [b](std::string&) { return std::optional(Value::boolean(b != 0)); });
}

const pflow_value* PFLOW_CALL make_int(pflow_call* c, std::int64_t i) noexcept {
  return keep(c, [i](std::string&) { return std::optional(Value::integer(i)); });
}

const pflow_value* PFLOW_CALL make_uint(pflow_call* c, std::uint64_t u) noexcept {
  return keep(c, [u](std::string&) { return std::optional(Value::integer(u)); });
}

const pflow_value* PFLOW_CALL make_float(pflow_call* c, double d) noexcept {
  return keep(c, [d](std::string& problem) -> std::optional<Value> {
    if (std::isfinite(d)) return Value::number(d);
    problem = "make_float: NaN and infinity are no JSON numbers";
    return std::nullopt;
  });
}

const pflow_value* PFLOW_CALL make_str(pflow_call* c, pflow_str s) noexcept {
  return keep(c, [s](std::string& problem) -> std::optional<Value> {
    const std::size_t valid = valid_utf8_prefix(view(s));
    if (valid == view(s).size()) return Value::string(view(s));
    problem = fmt::format("make_str: the text is not UTF-8 at byte {}", valid);
    return std::nullopt;
  });
}

const pflow_value* PFLOW_CALL make_bytes(pflow_call* c, pflow_str s) noexcept {
  return keep(c, [s](std::string&) { return std::optional(Value::bytes(view(s))); });
}

std::optional<Value> too_deep(std::string& problem) {
  problem = fmt::format("a value would be nested more than {} levels deep", kMaxValueDepth);
  return std::nullopt;
}

const pflow_value* PFLOW_CALL make_array(pflow_call* c, const pflow_value* const* items, std::size_t n) noexcept {
  if (items == nullptr && n != 0) return nullptr;
  return keep(c, [&](std::string& problem) -> std::optional<Value> {
    std::vector<Value> list;
    list.reserve(n);
    for (std::size_t i = 0; i < n; ++i) {
      if (items[i] == nullptr) {
        // A NULL that an earlier function gave: its reason is the one to tell, and nested ones would grow without end.
        problem = c->last_problem.empty() ? fmt::format("make_array: item {} is NULL", i) : c->last_problem;
        return std::nullopt;
      }
      list.push_back(*value_of(items[i]));
      if (list.back().depth() >= kMaxValueDepth) return too_deep(problem);
    }
    return Value::array(list);
  });
}

const pflow_value* PFLOW_CALL make_object(pflow_call* c, const pflow_str* keys, const pflow_value* const* vals,
                                          std::size_t n) noexcept {
  if ((keys == nullptr || vals == nullptr) && n != 0) return nullptr;
  return keep(c, [&](std::string& problem) -> std::optional<Value> {
    std::vector<Member> members;
    members.reserve(n);
    std::unordered_set<std::string_view> seen;
    for (std::size_t i = 0; i < n; ++i) {
      const std::string_view name = view(keys[i]);
      if (vals[i] == nullptr || !is_utf8(name) || !seen.insert(name).second) {
        problem = fmt::format("make_object: member {} {}", i,
                              vals[i] == nullptr ? "is NULL"
                              : is_utf8(name)    ? "repeats a key"
                                                 : "has a key that is not UTF-8");
        return std::nullopt;
      }
      members.push_back({Value::string(name), *value_of(vals[i])});
      if (members.back().value.depth() >= kMaxValueDepth) return too_deep(problem);
    }
    return Value::object(members);
  });
}

pflow_buffer* PFLOW_CALL buffer_new(pflow_call* c, std::size_t expected_bytes) noexcept {
  if (c == nullptr) return nullptr;
  try {
    const std::lock_guard lock(c->mutex);
    if (c->state != CallState::kOpen) return nullptr;
    auto buffer = std::make_unique<pflow_buffer>();
    buffer->owner = c;
    buffer->text.emplace(expected_bytes);
    c->buffers.push_back(std::move(buffer));
    return c->buffers.back().get();
  } catch (const std::exception&) {
    return nullptr;
  }
}

pflow_status PFLOW_CALL buffer_append(pflow_buffer* b, pflow_str bytes) noexcept {
  if (b == nullptr) return PFLOW_E_INVALID;
  try {
    const std::lock_guard lock(b->owner->mutex);
    if (b->owner->state != CallState::kOpen || !b->text) return PFLOW_E_INVALID;
    b->text->append(view(bytes));
    return PFLOW_OK;
  } catch (const std::exception&) {
    return PFLOW_E_NOMEM;
  }
}

const pflow_value* PFLOW_CALL buffer_finish(pflow_buffer* b) noexcept {
  if (b == nullptr) return nullptr;
  return keep(b->owner, [b](std::string&) { return std::optional(b->text->finish()); });
}

constexpr pflow_value_api kValueApi{
    sizeof(pflow_value_api),
    0,
    type_of,
    get_bool,
    get_int,
    get_float,
    get_str,
    length,
    get,
    at,
    key_at,
    to_json_text,
    from_json,
    make_bool,
    make_int,
    make_float,
    make_str,
    make_bytes,
    make_array,
    make_object,
    get_uint,
    make_uint,
    buffer_new,
    buffer_append,
    buffer_finish,
};

}  // namespace

const pflow_value_api& value_api() noexcept {
  return kValueApi;
}

}  // namespace pflow::host
