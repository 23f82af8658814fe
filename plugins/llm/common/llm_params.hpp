#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <pflow/node.hpp>

namespace pflow::llm {

/// What every llm node takes, whoever answers it. The host writes `model` (without the provider's prefix) and
/// `base_url` in and takes `provider` out.
struct Params {
  std::string_view prompt;
  std::optional<std::string_view> system;
  std::optional<std::string_view> model;
  std::optional<double> temperature;
  std::optional<std::int64_t> max_tokens;
  sdk::Value images;
  sdk::Value output_schema;
  std::optional<bool> json;
  sdk::Value stop;
  std::int64_t timeout_ms = 120'000;
  std::optional<bool> stream;
  std::optional<std::string_view> base_url;
  sdk::Value extra;

  static void declare(sdk::Fields<Params>& f);
};

/// `stop` as texts: one, or an array of them. Throws Failure invalid_parameter for anything else and for empty ones.
[[nodiscard]] std::vector<std::string_view> stop_texts(const Params& params);

/// A parameter that cannot be what it is.
[[noreturn]] void refuse(std::string_view param, std::string_view problem);

}  // namespace pflow::llm
