#include "llm_flow.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <utility>

#include "answer_intake.hpp"
#include "finished_answer.hpp"
#include "question.hpp"

namespace pflow::llm {
namespace {

constexpr int kMaxRequests = 4;  // of one attempt: servers may refuse several things, one at a time

/// One attempt, from its request to the end of the call. Lives as long as a request of it is under way.
class Attempt : public std::enable_shared_from_this<Attempt> {
 public:
  Attempt(const Wire& wire, const Params& params, sdk::Call& call)
      : wire_(wire),
        timeout_(params.timeout_ms),
        question_(make_question(wire.facts(), params, call)),
        call_(call.handle()) {
    wire_.note_refusals(question_);
    if (params.extra) extra_ = std::move(to_json(params.extra, "extra").get_object());
    if (extra_.contains("stream")) refuse("extra", "\"stream\" does not belong there: use the parameter \"stream\"");
  }

  /// From here on the call ends through this object.
  void start(sdk::Call& call) {
    began_ = AnswerIntake::Clock::now();
    Prepared first = prepare();
    completion_.emplace(call.start_async());
    send(std::move(first));
  }

 private:
  struct Prepared {
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
  };

  /// What the host calls; the attempt outlives it when a further request follows.
  class Relay final : public sdk::HttpHandler {
   public:
    explicit Relay(std::shared_ptr<Attempt> attempt) : attempt_(std::move(attempt)) {}

    void on_head(const sdk::HttpHead& head) override {
      attempt_->intake_->head(head.status(), [&](std::string_view name) { return head.header(name); });
    }

    void on_data(std::string_view piece) override { attempt_->take(piece); }

    void on_done(const sdk::HttpEnd& end) override { attempt_->done(end); }

   private:
    std::shared_ptr<Attempt> attempt_;
  };

  Prepared prepare() {
    WireRequest request = wire_.request(question_);
    merge(request.body, extra_);
    Prepared out{std::move(request.url), std::move(request.headers), json::serialize(request.body)};
    out.headers.emplace_back("Content-Type", "application/json");
    const bool events = question_.stream && wire_.framing() == Framing::kSse;
    out.headers.emplace_back("Accept", events ? "text/event-stream" : "application/json");
    return out;
  }

  void send(Prepared prepared) noexcept {
    try {
      ++requests_;
      intake_.emplace(wire_, question_, prepared.url, AnswerIntake::Clock::now());
      shown_text_ = shown_reasoning_ = 0;
      sdk::HttpRequest request;
      request.method = "POST";
      request.url = prepared.url;
      request.body = prepared.body;
      for (const auto& [name, value] : prepared.headers)
        request.headers.push_back(sdk::http_header(name, value));
      const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(AnswerIntake::Clock::now() - began_);
      request.timeout = std::max(std::chrono::milliseconds(timeout_) - spent, std::chrono::milliseconds(1));
      request.idle_timeout = request.timeout;
      sdk::http_send(call_, request, std::make_unique<Relay>(shared_from_this()));
    } catch (const sdk::Failure& failure) {
      end(failure);
    } catch (const std::exception& error) {
      end(sdk::Failure{.code = "internal", .message = error.what()});
    }
  }

  void take(std::string_view piece) {
    intake_->data(piece);
    if (question_.stream) show();
  }

  // Streams on what is new.
  void show() {
    sdk::Call call(call_);
    const Reply& reply = intake_->reply();
    if (reply.reasoning.size() > shown_reasoning_)
      call.emit_chunk("reasoning", std::string_view(reply.reasoning).substr(shown_reasoning_));
    shown_reasoning_ = reply.reasoning.size();
    if (reply.text.size() > shown_text_) call.emit_chunk("text", std::string_view(reply.text).substr(shown_text_));
    shown_text_ = reply.text.size();
  }

  void done(const sdk::HttpEnd& end_of_exchange) {
    AnswerIntake::Outcome outcome = intake_->finish(end_of_exchange.failure);
    if (outcome.refusal && !cancelled(end_of_exchange) && requests_ < kMaxRequests &&
        wire_.adjust(question_, intake_->status(), *outcome.refusal)) {
      send_again();
      return;
    }
    completion_->finish_with([&](sdk::Call& call) {
      report(call, outcome);
      if (cancelled(end_of_exchange)) throw *end_of_exchange.failure;
      if (outcome.failure) throw std::move(*outcome.failure);
      if (question_.stream) show();
      deliver(call, question_, intake_->reply(), intake_->asked());
    });
  }

  void send_again() noexcept {
    std::optional<sdk::Failure> failure;
    try {
      Prepared prepared = prepare();
      send(std::move(prepared));
      return;
    } catch (const sdk::Failure& thrown) {
      failure = thrown;
    } catch (const std::exception& error) {
      failure = sdk::Failure{.code = "internal", .message = error.what()};
    }
    end(*failure);
  }

  static bool cancelled(const sdk::HttpEnd& end_of_exchange) noexcept {
    return end_of_exchange.failure && end_of_exchange.failure->status == PFLOW_E_CANCELLED;
  }

  void end(const sdk::Failure& failure) noexcept {
    if (failure.status == PFLOW_E_CANCELLED) {
      completion_->finish_cancelled();
    } else {
      completion_->finish(failure);
    }
  }

  // Once an attempt: what was refused cost nothing.
  void report(sdk::Call& call, const AnswerIntake::Outcome& outcome) const {
    const Reply& reply = intake_->reply();
    if (!reply.usage && !outcome.partial && outcome.failure) return;
    const std::string_view model = reply.model.empty() ? std::string_view(question_.model) : reply.model;
    sdk::LlmUsage usage;
    usage.provider = wire_.billed_by(question_);
    usage.model = model;
    usage.requested_model = question_.model;
    usage.request_id = intake_->request_id();
    usage.service_tier = reply.service_tier;
    usage.api_flavor = reply.api_flavor;
    usage.raw_json = reply.raw_usage;
    if (reply.usage) {
      usage.input_tokens = reply.usage->input;
      usage.output_tokens = reply.usage->output;
      usage.cache_read_tokens = reply.usage->cache_read;
      usage.cache_write_tokens = reply.usage->cache_write;
      usage.reasoning_tokens = reply.usage->reasoning;
    }
    usage.cost_nano_usd = wire_.cost_nano_usd(question_, reply);
    usage.time_to_first_token = intake_->time_to_first_token();
    usage.partial = outcome.partial;
    call.report(usage);
  }

  const Wire& wire_;
  std::int64_t timeout_;
  Question question_;
  json::object extra_;
  pflow_call* call_;
  std::optional<sdk::Completion> completion_;
  std::optional<AnswerIntake> intake_;  // of the latest request
  AnswerIntake::Clock::time_point began_;
  int requests_ = 0;
  std::size_t shown_text_ = 0;
  std::size_t shown_reasoning_ = 0;
};

}  // namespace

void describe_provider(sdk::Description& d, const ProviderFacts& facts, std::string_view text) {
  const auto quoted = [](std::string_view word) {
    std::string out;
    sdk::append_json(out, word);
    return out;
  };
  d.text(text)
      .retry({.max_attempts = 3, .wait_ms = 500, .backoff = 2, .max_wait_ms = 8000})
      .extra("implements", "\"llm\"")
      .extra("provider", quoted(facts.provider))
      .extra("models", facts.models_json)
      .extra("default_model", quoted(facts.default_model))
      .extra("keys", facts.key_setting.empty() ? "[]" : "[" + quoted(facts.key_setting) + "]")
      .extra("base_url", "{\"setting\":" + quoted(facts.base_url_setting) + "}");
  describe_outputs(d);
}

void ask(const Wire& wire, const Params& params, sdk::Call& call) {
  std::make_shared<Attempt>(wire, params, call)->start(call);
}

}  // namespace pflow::llm
