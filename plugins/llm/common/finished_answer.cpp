#include "finished_answer.hpp"

#include "refused_feature.hpp"
#include "schema_check.hpp"
#include "wrapped_schema.hpp"

namespace pflow::llm {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::size_t kShownAnswer = 200;
constexpr std::size_t kShownPathBytes = 1000;

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Models like to put JSON between fences.
std::string_view without_fence(std::string_view text) noexcept {
  constexpr std::string_view kFence = "```";
  text = trimmed(text);
  if (!text.starts_with(kFence) || !text.ends_with(kFence) || text.size() < 2 * kFence.size()) return text;
  const std::size_t first_line = text.find('\n');
  if (first_line == std::string_view::npos) return text;
  text.remove_prefix(first_line + 1);
  text.remove_suffix(kFence.size());
  return trimmed(text);
}

Answer answer_of(const Question& question, const Reply& reply) {
  Answer answer;
  answer.text = reply.text;
  answer.model = reply.model.empty() ? question.model : reply.model;
  if (!reply.stop_reason.empty()) answer.stop_reason = reply.stop_reason;
  answer.reasoning = reply.reasoning;
  answer.usage = reply.usage;
  return answer;
}

std::string quoting(std::string_view what, std::string_view text) {
  std::string out(what);
  sdk::append_json(out, sdk::head(text, kShownAnswer));
  return out;
}

}  // namespace

FinishedAnswer finish_answer(const Question& question, const Reply& reply, const Asked& asked) {
  FinishedAnswer done{answer_of(question, reply), std::nullopt};
  const auto fail = [&](pflow_status status, std::string_view code, std::string_view what) {
    done.failure = failure_of(asked, status, std::string(code), what, false);
    return done;
  };
  const bool empty = trimmed(reply.text).empty();
  const bool useless = question.wants_json || empty;
  if (useless && reply.stop_reason == stop_reason::kRefusal)
    return fail(PFLOW_E_INVALID, "refusal", quoting("the model refused: ", reply.text));
  if (useless && reply.stop_reason == stop_reason::kContentFilter)
    return fail(PFLOW_E_INVALID, "content_filtered", "the provider withheld the answer for its content");
  if (empty && reply.stop_reason == stop_reason::kMaxTokens) {
    return fail(PFLOW_E_INVALID, "truncated_output",
                question.max_tokens
                    ? "there is no answer, for nothing but (perhaps) thinking fitted into max_tokens: raise it"
                    : "there is no answer, for nothing but (perhaps) thinking fitted into the model's limit: give a "
                      "larger max_tokens, or ask for less");
  }
  if (!question.wants_json) return done;

  std::string text(without_fence(reply.text));
  std::optional<json::value> value = read_json(text);
  if (!value && reply.stop_reason == stop_reason::kMaxTokens) {
    return fail(PFLOW_E_INVALID, "truncated_output",
                "the JSON answer breaks off, for it does not fit into max_tokens: raise it");
  }
  if (!value) {
    std::string what = "JSON was asked for, but the answer cannot be read as such, for ";
    return fail(PFLOW_E_IO, "malformed_answer", quoting(what.append(why_unread(text)).append(": "), reply.text));
  }
  const json::value* const bare = question.has_refused(kBareSchemaFeature) ? unwrapped(*value) : nullptr;
  if (bare != nullptr) {
    text = json::serialize(*bare);
    value = json::value(*bare);
  }
  if (question.rules) {
    if (const auto mismatch = check_schema(*question.rules, *value)) {
      if (mismatch->too_costly)
        return fail(PFLOW_E_INVALID, "schema_too_costly", "the answer cannot be checked, for " + mismatch->what);
      std::string what = "the answer does not satisfy output_schema at ";
      what.append(mismatch->path.empty() ? "its root" : sdk::head(mismatch->path, kShownPathBytes)).append(": ");
      return fail(PFLOW_E_IO, "schema_mismatch", what.append(mismatch->what));
    }
  }
  done.answer.text = std::move(text);
  done.answer.is_json = true;
  return done;
}

void deliver(sdk::Call& call, const Question& question, const Reply& reply, const Asked& asked) {
  FinishedAnswer done = finish_answer(question, reply, asked);
  write_outputs(call, done.answer);
  if (done.failure) throw std::move(*done.failure);
}

}  // namespace pflow::llm
