#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json_ref.hpp"
#include "llm_answer.hpp"

/// What a vendor's protocol is, apart from everything that all providers do alike (llm_flow.hpp): pure functions from
/// data to data, which need neither a host nor a network to be tested.
namespace pflow::llm {

class SchemaRules;

/// What never changes of a provider. Literals.
struct ProviderFacts {
  std::string_view provider;          ///< "acme": the name by which workflows choose it
  std::string_view title;             ///< "Acme": for messages
  std::string_view key_setting;       ///< "ACME_API_KEY"; empty: there is no key
  std::string_view base_url_setting;  ///< "ACME_BASE_URL"
  std::string_view default_base_url;  ///< "https://api.acme.com/v1"
  std::string_view default_model;
  std::string_view models_json;              ///< patterns of the models it knows: ["acme-*"]
  std::string_view unreachable_advice = {};  ///< what to do when nothing listens there; empty: nothing to say
  std::string_view no_model_advice = {};     ///< what to do for a model, "{model}", that is not there; empty: the usual
  std::string (*base_url_of)(std::string_view setting) = nullptr;  ///< makes a URL of it; nothing: it must be one
};

/// An image that belongs to the prompt: a URL for the server to fetch, or the bytes.
struct Image {
  std::string url;         ///< http or https; empty: `base64` has it
  std::string media_type;  ///< "image/png"; empty for a URL
  std::string base64;
};

/// What a node asks, checked and free of the host's values.
struct Question {
  std::string_view prompt;
  std::optional<std::string_view> system;
  std::string model;
  std::optional<double> temperature;
  std::optional<std::int64_t> max_tokens;
  std::vector<Image> images;
  std::optional<json::object> schema;
  std::shared_ptr<const SchemaRules> rules;  ///< the schema, ready to be checked against; there when it is
  bool wants_json = false;                   ///< with or without a schema
  std::vector<std::string> stop;
  bool stream = false;
  std::string base_url;              ///< the node's, the setting's or the provider's; no slash at its end
  std::string key;                   ///< empty: none is known, and this server may need none
  std::vector<std::string> refused;  ///< what Wire::adjust noted that this server does not take

  [[nodiscard]] bool has_refused(std::string_view feature) const noexcept {
    for (const std::string& r : refused) {
      if (r == feature) return true;
    }
    return false;
  }
};

/// A POST. Content-Type and Accept are the flow's, and the node's `extra` is merged into the body.
struct WireRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  json::object body;
};

/// What a server says is wrong: in the body of an answer that is not 2xx, or inside a stream.
struct ProviderError {
  std::string message;  ///< the server's own words
  std::string code;     ///< "insufficient_quota", "RESOURCE_EXHAUSTED", ...; as it came
  std::string type;     ///< "invalid_request_error", ...; as it came
  std::string param;    ///< what it is about
  std::optional<std::int64_t> retry_after_ms;
};

/// What has come of an answer. A reader only adds to `text` and `reasoning`: what is new after an event is streamed on.
struct Reply {
  std::string text;
  std::string reasoning;
  std::string model;
  std::string id;                      ///< the answer's, if it has one; stands in for a request id
  std::string stop_reason;             ///< one of llm::stop_reason, else the server's own word; empty: not said
  std::string service_tier;            ///< empty: not said
  std::string api_flavor;              ///< the form of `raw_usage`, as core/pricing calls it
  std::optional<TokenCounts> usage;    ///< the last that was told, not a sum
  std::string raw_usage;               ///< the server's own usage as JSON
  std::optional<ProviderError> error;  ///< told inside a 2xx answer: it ends the call
  bool finished = false;               ///< the server said that this was all
};

/// Reads one answer.
class ReplyReader {
 public:
  ReplyReader() = default;
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;
  virtual ~ReplyReader() = default;

  /// One event of a stream: the name and data of an SSE event (an empty name: none was given), or a line of NDJSON.
  /// False: this is not what the protocol says. Unknown kinds of events are passed over.
  [[nodiscard]] virtual bool read_event(std::string_view name, std::string_view data, Reply& reply) = 0;

  /// A whole body. False: this is not what the protocol says.
  [[nodiscard]] virtual bool read_body(const json::value& body, Reply& reply) = 0;
};

enum class Framing : std::uint8_t { kSse, kNdjson };

/// A vendor's protocol. Has no state, so any thread may use it at any time.
class Wire {
 public:
  Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  virtual ~Wire() = default;

  [[nodiscard]] virtual const ProviderFacts& facts() const noexcept = 0;

  [[nodiscard]] virtual Framing framing() const noexcept { return Framing::kSse; }

  /// Notes in `question.refused` what this server is known not to take, before the first request.
  virtual void note_refusals(Question& /*question*/) const {}

  /// Throws sdk::Failure for what this protocol cannot ask ("invalid_parameter", "unsupported_image", ...).
  [[nodiscard]] virtual WireRequest request(const Question& question) const = 0;

  [[nodiscard]] virtual std::unique_ptr<ReplyReader> reader(const Question& question) const = 0;

  /// Reads an error's body, which may be anything; by default the forms that llm_error.hpp knows.
  [[nodiscard]] virtual ProviderError read_error(std::string_view body) const;

  /// A server refused the question (4xx). True: `question.refused` has grown by what it does not take, and the request
  /// is to be sent again without, as part of the same attempt.
  [[nodiscard]] virtual bool adjust(Question& /*question*/, std::int32_t /*status*/,
                                    const ProviderError& /*error*/) const {
    return false;
  }

  /// Whom to name in reports of usage, so that prices are found.
  [[nodiscard]] virtual std::string_view billed_by(const Question& /*question*/) const { return facts().provider; }

  /// What the provider itself charged for a reply, in US nano-dollars; nothing: the host finds the price.
  [[nodiscard]] virtual std::optional<std::int64_t> cost_nano_usd(const Question& /*question*/,
                                                                  const Reply& /*reply*/) const {
    return std::nullopt;
  }
};

}  // namespace pflow::llm
