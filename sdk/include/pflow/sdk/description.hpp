#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "pflow/sdk/text.hpp"

namespace pflow::sdk {
inline namespace v1 {

enum class Output { kString, kInteger, kNumber, kBoolean, kObject, kArray, kBytes, kAny };

/// How often the host tries a call by default. It repeats only failures marked retryable.
struct Retry {
  std::int64_t max_attempts = 1;
  std::int64_t wait_ms = 0;
  double backoff = 1.0;
  std::int64_t max_wait_ms = 0;  ///< 0 = no limit
};

/// What a node type tells about itself, besides its parameters: filled in `static void describe(Description&)`.
class Description {
 public:
  Description& text(std::string_view text) {
    append_json(text_, text);
    return *this;
  }

  /// The output that is the node's result when nobody asks for a particular one. Once.
  Description& primary(std::string_view name, Output type, std::string_view description) {
    return add_output(name, type, description, ",\"primary\":true}");
  }

  Description& output(std::string_view name, Output type, std::string_view description) {
    return add_output(name, type, description, "}");
  }

  /// A word of the node's own; "default" and "error" are always there.
  Description& action(std::string_view word) {
    append_json(actions_ += ',', word);
    return *this;
  }

  Description& retry(const Retry& retry) {
    append_number(retry_ = "{\"max_attempts\":", retry.max_attempts);
    append_number(retry_ += ",\"wait_ms\":", retry.wait_ms);
    append_number(retry_ += ",\"backoff\":", retry.backoff);
    if (retry.max_wait_ms > 0) append_number(retry_ += ",\"max_wait_ms\":", retry.max_wait_ms);
    retry_ += '}';
    return *this;
  }

  Description& example(std::string_view description, std::string_view params_json) {
    append_json(examples_ += examples_.empty() ? "{\"description\":" : ",{\"description\":", description);
    examples_.append(",\"params\":").append(params_json) += '}';
    return *this;
  }

  /// A member of the descriptor that has no function here, as JSON: extra("implements", "\"llm\"").
  Description& extra(std::string_view key, std::string_view value_json) {
    append_json(extra_ += ',', key);
    extra_.append(":").append(value_json);
    return *this;
  }

  [[nodiscard]] std::string descriptor(std::string_view params_schema) const {
    std::string out = "{\"description\":";
    out.append(text_.empty() ? "\"\"" : text_).append(",\"params\":").append(params_schema);
    // A type that lists no outputs may write any; an empty list would say that it writes none.
    if (!outputs_.empty()) out.append(",\"outputs\":[").append(outputs_).append("]");
    out.append(",\"actions\":[\"default\",\"error\"");
    out.append(actions_).append("]");
    if (!retry_.empty()) out.append(",\"retry\":").append(retry_);
    if (!examples_.empty()) out.append(",\"examples\":[").append(examples_).append("]");
    return out.append(extra_).append("}");
  }

 private:
  Description& add_output(std::string_view name, Output type, std::string_view description, std::string_view end) {
    append_json(outputs_ += outputs_.empty() ? "{\"name\":" : ",{\"name\":", name);
    append_json(outputs_ += ",\"type\":", word(type));
    append_json(outputs_ += ",\"description\":", description);
    outputs_ += end;
    return *this;
  }

  [[nodiscard]] static constexpr std::string_view word(Output type) noexcept {
    switch (type) {
      case Output::kString:
        return "string";
      case Output::kInteger:
        return "integer";
      case Output::kNumber:
        return "number";
      case Output::kBoolean:
        return "boolean";
      case Output::kObject:
        return "object";
      case Output::kArray:
        return "array";
      case Output::kBytes:
        return "bytes";
      case Output::kAny:
        break;
    }
    return "any";
  }

  std::string text_, outputs_, actions_, retry_, examples_, extra_;  // JSON text, put together by descriptor()
};

}  // namespace v1
}  // namespace pflow::sdk
