#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "core/base/json_write.hpp"
#include "core/base/suggest.hpp"
#include "core/base/utf8.hpp"
#include "host/cli/cost_line.hpp"
#include "host/cli/point_in_time.hpp"
#include "host/cli/price_options.hpp"
#include "host/cli/price_text.hpp"
#include "host/cli/session.hpp"
#include "host/cli/usage_error.hpp"
#include "host/files/line_reader.hpp"

namespace pflow::host {
namespace {

constexpr std::size_t kLongestLine = std::size_t{64} * 1024 * 1024;
constexpr std::size_t kNamesShown = 5;

using Words = std::vector<std::string>;

// The row that prices a model which may be written as provider/model.
std::optional<PriceRow> find_row(const PriceBook& prices, std::string_view name, SystemTime at) {
  const std::size_t slash = name.find('/');
  const bool named = slash != std::string_view::npos && prices.knows_provider(name.substr(0, slash));
  if (!named) return prices.find("", name, at);
  if (auto row = prices.find(name.substr(0, slash), name.substr(slash + 1), at)) return row;
  return prices.find("", name, at);  // "openai/gpt-oss-120b" is a model of others
}

Error unknown_model(const PriceBook& prices, std::string_view model, SystemTime at) {
  const std::vector<PriceRow> rows = prices.list("", at);
  std::vector<std::string> names;
  for (const PriceRow& row : rows) {
    names.push_back(row.model);
    if (model.find('/') != std::string_view::npos) names.push_back(row.provider + "/" + row.model);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<std::string_view> left(names.begin(), names.end());
  std::vector<std::string_view> near;
  while (near.size() < kNamesShown) {
    const std::string_view next = nearest(model, left);
    if (next.empty()) break;
    near.push_back(next);
    left.erase(std::find(left.begin(), left.end(), next));
  }
  Error e;
  e.code = Code::kUnpricedModel;
  e.message = fmt::format("no price is known for the model \"{}\"", printable(model, 200));
  e.hint = near.empty() ? "" : fmt::format("Near: {}. ", listing(near));
  e.hint += "See pflow-host pricing list [FILTER], or give its price with --price MODEL=IN/OUT.";
  return e;
}

ExitCode show(Session& session, const PriceBook& prices, const Words& words, SystemTime at) {
  if (words.size() != 1) {
    return session.refuse(
        {usage_error(words.empty() ? "\"pricing show\" needs a model" : "\"pricing show\" takes one model",
                     "Try: pflow-host pricing show claude-sonnet-4-5.")},
        {});
  }
  const std::optional<PriceRow> row = find_row(prices, words.front(), at);
  if (!row) {
    Outcome outcome;
    outcome.errors.push_back(unknown_model(prices, words.front(), at));
    return session.finish_check(std::move(outcome));
  }
  if (session.json()) return session.print(to_json(price_value(*row)) + "\n");
  return session.show(price_text(*row));
}

ExitCode list(Session& session, const PriceBook& prices, const Words& words, SystemTime at) {
  if (words.size() > 1) {
    return session.refuse(
        {usage_error("\"pricing list\" takes one filter", "It is a part of provider/model, such as claude.")}, {});
  }
  const std::vector<PriceRow> rows = prices.list(words.empty() ? "" : words.front(), at);
  if (session.json()) {
    std::vector<Value> values;
    for (const PriceRow& row : rows)
      values.push_back(price_value(row));
    return session.print(to_json(Value::array(values)) + "\n");
  }
  if (rows.empty()) session.console().note("No provider/model holds this text.");
  return session.show(rows.empty() ? std::string() : price_table(rows));
}

// The models without a price: how many responses, and the first few names.
class Unpriced {
 public:
  void add(const std::string& model) {
    if (model.empty()) return;
    ++responses_;
    if (names_.size() <= kNamesShown && std::find(names_.begin(), names_.end(), model) == names_.end()) {
      names_.push_back(model);
    }
  }

  void tell(Console& console) const {
    if (responses_ == 0) return;
    const std::vector<std::string_view> views(names_.begin(), names_.end());
    Error e;
    e.code = Code::kUnpricedModel;
    e.message = fmt::format(
        "no price is known for {}: {}; priced as gpt-4o-mini",
        responses_ == 1 ? "the model of 1 response" : fmt::format("the models of {} responses", responses_),
        views.size() > kNamesShown ? fmt::format("{}, and others", listing({views.begin(), views.end() - 1}))
                                   : listing(views));
    e.hint = "Give the price with --price MODEL=IN/OUT or in pricing.json.";
    console.warning(e);
  }

 private:
  std::size_t responses_ = 0;
  std::vector<std::string> names_;  // one more than is shown
};

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

Error too_long(const std::string& where) {
  Error e;
  e.code = Code::kTooLarge;
  e.message = fmt::format("the line has more than {} bytes, which is the limit", kLongestLine);
  e.where = where;
  return e;
}

ExitCode cost(Session& session, const PriceBook& prices, const Words& words, SystemTime at) {
  if (words.size() > 1) {
    return session.refuse({usage_error("\"pricing cost\" takes one file", "Without one it reads stdin.")}, {});
  }
  const std::string file = words.empty() ? "-" : words.front();
  const std::string name = file == "-" ? "<stdin>" : file;
  LineReader reader(kLongestLine);
  if (Result<void> opened = reader.open(file); !opened) return session.refuse({opened.error()}, {});
  Unpriced unpriced;
  bool failed = false;
  std::string line;
  while (true) {
    const Result<LineReader::Next> next = reader.next(line);
    if (!next) return session.refuse({next.error()}, {});
    if (*next == LineReader::Next::kEnd) break;
    const std::string where = fmt::format("{}:{}", name, reader.number());
    if (*next == LineReader::Next::kLine && is_blank(line)) continue;
    CostLine answer =
        *next == LineReader::Next::kTooLong ? failed_line(too_long(where)) : cost_line(prices, line, where, at);
    failed = failed || answer.failed;
    unpriced.add(answer.unpriced);
    for (const Error& e : answer.warnings)
      session.console().warning(e);
    answer.text += '\n';
    if (const ExitCode printed = session.print(answer.text); printed != ExitCode::kSuccess) return printed;
  }
  unpriced.tell(session.console());
  if (const auto old = price_data_age_warning(prices, at)) session.console().warning(*old);
  return failed ? ExitCode::kInvalid : ExitCode::kSuccess;
}

struct Action {
  std::string_view name;
  ExitCode (*run)(Session&, const PriceBook&, const Words&, SystemTime);
};

constexpr std::array<Action, 3> kActions = {{{"show", show}, {"list", list}, {"cost", cost}}};

}  // namespace

ExitCode pricing_command(Session& session) {
  Words words = session.options().words;
  const std::string name = words.empty() ? "" : words.front();
  const auto action = std::find_if(kActions.begin(), kActions.end(), [&](const Action& a) { return a.name == name; });
  if (action == kActions.end()) {
    std::vector<std::string_view> names;
    for (const Action& a : kActions)
      names.push_back(a.name);
    return session.refuse({usage_error(words.empty() ? "\"pricing\" needs to be told what to do"
                                                     : fmt::format("there is no \"pricing {}\"", printable(name, 64)),
                                       did_you_mean(name, names, "It can"))},
                          {});
  }
  words.erase(words.begin());
  SystemTime at = std::chrono::system_clock::now();
  if (const auto& given = session.options().at) {
    const Result<SystemTime> time = point_in_time(*given);
    if (!time) {
      Error e = time.error();
      e.message = "--at: " + e.message;
      return session.refuse({std::move(e)}, {});
    }
    at = *time;
  }
  Problems errors;
  const std::unique_ptr<PriceBook> prices = make_price_book(session.options(), errors);
  if (!errors.empty()) return session.refuse(std::move(errors), {});
  return action->run(session, *prices, words, at);
}

}  // namespace pflow::host
