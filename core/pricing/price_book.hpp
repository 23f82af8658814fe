#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/result.hpp"
#include "core/base/value.hpp"
#include "core/pricing/usage.hpp"
#include "core/pricing/usage_report.hpp"

namespace pflow {

using SystemTime = std::chrono::system_clock::time_point;

/// Where a cost comes from: the price table, the provider's own answer, a user's price, or the stand-in for a model
/// that the table does not know.
enum class CostBasis : std::uint8_t { kList, kProvider, kOverride, kUnknown };

/// "list", "provider", "override" or "unknown".
[[nodiscard]] std::string_view cost_basis_name(CostBasis basis) noexcept;

/// The price of a model at one moment: a row of the data with its tiers and conditions applied where they do not depend
/// on usage.
struct PriceRow {
  std::string provider;             ///< whose list it stands in
  std::string model;                ///< the row's id
  std::string source;               ///< "genai-prices 0.1.8", "litellm 2026-08-01", "--price", "~/.pflow/pricing.json"
  std::string date;                 ///< of the source, "2026-09-23"; empty: unknown
  Value prices;                     ///< {"input_mtok": 3, "output_mtok": {"base": 15, "tiers": [...]}, ...}
  std::int64_t context_window = 0;  ///< 0: unknown
};

/// What a call costs and why.
struct Cost {
  std::int64_t nano_usd = 0;  ///< rounded to the nano-dollar once
  CostBasis basis = CostBasis::kList;
  std::string priced_by;  ///< the provider whose list was used; empty with kProvider
  std::optional<PriceRow> row = {};
  /// A part of the usage could not be priced, and why (a price is missing for a unit, counts contradict each other).
  Problems problems = {};
};

/// One LLM call brought to one form.
struct MeteredUsage {
  std::string provider;
  std::string model;  ///< what answered; the requested one when that is not known
  std::string requested_model;
  Usage usage;
  Cost cost;
  bool told = false;  ///< a form of usage was understood; its counts may all be 0
  Problems problems;  ///< contradictions in what was told
};

/// What LLM calls cost. The data is in the program and read when the first call has to be priced; any thread after the
/// last override.
class PriceBook {
 public:
  PriceBook();
  PriceBook(const PriceBook&) = delete;
  PriceBook& operator=(const PriceBook&) = delete;
  ~PriceBook();

  /// "MODEL=IN/OUT" as --price takes it: USD per million tokens. Error: kUsage.
  [[nodiscard]] Result<void> add_override(std::string_view text);

  /// A price file of the user's ("~/.pflow/pricing.json"): the same format as the data. Weaker than add_override,
  /// stronger than the table and than the response's own cost. Errors: kInvalidJson, kInvalidValue, kWrongType.
  [[nodiscard]] Result<void> add_file(std::string_view json_text, std::string_view name);

  /// Normalises what a node told and prices it at `at`, the call's start. A model without a price is priced as
  /// gpt-4o-mini with basis kUnknown. O(rows of one provider).
  [[nodiscard]] MeteredUsage meter(const LlmUsageReport& report, SystemTime at) const;

  /// The row that would price a call; `provider` may be empty. nullopt: none is known.
  [[nodiscard]] std::optional<PriceRow> find(std::string_view provider, std::string_view model, SystemTime at) const;

  /// Whether a price list has this provider, by its id or another of its names ("gemini").
  [[nodiscard]] bool knows_provider(std::string_view name) const;

  /// All rows, overrides first, whose provider/model holds `filter`.
  [[nodiscard]] std::vector<PriceRow> list(std::string_view filter, SystemTime at) const;

  [[nodiscard]] std::vector<std::string> unused_overrides() const;  ///< their models: no call was priced by them

  /// Reads the data, so that the first price need not wait for it.
  void read_ahead() const;

  [[nodiscard]] bool was_read() const noexcept;                   ///< the data: nothing was priced without it before
  [[nodiscard]] static std::string_view data_version() noexcept;  ///< "genai-prices 0.1.8"
  [[nodiscard]] static std::string_view data_date() noexcept;     ///< "2026-09-23"

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

/// Reads a node's `llm_usage` output: {model, input_tokens, output_tokens, ...} as docs/cost.md tells, or a list of
/// such. Empty: it holds no usage. `problems` tells of counts that are none.
[[nodiscard]] std::vector<LlmUsageReport> usage_from_output(const Value& output, Problems& problems);

/// "$0.0195": exact.
[[nodiscard]] std::string usd_text(std::int64_t nano_usd);

/// Nano-dollars as a JSON number of dollars: up to 9 decimals, exact.
[[nodiscard]] Value usd_value(std::int64_t nano_usd);

/// Rounded; what nano-dollars cannot hold becomes the most that is sensible.
[[nodiscard]] std::int64_t nano_usd_of(double usd) noexcept;

}  // namespace pflow
