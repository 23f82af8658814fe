#include "host/cli/cost_line.hpp"

#include <fmt/format.h>

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"
#include "core/base/object_builder.hpp"

namespace pflow::host {
namespace {

constexpr std::size_t kLongestName = 256;

Error wrong(Code code, std::string message, const std::string& where) {
  Error e;
  e.code = code;
  e.message = std::move(message);
  e.where = where;
  return e;
}

// A short text, empty when it is absent or null.
Result<std::string> text_in(const Value& line, std::string_view key, const std::string& where) {
  const Value* v = line.find(key);
  if (v == nullptr || v->is_null()) return std::string();
  if (!v->is_string()) return wrong(Code::kWrongType, fmt::format("\"{}\" must be a text", key), where);
  if (v->size() > kLongestName) {
    return wrong(Code::kInvalidValue, fmt::format("\"{}\" has more than {} bytes", key, kLongestName), where);
  }
  return std::string(v->text());
}

Result<LlmUsageReport> report_in(std::string_view text, const std::string& where) {
  Result<Value> line = read_json(text, where);
  if (!line) {
    Error e = std::move(line).error();
    // "FILE:7:1:12": a line of JSON lines has one line.
    const std::size_t column = e.where.rfind(':');
    if (column != std::string::npos) e.where = where + e.where.substr(column);
    return e;
  }
  if (!line->is_object()) {
    return wrong(Code::kWrongType, R"(the line must be an object {"provider", "api_flavor", "body"})", where);
  }
  LlmUsageReport report;
  for (const auto& [key, member] : {std::pair{"provider", &LlmUsageReport::provider},
                                    {"api_flavor", &LlmUsageReport::api_flavor},
                                    {"model", &LlmUsageReport::requested_model}}) {
    Result<std::string> value = text_in(*line, key, where);
    if (!value) return std::move(value).error();
    report.*member = std::move(value).value();
  }
  const Value* body = line->find("body");
  if (body == nullptr) return wrong(Code::kMissingKey, "the line needs a \"body\", the response of a provider", where);
  if (!body->is_object()) return wrong(Code::kWrongType, "\"body\" must be an object", where);
  const Value* model = body->find("model");
  const bool named = model != nullptr && model->is_string() && model->size() <= kLongestName;
  if (report.provider.empty() && report.requested_model.empty() && named) report.requested_model = model->text();
  report.raw_json = to_json(*body);
  return report;
}

}  // namespace

CostLine failed_line(const Error& e) {
  ObjectBuilder error;
  error.add("code", e.code_text()).add("message", e.message).add("where", e.where);
  return {to_json(ObjectBuilder().add("error", error.finish()).finish()), true};
}

CostLine cost_line(const PriceBook& prices, std::string_view line, const std::string& where, SystemTime at) {
  const Result<LlmUsageReport> report = report_in(line, where);
  if (!report) return failed_line(report.error());
  const MeteredUsage metered = prices.meter(*report, at);
  if (!metered.told) {
    return failed_line(wrong(
        Code::kInvalidValue,
        report->provider.empty()
            ? "the body holds no usage that is understood; say which \"provider\" it is from"
            : fmt::format("the body holds no usage that is understood as an answer of \"{}\"{}", report->provider,
                          report->api_flavor.empty() ? "" : fmt::format(" (api_flavor \"{}\")", report->api_flavor)),
        where));
  }
  CostLine out;
  out.text = to_json(ObjectBuilder()
                         .add("model", text_or_null(metered.model))
                         .add("usage", usage_value(metered.usage))
                         .add("cost_usd", usd_value(metered.cost.nano_usd))
                         .add("priced_by", text_or_null(metered.cost.priced_by))
                         .add("basis", cost_basis_name(metered.cost.basis))
                         .finish());
  if (metered.cost.basis == CostBasis::kUnknown) out.unpriced = metered.model.empty() ? "(none)" : metered.model;
  for (const Problems* problems : {&metered.problems, &metered.cost.problems}) {
    for (Error e : *problems) {
      e.where = where;
      out.warnings.push_back(std::move(e));
    }
  }
  return out;
}

}  // namespace pflow::host
