#include "llm_error.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <initializer_list>
#include <utility>

#include "retry_after.hpp"
#include "server_name.hpp"

namespace pflow::llm {
namespace {

constexpr std::size_t kShownMessage = 2000;                  // of a server's message
constexpr std::string_view kUnreachable = "connect_failed";  // as the host calls it

/// What a failure is called, what the host is told, and what a person can do.
struct Kind {
  std::string_view code;
  pflow_status status;
  bool retryable;
  std::string_view advice;
};

constexpr Kind kAuth{"auth_failed", PFLOW_E_AUTH, false,
                     "Check the key in {key}: in the environment or settings.json."};
constexpr Kind kDenied{"permission_denied", PFLOW_E_DENIED, false,
                       "The key in {key} may not do this: check what its project may use."};
constexpr Kind kQuota{"insufficient_quota", PFLOW_E_RATE_LIMIT, false,
                      "The account has no credit left: check its plan and billing."};
constexpr Kind kRate{"rate_limited", PFLOW_E_RATE_LIMIT, true,
                     "Too many requests or tokens in a short time: try later, or send fewer at once."};
constexpr Kind kModel{"model_not_found", PFLOW_E_NOT_FOUND, false,
                      "Check the model's name, and whether the key may use it."};
constexpr Kind kNotFound{"not_found", PFLOW_E_NOT_FOUND, false, "Check the model's name and the base URL {url}."};
constexpr Kind kOverloaded{"overloaded", PFLOW_E_UNAVAILABLE, true, "The provider is overloaded: try later."};
constexpr Kind kServer{"server_error", PFLOW_E_UNAVAILABLE, true, "The provider has a problem of its own: try later."};
constexpr Kind kTimeout{"timeout", PFLOW_E_TIMEOUT, true, "The provider took too long: try later, or ask for less."};
constexpr Kind kConflict{"conflict", PFLOW_E_UNAVAILABLE, true, "Another request is in the way: try again."};
constexpr Kind kTooLong{"context_too_long", PFLOW_E_INVALID, false,
                        "Shorten the prompt, lower max_tokens, or take a model with a larger context."};
constexpr Kind kFiltered{"content_filtered", PFLOW_E_INVALID, false,
                         "The provider withholds this for its content: change the prompt."};
constexpr Kind kBad{"bad_request", PFLOW_E_INVALID, false, "Check the node's parameters, \"extra\" included."};
constexpr Kind kStream{"stream_error", PFLOW_E_IO, false, "The provider reported it while it was answering."};

struct Word {
  std::string_view word;
  const Kind* kind;
};

// Vendors' own words for a kind, which tell more than a status does.
constexpr std::array kWords{
    Word{"insufficient_quota", &kQuota},
    Word{"billing_error", &kQuota},
    Word{"billing_hard_limit_reached", &kQuota},
    Word{"rate_limit_exceeded", &kRate},
    Word{"rate_limit_error", &kRate},
    Word{"RESOURCE_EXHAUSTED", &kRate},
    Word{"invalid_api_key", &kAuth},
    Word{"API_KEY_INVALID", &kAuth},
    Word{"authentication_error", &kAuth},
    Word{"UNAUTHENTICATED", &kAuth},
    Word{"permission_error", &kDenied},
    Word{"PERMISSION_DENIED", &kDenied},
    Word{"model_not_found", &kModel},
    Word{"overloaded_error", &kOverloaded},
    Word{"UNAVAILABLE", &kOverloaded},
    Word{"unavailable_error", &kOverloaded},
    Word{"server_error", &kServer},
    Word{"api_error", &kServer},
    Word{"INTERNAL", &kServer},
    Word{"timeout_error", &kTimeout},
    Word{"DEADLINE_EXCEEDED", &kTimeout},
    Word{"context_length_exceeded", &kTooLong},
    Word{"content_filter", &kFiltered},
    Word{"content_policy_violation", &kFiltered},
    Word{"not_found_error", &kNotFound},
    Word{"NOT_FOUND", &kNotFound},
    Word{"invalid_request_error", &kBad},
    Word{"invalid_prompt", &kBad},
    Word{"INVALID_ARGUMENT", &kBad},
};

const Kind* kind_of_words(const ProviderError& error) noexcept {
  for (const std::string* said : {&error.code, &error.type}) {
    for (const Word& w : kWords) {
      if (w.word == *said) return w.kind;
    }
  }
  return nullptr;
}

// Inside a stream some servers give the HTTP status as the error's code.
std::int32_t told_status(const ProviderError& error) noexcept {
  std::int32_t status = 0;
  const std::string& code = error.code;
  const auto [end, failed] = std::from_chars(code.data(), code.data() + code.size(), status);
  const bool is_status = failed == std::errc() && end == code.data() + code.size() && status >= 400 && status < 600;
  return is_status ? status : 0;
}

const Kind& kind_of_status(std::int32_t status) noexcept {
  switch (status) {
    case 401:
      return kAuth;
    case 402:
      return kQuota;
    case 403:
      return kDenied;
    case 404:
      return kNotFound;
    case 408:
    case 504:
      return kTimeout;
    case 409:
      return kConflict;
    case 429:
      return kRate;
    case 529:
      return kOverloaded;
    default:
      break;
  }
  if (status >= 500) return kServer;
  return status == 0 ? kStream : kBad;
}

bool speaks_of_a_model(const ProviderError& error) noexcept {
  return error.param == "model" || error.message.find("model") != std::string::npos;
}

// The words refine what the status says; where they disagree on whose fault it is, the status is right.
Kind kind_of(std::int32_t status, const ProviderError& error) noexcept {
  if (status == 0) status = told_status(error);
  const Kind& by_status = kind_of_status(status);
  const Kind* by_words = kind_of_words(error);
  Kind kind = by_status;
  if (status == 0) {
    if (by_words != nullptr) kind = *by_words;
  } else if (status >= 500) {
    if (by_words != nullptr && by_words->retryable) kind = *by_words;
  } else if (by_words != nullptr && by_words != &kBad && by_words != &kNotFound && status != 401) {
    kind = *by_words;
    kind.retryable = status == 429 ? by_words != &kQuota : by_status.retryable;
  }
  if (kind.code == kNotFound.code && speaks_of_a_model(error)) kind = kModel;
  return kind;
}

std::string text_of(JsonRef ref) {
  if (const auto text = ref.text()) return std::string(*text);
  if (const auto number = ref.count()) return std::to_string(*number);
  return {};
}

// A duration as Google's JSON writes it: "22s", "0.5s".
std::optional<std::int64_t> read_json_duration(std::string_view text) {
  if (!text.ends_with('s')) return std::nullopt;
  text.remove_suffix(1);
  return retry_after::read_seconds(text);
}

ProviderError from_object(JsonRef error) {
  ProviderError e;
  e.message = text_of(error["message"]);
  if (e.message.empty()) e.message = text_of(error["detail"]);
  e.type = text_of(error["type"]);
  e.param = text_of(error["param"]);
  const auto status = error["status"].text();  // Google's word; its code repeats the HTTP status
  e.code = status ? std::string(*status) : text_of(error["code"]);
  const json::array* details = error["details"].if_array();
  if (details == nullptr) return e;
  for (const json::value& detail : *details) {
    if (const auto delay = JsonRef(detail)["retryDelay"].text()) e.retry_after_ms = read_json_duration(*delay);
  }
  return e;
}

// A body that is no JSON: a proxy's page, for instance. Tags and runs of white space say nothing.
std::string plain(std::string_view body) {
  std::string out;
  bool in_tag = false;
  for (const char c : body) {
    if (out.size() >= kShownMessage) break;
    const auto byte = static_cast<unsigned char>(c);
    const bool space = byte <= 0x20U || c == '>' || byte == 0x7FU;
    if (c == '<') in_tag = true;
    if (!in_tag && !space) out += c;
    if (space && !in_tag && !out.empty() && out.back() != ' ') out += ' ';
    if (c == '>') in_tag = false;
  }
  while (out.ends_with(' '))
    out.pop_back();
  return out;
}

std::string advice_for(const Asked& asked, std::string_view advice) {
  std::string out(advice);
  const auto fill = [&](std::string_view mark, std::string_view text) {
    if (const std::size_t at = out.find(mark); at != std::string::npos) out.replace(at, mark.size(), text);
  };
  fill("{key}", asked.key_setting.empty() ? std::string_view("the settings") : asked.key_setting);
  fill("{url}", shown_url(asked.url));
  fill("{model}", asked.model);
  return out;
}

std::string message_of(const Asked& asked, std::int32_t status, std::string_view told, std::string_view advice) {
  std::string message(asked.title);
  message.append(", model ");
  sdk::append_json(message, asked.model);
  if (status != 0) sdk::append_number(message += ", HTTP ", status);
  if (!asked.request_id.empty()) message.append(", request ").append(asked.request_id);
  message.append(": ").append(told.empty() ? std::string_view("no reason was given") : sdk::head(told, kShownMessage));
  if (advice.empty()) return message;
  if (!message.ends_with('.') && !message.ends_with('!') && !message.ends_with('?')) message += '.';
  return message.append(" ").append(advice_for(asked, advice));
}

std::string detail_of(const Asked& asked, const ProviderError& error) {
  json::object detail;
  detail["provider"] = asked.provider;
  detail["model"] = asked.model;
  const std::initializer_list<std::pair<std::string_view, std::string_view>> texts{
      {"request_id", asked.request_id}, {"type", error.type}, {"code", error.code}, {"param", error.param}};
  for (const auto& [name, text] : texts) {
    if (!text.empty()) detail[name] = text;
  }
  return json::serialize(detail);
}

}  // namespace

ProviderError read_error_body(std::string_view body) {
  const std::optional<json::value> read = read_json(body);
  if (!read) return {.message = plain(body), .code = {}, .type = {}, .param = {}, .retry_after_ms = {}};
  JsonRef root(*read);
  if (root.if_array() != nullptr) root = root[0];
  ProviderError error;
  if (const auto text = root["error"].text()) {
    error.message = *text;
  } else {
    error = from_object(root["error"].if_object() != nullptr ? root["error"] : root);
  }
  if (error.message.empty()) error.message = plain(body);
  return error;
}

ProviderError Wire::read_error(std::string_view body) const {
  return read_error_body(body);
}

sdk::Failure failure_of(const Asked& asked, std::int32_t status, const ProviderError& error,
                        const RetryHeaders& headers) {
  const Kind kind = kind_of(status, error);
  sdk::Failure failure;
  failure.status = kind.status;
  failure.code = kind.code;
  const bool own_advice = kind.code == kModel.code && !asked.no_model_advice.empty();
  failure.message = message_of(asked, status, error.message, own_advice ? asked.no_model_advice : kind.advice);
  failure.retryable = kind.retryable;
  if (headers.should_retry == "true") failure.retryable = true;
  if (headers.should_retry == "false") failure.retryable = false;
  failure.origin_code = status;
  std::optional<std::int64_t> wait = retry_after::read_wait({headers.retry_after_ms, headers.retry_after, headers.date},
                                                            std::chrono::system_clock::now());
  if (!wait) wait = error.retry_after_ms;
  failure.retry_after_ms = wait.value_or(-1);
  failure.detail_json = detail_of(asked, error);
  return failure;
}

sdk::Failure failure_of(const Asked& asked, pflow_status status, std::string code, std::string_view what,
                        bool retryable) {
  const std::string_view advice = code == kUnreachable ? asked.unreachable_advice : std::string_view();
  return {.status = status,
          .code = std::move(code),
          .message = message_of(asked, 0, what, advice),
          .retryable = retryable,
          .detail_json = detail_of(asked, {})};
}

sdk::Failure missing_key(const Asked& asked) {
  std::string told = "there is no key. Set ";
  told.append(asked.key_setting)
      .append(" in the environment, or under \"keys\" in ~/.pflow/settings.json. To try the workflow without a key: ")
      .append("--llm-provider offline");
  return failure_of(asked, PFLOW_E_AUTH, "missing_key", told, false);
}

}  // namespace pflow::llm
