#include "core/base/value.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "core/base/utf8.hpp"

namespace pflow {

struct Value::Rep {
  std::atomic<std::uint32_t> refs{1};
  std::uint32_t depth = 0;
};

struct Value::TextRep : Rep {
  std::size_t size = 0;

  char* data() noexcept { return reinterpret_cast<char*>(this + 1); }
};

struct Value::ArrayRep : Rep {
  std::size_t size = 0;

  Value* items() noexcept { return reinterpret_cast<Value*>(this + 1); }
};

struct Value::ObjectRep : Rep {
  std::size_t size = 0;
  std::uint32_t* by_name = nullptr;  // positions sorted by name; only for objects that are too wide to scan
  std::uint64_t reserved = 0;        // keeps the members after it aligned to 16 bytes

  Member* members() noexcept { return reinterpret_cast<Member*>(this + 1); }
};

namespace {

constexpr std::size_t kScanLimit = 12;  // members up to which a linear look-up beats a binary search

void* allocate(std::size_t bytes) {
  void* p = std::malloc(bytes);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

}  // namespace

void Value::retain() const noexcept {
  if (counted()) payload_.rep->refs.fetch_add(1, std::memory_order_relaxed);
}

void Value::release() noexcept {
  Rep* rep = payload_.rep;
  if (rep->refs.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (type_ == Type::kArray) {
    auto* array = static_cast<ArrayRep*>(rep);
    std::destroy_n(array->items(), array->size);
  } else if (type_ == Type::kObject) {
    auto* object = static_cast<ObjectRep*>(rep);
    std::destroy_n(object->members(), object->size);
    std::free(object->by_name);
  }
  std::free(rep);
}

Value Value::with_rep(Type type, Rep* rep) noexcept {
  Value v;
  v.type_ = type;
  v.payload_.rep = rep;
  return v;
}

Value Value::boolean(bool b) noexcept {
  Value v;
  v.type_ = Type::kBool;
  v.payload_.boolean = b;
  return v;
}

Value Value::integer(std::int64_t i) noexcept {
  Value v;
  v.type_ = Type::kInt;
  v.payload_.integer = i;
  return v;
}

Value Value::integer(std::uint64_t u) noexcept {
  if (u <= static_cast<std::uint64_t>(INT64_MAX)) return integer(static_cast<std::int64_t>(u));
  Value v;
  v.type_ = Type::kUint;
  v.payload_.natural = u;
  return v;
}

Value Value::number(double d) noexcept {
  Value v;
  v.type_ = Type::kFloat;
  v.payload_.number = d;
  return v;
}

Value Value::string(std::string_view utf8) {
  auto* rep = new (allocate(sizeof(TextRep) + utf8.size())) TextRep;
  rep->size = utf8.size();
  if (!utf8.empty()) std::memcpy(rep->data(), utf8.data(), utf8.size());
  return with_rep(Type::kString, rep);
}

Value Value::bytes(std::string_view content) {
  Value v = string(content);
  v.type_ = Type::kBytes;
  return v;
}

Value Value::array(std::span<Value> items) {
  auto* rep = new (allocate(sizeof(ArrayRep) + items.size_bytes())) ArrayRep;
  rep->size = items.size();
  std::uint32_t depth = 0;
  for (const Value& item : items)
    depth = std::max(depth, item.depth());
  rep->depth = depth + 1;
  std::uninitialized_move(items.begin(), items.end(), rep->items());
  return with_rep(Type::kArray, rep);
}

Value Value::object(std::span<Member> members) {
  auto* rep = new (allocate(sizeof(ObjectRep) + members.size_bytes())) ObjectRep;
  rep->size = members.size();
  std::uint32_t depth = 0;
  for (const Member& m : members)
    depth = std::max(depth, m.value.depth());
  rep->depth = depth + 1;
  std::uninitialized_move(members.begin(), members.end(), rep->members());
  Value v = with_rep(Type::kObject, rep);
  if (rep->size > kScanLimit) {
    rep->by_name = static_cast<std::uint32_t*>(allocate(rep->size * sizeof(std::uint32_t)));
    for (std::uint32_t i = 0; i < rep->size; ++i)
      rep->by_name[i] = i;
    const Member* m = rep->members();
    std::sort(rep->by_name, rep->by_name + rep->size,
              [m](std::uint32_t a, std::uint32_t b) { return m[a].name() < m[b].name(); });
  }
  return v;
}

double Value::as_double() const noexcept {
  switch (type_) {
    case Type::kInt:
      return static_cast<double>(payload_.integer);
    case Type::kUint:
      return static_cast<double>(payload_.natural);
    default:
      return payload_.number;
  }
}

std::string_view Value::text() const noexcept {
  auto* rep = static_cast<TextRep*>(payload_.rep);
  return {rep->data(), rep->size};
}

std::span<const Value> Value::items() const noexcept {
  auto* rep = static_cast<ArrayRep*>(payload_.rep);
  return {rep->items(), rep->size};
}

std::span<const Member> Value::members() const noexcept {
  auto* rep = static_cast<ObjectRep*>(payload_.rep);
  return {rep->members(), rep->size};
}

const Value* Value::find(std::string_view key) const noexcept {
  if (type_ != Type::kObject) return nullptr;
  auto* rep = static_cast<ObjectRep*>(payload_.rep);
  const Member* m = rep->members();
  if (rep->by_name == nullptr) {
    for (std::size_t i = 0; i < rep->size; ++i) {
      if (m[i].name() == key) return &m[i].value;
    }
    return nullptr;
  }
  std::uint32_t* end = rep->by_name + rep->size;
  const std::uint32_t* at =
      std::lower_bound(rep->by_name, end, key, [m](std::uint32_t i, std::string_view k) { return m[i].name() < k; });
  return at != end && m[*at].name() == key ? &m[*at].value : nullptr;
}

std::size_t Value::size() const noexcept {
  switch (type_) {
    case Type::kString:
    case Type::kBytes:
      return text().size();
    case Type::kArray:
      return items().size();
    case Type::kObject:
      return members().size();
    default:
      return 0;
  }
}

std::uint32_t Value::depth() const noexcept {
  return counted() ? payload_.rep->depth : 0;
}

bool Value::same_content(const Value& other) const noexcept {
  if (type_ != other.type_) return false;
  switch (type_) {
    case Type::kNull:
      return true;
    case Type::kBool:
      return payload_.boolean == other.payload_.boolean;
    default:
      return payload_.natural == other.payload_.natural;  // the bits of a number, or the address of the content
  }
}

bool operator==(const Value& a, const Value& b) noexcept {
  if (a.same_content(b)) return true;
  if (a.type_ != b.type_) return false;
  switch (a.type_) {
    case Value::Type::kFloat:
      return a.as_float() == b.as_float();
    case Value::Type::kString:
    case Value::Type::kBytes:
      return a.text() == b.text();
    case Value::Type::kArray:
      return std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end());
    case Value::Type::kObject:
      return std::equal(a.members().begin(), a.members().end(), b.members().begin(), b.members().end(),
                        [](const Member& x, const Member& y) { return x.key == y.key && x.value == y.value; });
    default:
      return false;
  }
}

TextBuilder::TextBuilder(std::size_t expected_bytes) {
  if (expected_bytes == 0) return;
  rep_ = new (allocate(sizeof(Value::TextRep) + expected_bytes)) Value::TextRep;
  capacity_ = expected_bytes;
}

TextBuilder::~TextBuilder() {
  std::free(rep_);
}

void TextBuilder::append(std::string_view more) {
  const std::size_t size = rep_ == nullptr ? 0 : rep_->size;
  if (rep_ == nullptr || more.size() > capacity_ - size) {
    if (more.size() > SIZE_MAX / 4 - size) throw std::bad_alloc();
    const std::size_t capacity = std::max(size + more.size(), capacity_ * 2);
    // A fresh block rather than realloc: the header holds an atomic, which may not be moved as raw memory.
    auto* grown = new (allocate(sizeof(Value::TextRep) + capacity)) Value::TextRep;
    if (size != 0) std::memcpy(grown->data(), rep_->data(), size);
    grown->size = size;
    std::free(rep_);
    rep_ = grown;
    capacity_ = capacity;
  }
  if (!more.empty()) std::memcpy(rep_->data() + size, more.data(), more.size());
  rep_->size = size + more.size();
}

std::string_view TextBuilder::view() const noexcept {
  return rep_ == nullptr ? std::string_view() : std::string_view(rep_->data(), rep_->size);
}

Value TextBuilder::finish() {
  if (rep_ == nullptr) return Value::string({});
  const bool utf8 = is_utf8(view());
  Value::TextRep* rep = std::exchange(rep_, nullptr);
  capacity_ = 0;
  return Value::with_rep(utf8 ? Value::Type::kString : Value::Type::kBytes, rep);
}

std::string_view type_name(Value::Type type) noexcept {
  switch (type) {
    case Value::Type::kNull:
      return "null";
    case Value::Type::kBool:
      return "boolean";
    case Value::Type::kInt:
    case Value::Type::kUint:
      return "integer";
    case Value::Type::kFloat:
      return "number";
    case Value::Type::kString:
      return "string";
    case Value::Type::kBytes:
      return "bytes";
    case Value::Type::kArray:
      return "array";
    case Value::Type::kObject:
      return "object";
  }
  return "unknown";
}

}  // namespace pflow
