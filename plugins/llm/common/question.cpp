#include "question.hpp"

#include <utility>

#include "image_source.hpp"
#include "llm_error.hpp"
#include "schema_rules.hpp"
#include "server_name.hpp"

namespace pflow::llm {
namespace {

constexpr int kMaxParamDepth = 64;
constexpr std::size_t kMaxImages = 100;

json::value convert(sdk::Value value, std::string_view param, int depth) {
  if (depth > kMaxParamDepth) refuse(param, "it is nested too deeply");
  switch (value.type()) {
    case sdk::Type::kNull:
      return nullptr;
    case sdk::Type::kBool:
      return value.as_bool();
    case sdk::Type::kInt:
      if (const auto number = value.if_int()) return *number;
      return value.as_uint();
    case sdk::Type::kFloat:
      return value.as_double();
    case sdk::Type::kString: {
      const std::string_view text = value.as_string();
      return json::string(text.data(), text.size());
    }
    case sdk::Type::kArray: {
      json::array array;
      array.reserve(value.size());
      for (const sdk::Value item : value.items())
        array.push_back(convert(item, param, depth + 1));
      return array;
    }
    case sdk::Type::kObject: {
      json::object object;
      object.reserve(value.size());
      for (const auto [key, member] : value.members())
        object[key] = convert(member, param, depth + 1);
      return object;
    }
    case sdk::Type::kBytes:
      break;
  }
  refuse(param, "bytes cannot be sent as JSON");
}

std::string base_url_of(const ProviderFacts& facts, const Params& params) {
  std::string url(params.base_url && !params.base_url->empty() ? *params.base_url : facts.default_base_url);
  if (facts.base_url_of != nullptr) url = facts.base_url_of(url);
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    refuse("base_url", "expected a URL that begins with http:// or https://");
  if (url.find_first_of(" \t\r\n?#") != std::string::npos)
    refuse("base_url", "expected a URL without spaces, query and fragment");
  while (url.ends_with('/'))
    url.pop_back();
  return url;
}

// Only the provider's own server surely wants a key.
std::string find_key(const ProviderFacts& facts, const Question& question, const sdk::Call& call) {
  if (facts.key_setting.empty()) return {};
  try {
    return std::string(call.secret(facts.key_setting));
  } catch (const sdk::Failure& failure) {
    if (failure.status != PFLOW_E_NOT_FOUND) throw;
  }
  if (server_of(question.base_url) != server_of(facts.default_base_url)) return {};
  throw missing_key({.title = facts.title,
                     .provider = facts.provider,
                     .model = question.model,
                     .key_setting = facts.key_setting,
                     .request_id = {},
                     .url = {}});
}

std::shared_ptr<const SchemaRules> rules_of(const json::object& schema) {
  try {
    return std::make_shared<const SchemaRules>(schema);
  } catch (const SchemaProblem& problem) {
    constexpr std::size_t kShownBytes = 500;
    std::string where = "at /output_schema";
    where.append(sdk::head(problem.path, kShownBytes));
    refuse("output_schema", where.append(": ").append(problem.what));
  }
}

void take_images(const sdk::Value& sources, std::vector<Image>& images) {
  if (sources.size() > kMaxImages) refuse("images", "at most 100 can be sent at once");
  std::size_t base64_bytes = 0;
  for (const sdk::Value source : sources.items()) {
    const auto text = source.if_string();
    if (!text) refuse("images", "expected an array of paths or URLs");
    images.push_back(read_image(*text));
    base64_bytes += images.back().base64.size();
    if (base64_bytes / 4 * 3 > kMaxImagesBytes) refuse("images", "all of them together have more than 64 MiB");
  }
}

}  // namespace

json::value to_json(sdk::Value value, std::string_view param) {
  return convert(value, param, 0);
}

Question make_question(const ProviderFacts& facts, const Params& params, sdk::Call& call) {
  Question q;
  q.prompt = params.prompt;
  q.system = params.system;
  q.model = params.model && !params.model->empty() ? *params.model : facts.default_model;
  if (q.model.empty()) refuse("model", "this provider has no default model: name one");
  q.temperature = params.temperature;
  q.max_tokens = params.max_tokens;
  q.stream = params.stream == true;
  q.wants_json = params.json == true || params.output_schema.is(sdk::Type::kObject);
  if (params.output_schema.is(sdk::Type::kObject)) {
    q.schema = std::move(to_json(params.output_schema, "output_schema").get_object());
    q.rules = rules_of(*q.schema);
  }
  for (const std::string_view text : stop_texts(params))
    q.stop.emplace_back(text);
  q.base_url = base_url_of(facts, params);
  q.key = find_key(facts, q, call);
  take_images(params.images, q.images);
  return q;
}

}  // namespace pflow::llm
