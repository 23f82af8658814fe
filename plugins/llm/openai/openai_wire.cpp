#include "openai_wire.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "refused_feature.hpp"
#include "server_name.hpp"

namespace pflow::llm::openai {
namespace {

constexpr std::string_view kScheme = "://";
constexpr std::string_view kOpenRouter = "openrouter";

struct Server {
  std::string_view host;
  std::string_view provider;  // as the price data calls it
};

// Servers of others that speak this protocol and whose prices are known.
constexpr std::array kServers{
    Server{"openrouter.ai", kOpenRouter},
    Server{"api.groq.com", "groq"},
    Server{"api.deepseek.com", "deepseek"},
    Server{"api.mistral.ai", "mistral"},
    Server{"api.x.ai", "x-ai"},
    Server{"api.together.xyz", "together"},
    Server{"api.fireworks.ai", "fireworks"},
    Server{"api.cerebras.ai", "cerebras"},
    Server{"api.perplexity.ai", "perplexity"},
    Server{"api.moonshot.ai", "moonshotai"},
};

std::string_view path_of(std::string_view url) noexcept {
  const std::size_t scheme = url.find(kScheme);
  const std::size_t slash = url.find('/', scheme == std::string_view::npos ? 0 : scheme + kScheme.size());
  return slash == std::string_view::npos ? std::string_view() : url.substr(slash);
}

}  // namespace

std::string endpoint(std::string_view base, Api api) {
  constexpr std::string_view kChatPath = "/chat/completions";
  constexpr std::string_view kResponsesPath = "/responses";
  for (const std::string_view path : {kChatPath, kResponsesPath}) {
    if (path_of(base).ends_with(path)) base.remove_suffix(path.size());
  }
  std::string url(base);
  if (path_of(base).empty()) url += "/v1";
  return url.append(api == Api::kChat ? kChatPath : kResponsesPath);
}

bool is_own_server(std::string_view base) {
  return server_of(base) == "api.openai.com";
}

void OpenAiWire::note_refusals(Question& question) const {
  if (question.schema && is_own_server(question.base_url) && !is_object_schema(*question.schema))
    static_cast<void>(refuse_feature(question, kBareSchemaFeature));
}

WireRequest OpenAiWire::request(const Question& question) const {
  WireRequest out;
  out.url = endpoint(question.base_url, api_);
  if (!question.key.empty()) out.headers.emplace_back("Authorization", "Bearer " + question.key);
  out.body = api_ == Api::kChat ? chat_body(question) : responses_body(question);
  return out;
}

std::unique_ptr<ReplyReader> OpenAiWire::reader(const Question& /*question*/) const {
  return api_ == Api::kChat ? make_chat_reader() : make_responses_reader();
}

bool OpenAiWire::adjust(Question& question, std::int32_t status, const ProviderError& error) const {
  if (status != 400 && status != 422) return false;
  if (sends_temperature(question) && says_unsupported(error, kTemperatureFeature))
    return refuse_feature(question, kTemperatureFeature);
  if (question.schema && !is_object_schema(*question.schema) && speaks_of(error, "\"object\""))
    return refuse_feature(question, kBareSchemaFeature);
  if (is_strict(question) && speaks_of(error, "Invalid schema for response_format"))
    return refuse_feature(question, feature::kStrict);
  if (api_ != Api::kChat) return false;
  if (question.stream && (speaks_of(error, "stream_options") || speaks_of(error, "include_usage")))
    return refuse_feature(question, feature::kStreamOptions);
  if (!question.max_tokens) return false;
  // A server that speaks of one of them may name the other one as what to use instead: what was sent is refused.
  const bool sent_new = chat_body(question).contains(feature::kMaxCompletionTokens);
  if (sent_new && speaks_of(error, feature::kMaxCompletionTokens))
    return refuse_feature(question, feature::kMaxCompletionTokens);
  if (!sent_new && speaks_of(error, feature::kMaxTokens) && speaks_of(error, feature::kMaxCompletionTokens))
    return refuse_feature(question, feature::kMaxTokens);
  return false;
}

std::string_view OpenAiWire::billed_by(const Question& question) const {
  const std::string host = server_of(question.base_url);
  const auto* const known =
      std::find_if(kServers.begin(), kServers.end(), [&](const Server& server) { return server.host == host; });
  return known == kServers.end() ? kFacts.provider : known->provider;
}

std::optional<std::int64_t> OpenAiWire::cost_nano_usd(const Question& question, const Reply& reply) const {
  if (billed_by(question) != kOpenRouter || reply.raw_usage.empty()) return std::nullopt;
  const std::optional<json::value> read = read_json(reply.raw_usage);
  if (!read) return std::nullopt;
  const JsonRef usage(*read);
  const JsonRef cost = usage["cost"];
  if (!cost || !cost.value()->is_number() || usage["is_byok"].flag() == true) return std::nullopt;
  constexpr double kNano = 1e9;
  constexpr double kMostUsd = 1e6;
  constexpr double kUlps = 1 + 4 * std::numeric_limits<double>::epsilon();  // a half stays one in binary
  const auto usd = cost.value()->to_number<double>();
  if (!(usd >= 0 && usd <= kMostUsd)) return std::nullopt;
  return std::llround(usd * kNano * kUlps);
}

}  // namespace pflow::llm::openai
