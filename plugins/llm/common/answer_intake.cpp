#include "answer_intake.hpp"

#include <utility>

namespace pflow::llm {

AnswerIntake::AnswerIntake(const Wire& wire, const Question& question, std::string_view url, Clock::time_point sent)
    : wire_(wire), question_(question), url_(url), sent_(sent), reader_(wire.reader(question)) {}

void AnswerIntake::begin(std::int32_t status, std::string_view content_type) {
  status_ = status;
  // Some servers answer in one piece whatever they are asked for.
  const bool one_piece = wire_.framing() == Framing::kSse && content_type.starts_with("application/json");
  if (is_success() && question_.stream && !one_piece) parser_ = make_parser(wire_.framing());
}

void AnswerIntake::data(std::string_view piece) {
  if (!parser_) {
    body_ += is_success() ? piece : piece.substr(0, kMaxErrorBytes - body_.size());
    return;
  }
  const bool fits =
      parser_->feed(piece, [this](std::string_view name, std::string_view data) { take_event(name, data); });
  if (!fits) throw malformed("an event of the stream is larger than 32 MiB");
}

void AnswerIntake::take_event(std::string_view name, std::string_view data) {
  if (reply_.error) return;
  if (!reader_->read_event(name, data, reply_)) {
    std::string what = "an event of the stream is not what its protocol says: ";
    constexpr std::size_t kShown = 200;
    throw malformed(what.append(sdk::head(data, kShown)));
  }
  if (!first_token_ && (!reply_.text.empty() || !reply_.reasoning.empty())) first_token_ = Clock::now() - sent_;
}

AnswerIntake::Outcome AnswerIntake::finish(const std::optional<sdk::Failure>& broken) {
  if (status_ != 0 && !is_success()) return finish_error();
  if (parser_) return finish_stream(broken);
  if (!broken) return finish_body();
  if (status_ == 0) {
    sdk::Failure failure = failure_of(asked(), broken->status, broken->code, broken->message, broken->retryable);
    return {std::move(failure), {}, false};
  }
  return {broken_off(*broken), {}, true};
}

AnswerIntake::Outcome AnswerIntake::finish_stream(const std::optional<sdk::Failure>& broken) {
  // What the end cut off is no event, and need not make sense.
  try {
    parser_->finish([this](std::string_view name, std::string_view data) { take_event(name, data); });
  } catch (const sdk::Failure& failure) {
    if (!broken) return {broken_off("its last event is incomplete"), {}, true};
  }
  if (reply_.error) return {failure_of(asked(), 0, *reply_.error, retry_), {}, true};
  if (broken && broken->code == "malformed_answer") return {*broken, {}, true};
  if (reply_.finished) return {};
  if (broken) return {broken_off(*broken), {}, true};
  if (reply_.stop_reason.empty()) return {broken_off("it ended without saying so"), {}, true};
  return {};
}

AnswerIntake::Outcome AnswerIntake::finish_body() {
  const std::optional<json::value> body = read_json(body_);
  constexpr std::size_t kShown = 200;
  if (!body) {
    std::string what = "the answer cannot be read, for ";
    return {malformed(what.append(why_unread(body_)).append(": ").append(sdk::head(body_, kShown))), {}, false};
  }
  const bool understood = reader_->read_body(*body, reply_);
  if (reply_.error) return {failure_of(asked(), 0, *reply_.error, retry_), {}, false};
  if (understood && reply_.finished) return {};
  std::string what = "the answer is not what its protocol says: ";
  return {malformed(what.append(sdk::head(body_, kShown))), {}, false};
}

AnswerIntake::Outcome AnswerIntake::finish_error() {
  ProviderError error = wire_.read_error(body_);
  sdk::Failure failure = failure_of(asked(), status_, error, retry_);
  return {std::move(failure), std::move(error), false};
}

// What a second try would not mend, as an answer that is too large, keeps the host's word; a timeout does too.
sdk::Failure AnswerIntake::broken_off(const sdk::Failure& broken) const {
  if (broken.status != PFLOW_E_TIMEOUT && broken.retryable) return broken_off(broken.message);
  return failure_of(asked(), broken.status, broken.code, broken.message, broken.retryable);
}

sdk::Failure AnswerIntake::broken_off(std::string_view why) const {
  std::string what = "the answer broke off: ";
  return failure_of(asked(), PFLOW_E_IO, "stream_broken", what.append(why), true);
}

sdk::Failure AnswerIntake::malformed(std::string_view what) const {
  return failure_of(asked(), PFLOW_E_IO, "malformed_answer", what, false);
}

Asked AnswerIntake::asked() const noexcept {
  const ProviderFacts& facts = wire_.facts();
  return {.title = facts.title,
          .provider = facts.provider,
          .model = question_.model,
          .key_setting = facts.key_setting,
          .request_id = request_id(),
          .url = url_,
          .unreachable_advice = facts.unreachable_advice,
          .no_model_advice = facts.no_model_advice};
}

}  // namespace pflow::llm
