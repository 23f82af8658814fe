#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "llm_error.hpp"
#include "llm_wire.hpp"
#include "stream_parser.hpp"
#include <pflow/node.hpp>

namespace pflow::llm {

/// Takes the answer to one request as bytes and brings it to a Reply or a Failure. Knows no host and no network; one
/// thread at a time.
class AnswerIntake {
 public:
  using Clock = std::chrono::steady_clock;

  /// How much of an error's body is read.
  static constexpr std::size_t kMaxErrorBytes = std::size_t{64} << 10;

  /// What came of an answer. `failure` is nothing when all of it came and makes sense.
  struct Outcome {
    std::optional<sdk::Failure> failure;
    std::optional<ProviderError> refusal;  ///< besides: what a server said that is not 2xx
    bool partial = false;                  ///< it broke off, after it had begun
  };

  /// Both must outlive it. `sent` is when the request went out.
  AnswerIntake(const Wire& wire, const Question& question, std::string_view url, Clock::time_point sent);

  /// `header` gives a header's value by its name, or nothing.
  template <class Head>
  void head(std::int32_t status, const Head& header) {
    const auto text = [&](std::string_view name) { return std::string(header(name).value_or(std::string_view())); };
    retry_ = {text("x-should-retry"), text("retry-after"), text("retry-after-ms"), text("date")};
    request_id_ = text("x-request-id");
    if (request_id_.empty()) request_id_ = text("request-id");
    begin(status, text("content-type"));
  }

  /// Throws sdk::Failure when what came makes no sense; the exchange is to be aborted then.
  void data(std::string_view piece);

  /// `broken`: why not all of it came.
  [[nodiscard]] Outcome finish(const std::optional<sdk::Failure>& broken);

  [[nodiscard]] const Reply& reply() const noexcept { return reply_; }

  [[nodiscard]] std::int32_t status() const noexcept { return status_; }

  /// The header's, else the answer's own.
  [[nodiscard]] std::string_view request_id() const noexcept {
    return request_id_.empty() ? std::string_view(reply_.id) : std::string_view(request_id_);
  }

  [[nodiscard]] std::optional<std::chrono::nanoseconds> time_to_first_token() const noexcept { return first_token_; }

  [[nodiscard]] Asked asked() const noexcept;

 private:
  void begin(std::int32_t status, std::string_view content_type);
  void take_event(std::string_view name, std::string_view data);

  [[nodiscard]] bool is_success() const noexcept { return status_ >= 200 && status_ < 300; }

  [[nodiscard]] Outcome finish_stream(const std::optional<sdk::Failure>& broken);
  [[nodiscard]] Outcome finish_body();
  [[nodiscard]] Outcome finish_error();
  [[nodiscard]] sdk::Failure broken_off(const sdk::Failure& broken) const;
  [[nodiscard]] sdk::Failure broken_off(std::string_view why) const;
  [[nodiscard]] sdk::Failure malformed(std::string_view what) const;

  const Wire& wire_;
  const Question& question_;
  std::string url_;
  Clock::time_point sent_;
  std::unique_ptr<ReplyReader> reader_;
  std::unique_ptr<StreamParser> parser_;  // nothing: the answer comes in one piece
  Reply reply_;
  std::string body_;
  std::string request_id_;
  RetryHeaders retry_;
  std::int32_t status_ = 0;  // 0: no head came
  std::optional<std::chrono::nanoseconds> first_token_;
};

}  // namespace pflow::llm
