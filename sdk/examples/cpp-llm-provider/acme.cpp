// A vendor of language models as a plugin: nodes of type "llm" can ask Acme once this file's .so is in a plugin folder.
// README.md tells what Acme's servers speak.
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <pflow/node.hpp>

namespace {

namespace sdk = pflow::sdk;

constexpr std::string_view kDefaultUrl = "https://api.acme.example";
constexpr std::int64_t kMostBytes = 4'000'000;  // of an answer: what is made of it stays until the call has ended

// What every llm node takes, so that a workflow can come from another provider. The host writes `model` and `base_url`.
struct Params {
  std::string_view prompt;
  std::optional<std::string_view> system;
  std::string_view model = "acme-small";
  std::optional<double> temperature;
  std::optional<std::int64_t> max_tokens;
  sdk::Value stop;
  std::int64_t timeout_ms = 120'000;
  bool stream = false;
  std::string_view base_url = kDefaultUrl;
  // Acme cannot do these: check() refuses them.
  sdk::Value images;
  sdk::Value output_schema;
  bool json = false;
  sdk::Value extra;

  static void declare(sdk::Fields<Params>& f) {
    f.add("prompt", &Params::prompt, "What the model is asked").required();
    f.add("system", &Params::system, "What the model is told of its task beforehand");
    f.add("model", &Params::model, "Which model answers");
    f.add("temperature", &Params::temperature, "How freely it chooses its words").minimum(0).maximum(2);
    f.add("max_tokens", &Params::max_tokens, "Where the answer ends at the latest").minimum(1);
    f.add("stop", &Params::stop, "A text, or an array of texts, before which the answer ends");
    f.add("timeout_ms", &Params::timeout_ms, "How long to wait for the answer").minimum(1).maximum(86'400'000);
    f.add("stream", &Params::stream, "Show the answer as it comes");
    f.add("base_url", &Params::base_url, "Another server that speaks the same protocol");
    f.add("images", &Params::images, "Not for Acme").type(sdk::Type::kArray);
    f.add("output_schema", &Params::output_schema, "Not for Acme").type(sdk::Type::kObject);
    f.add("json", &Params::json, "Not for Acme");
    f.add("extra", &Params::extra, "Not for Acme").type(sdk::Type::kObject);
  }
};

// Never leave out in silence what a workflow asks for.
void check(const Params& params) {
  std::string_view name;
  if (params.images.size() != 0) name = "images";
  if (!params.output_schema.is_null()) name = "output_schema";
  if (params.json) name = "json";
  if (params.extra.size() != 0) name = "extra";
  if (name.empty()) return;
  std::string message = "Acme's models know no \"";
  message.append(name).append("\": leave it out, or have another provider answer (--llm-provider)");
  throw sdk::Failure{.status = PFLOW_E_INVALID, .code = "unsupported_parameter", .message = std::move(message)};
}

std::string_view key_of(sdk::Call& call) {
  try {
    return call.secret("ACME_API_KEY");
  } catch (const sdk::Failure& failure) {
    if (failure.status != PFLOW_E_NOT_FOUND) throw;
    throw sdk::Failure{.status = PFLOW_E_AUTH,
                       .code = "missing_key",
                       .message =
                           "Acme: there is no key. Set ACME_API_KEY in the environment, or under \"keys\" in "
                           "~/.pflow/settings.json. To try the workflow without a key: --llm-provider offline"};
  }
}

std::string url_of(std::string_view base_url) {
  while (base_url.ends_with('/'))
    base_url.remove_suffix(1);
  return std::string(base_url) + "/answer";
}

std::string body_of(const Params& params, sdk::Call& call) {
  std::string body = "{\"model\":";
  sdk::append_json(body, params.model);
  sdk::append_json(body += ",\"prompt\":", params.prompt);
  if (params.system) sdk::append_json(body += ",\"system\":", *params.system);
  if (params.temperature) sdk::append_number(body += ",\"temperature\":", *params.temperature);
  if (params.max_tokens) sdk::append_number(body += ",\"max_tokens\":", *params.max_tokens);
  if (!params.stop.is_null()) body.append(",\"stop\":").append(call.to_json(params.stop));
  return body + "}";
}

// Takes one answer, a line of JSON after the other, and ends the call with it. The host calls it on its own I/O thread,
// never two functions at once; nothing here may wait.
class Answer final : public sdk::HttpHandler {
 public:
  Answer(const Params& params, pflow_call* handle, std::shared_ptr<sdk::Completion> completion)
      : handle_(handle), completion_(std::move(completion)), model_(params.model), shown_(params.stream) {}

  void on_head(const sdk::HttpHead& head) override {
    status_ = head.status();
    request_id_ = head.header("x-request-id").value_or("");
    retry_after_ = head.header("retry-after").value_or("");
  }

  // Pieces end anywhere, also inside a character.
  void on_data(std::string_view piece) override {
    rest_ += piece;
    if (status_ != 200) return;  // an error: read as a whole at the end
    std::size_t begin = 0;
    for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
      take_line(std::string_view(rest_).substr(begin, end - begin));
      begin = end + 1;
    }
    rest_.erase(0, begin);
  }

  void on_done(const sdk::HttpEnd& end) override {
    completion_->finish_with([&](sdk::Call& call) {
      if (status_ == 200 && !end.failure) take_line(rest_);  // the last line may lack its line feed
      report(call);
      if (end.failure) throw *end.failure;  // the host's words: what happened, and whether to try again
      if (status_ != 200) throw refusal();
      if (!done_) throw failure(PFLOW_E_IO, "stream_broken", "the answer broke off", true);
      call.set("response", text_);
      if (input_ && output_) call.set("llm_usage", sdk::Json{usage_output()});
      call.set("model", model_);
      call.set("stop_reason", stop_reason_);
      call.set("reasoning", "");
    });
  }

 private:
  // {"text": "..."} or {"done": "end_turn", "usage": {"input": 3, "output": 5}}
  void take_line(std::string_view line) {
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
    sdk::Call call(handle_);
    const sdk::Value event = parse(line);
    if (!event) throw failure(PFLOW_E_IO, "malformed_answer", "what came is no JSON");
    if (const auto text = event["text"].if_string()) {
      text_ += *text;
      if (shown_) call.emit_chunk("text", *text);
    }
    if (const auto why = event["done"].if_string()) {
      done_ = true;
      stop_reason_ = *why;
      const sdk::Value usage = event["usage"];
      if (usage) usage_json_ = call.to_json(usage);
      input_ = usage["input"].if_int();
      output_ = usage["output"].if_int();
    }
  }

  // The host's parser will do. Absent: it is no JSON.
  [[nodiscard]] sdk::Value parse(std::string_view json) const {
    return sdk::Value(sdk::Host::values().from_json(handle_, sdk::to_str(json)));
  }

  // For templates in the workflow, by the names that all providers use.
  [[nodiscard]] std::string usage_output() const {
    std::string json = "{\"model\":";
    sdk::append_json(json, model_);
    sdk::append_number(json += ",\"input_tokens\":", *input_);
    sdk::append_number(json += ",\"output_tokens\":", *output_);
    sdk::append_number(json += ",\"total_tokens\":", *input_ + *output_);
    return json + "}";
  }

  // Facts only: what they cost is the host's to find out. Counts that are not known are left out, not 0; that there was
  // an answer is told all the same. What was refused cost nothing.
  void report(sdk::Call& call) const {
    if (!done_ && text_.empty()) return;
    sdk::LlmUsage usage;
    usage.provider = "acme";
    usage.model = model_;
    usage.requested_model = model_;
    usage.request_id = request_id_;
    usage.raw_json = usage_json_;
    usage.input_tokens = input_;
    usage.output_tokens = output_;
    usage.partial = !done_;
    call.report(usage);
  }

  // Whatever stands between may answer too, and in no JSON.
  [[nodiscard]] sdk::Failure refusal() const {
    std::string told = rest_.empty() ? "no reason was given" : std::string(sdk::head(rest_, 500));
    if (const auto text = parse(rest_)["error"].if_string()) told = *text;
    if (status_ == 401) return failure(PFLOW_E_AUTH, "auth_failed", told + " Check ACME_API_KEY.");
    if (status_ == 404) return failure(PFLOW_E_NOT_FOUND, "model_not_found", told);
    if (status_ < 500 && status_ != 429) return failure(PFLOW_E_INVALID, "bad_request", told);
    sdk::Failure f = status_ == 429 ? failure(PFLOW_E_RATE_LIMIT, "rate_limited", told, true)
                                    : failure(PFLOW_E_UNAVAILABLE, "server_error", told, true);
    std::int64_t seconds = 0;
    const char* last = retry_after_.data() + retry_after_.size();
    const auto [end, error] = std::from_chars(retry_after_.data(), last, seconds);
    if (error == std::errc() && end == last && seconds >= 0 && seconds < 86'400) f.retry_after_ms = seconds * 1000;
    return f;
  }

  // A message says who, what and how to mend it; a code never changes.
  [[nodiscard]] sdk::Failure failure(pflow_status status, std::string code, std::string_view told,
                                     bool retryable = false) const {
    std::string message = "Acme, model ";
    sdk::append_json(message, model_);
    if (!request_id_.empty()) message.append(", request ").append(request_id_);
    message.append(": ").append(told);
    return {.status = status,
            .code = std::move(code),
            .message = std::move(message),
            .retryable = retryable,
            .origin_code = status_};
  }

  pflow_call* handle_;
  std::shared_ptr<sdk::Completion> completion_;
  std::string model_, text_, stop_reason_, request_id_, retry_after_, usage_json_;
  std::string rest_;  // the beginning of a line, or an error's body
  std::optional<std::int64_t> input_, output_;
  std::int32_t status_ = 0;
  bool shown_;
  bool done_ = false;
};

struct Acme {
  static constexpr std::string_view kType = "llm.acme";
  // Nothing here waits: a thousand of these calls need no thread.
  static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT | PFLOW_NODE_NONBLOCKING | PFLOW_NODE_IDEMPOTENT;
  using Params = ::Params;

  static void describe(sdk::Description& d) {
    d.text("Asks Acme's models.")
        .extra("implements", R"("llm")")
        .extra("provider", R"("acme")")
        .extra("models", R"(["acme-*"])")
        .extra("default_model", R"("acme-small")")
        .extra("keys", R"(["ACME_API_KEY"])")
        .extra("base_url", R"({"setting": "ACME_BASE_URL"})")
        .retry({.max_attempts = 3, .wait_ms = 500, .backoff = 2, .max_wait_ms = 8000})
        .primary("response", sdk::Output::kString, "The answer")
        .output("llm_usage", sdk::Output::kObject, "The tokens that it took, if the server says so")
        .output("model", sdk::Output::kString, "The model that answered")
        .output("stop_reason", sdk::Output::kString, "Why the answer ended")
        .output("reasoning", sdk::Output::kString, "Always empty")
        .example("Ask", R"({"prompt": "Summarise this: ..."})");
  }

  void run(const Params& params, sdk::Call& call) const {
    check(params);
    const std::string url = url_of(params.base_url);
    const std::string authorization = "Bearer " + std::string(key_of(call));
    const std::string body = body_of(params, call);
    sdk::HttpRequest request;
    request.method = "POST";
    request.url = url;
    request.body = body;
    request.headers = {sdk::http_header("Authorization", authorization),
                       sdk::http_header("Content-Type", "application/json")};
    request.max_response_bytes = kMostBytes;
    request.timeout = std::chrono::milliseconds(params.timeout_ms);
    const auto completion = std::make_shared<sdk::Completion>(call.start_async());
    try {
      sdk::http_send(call.handle(), request, std::make_unique<Answer>(params, call.handle(), completion));
    } catch (const sdk::Failure& failure) {
      completion->finish(failure);  // the request was not taken, so nobody else ends the call
    }
  }
};

}  // namespace

PFLOW_PLUGIN("org.example.llm-provider", "1.0.0", Acme);
