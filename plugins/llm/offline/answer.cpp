#include "answer.hpp"

#include <algorithm>

#include "schema_value.hpp"
#include "tokens.hpp"

namespace pflow::llm::offline {
namespace {

constexpr std::size_t kShownWords = 12;
constexpr std::size_t kShownBytes = 200;

/// How many words a text has, and the first of them with single spaces between.
struct Words {
  explicit Words(std::string_view text) {
    constexpr std::string_view kSpace = " \t\n\v\f\r";
    for (std::size_t at = text.find_first_not_of(kSpace); at != std::string_view::npos;
         at = text.find_first_not_of(kSpace, at)) {
      const std::size_t end = std::min(text.find_first_of(kSpace, at), text.size());
      if (count++ < kShownWords) {
        if (!first.empty()) first += ' ';
        first += text.substr(at, end - at);
      }
      at = end;
    }
    if (first.size() > kShownBytes || count > kShownWords) first = std::string(sdk::head(first, kShownBytes)) + " ...";
  }

  std::size_t count = 0;
  std::string first;
};

std::string counted(std::size_t count, std::string_view noun) {
  std::string text;
  sdk::append_number(text, count);
  text.append(" ").append(noun);
  return count == 1 ? text : text + "s";
}

// "5 words: tell me of the sea"
void append_words(std::string& out, std::string_view text) {
  const Words words(text);
  out += counted(words.count, "word");
  if (words.count != 0) out.append(": ").append(words.first);
  out += '.';
}

std::string sentences(const Params& params, std::string_view model) {
  std::string text = "This is an offline answer of the model ";
  text.append(model).append(" to a prompt of ");
  append_words(text, params.prompt);
  if (params.system) {
    text += " The system text has ";
    append_words(text, *params.system);
  }
  if (const std::size_t images = params.images.size(); images != 0)
    text.append(" It came with ").append(counted(images, "image")).append(".");
  return text;
}

std::size_t stop_position(std::string_view text, const std::vector<std::string_view>& stops) {
  std::size_t end = std::string_view::npos;
  for (const std::string_view stop : stops)
    end = std::min(end, text.find(stop));
  return end;
}

}  // namespace

Answer make_answer(const Params& params, const sdk::Call& call) {
  Answer answer;
  answer.model = params.model.value_or(kDefaultModel);
  answer.text = sentences(params, answer.model);
  if (params.output_schema) {
    answer.text = smallest_value(params.output_schema, call);
    answer.is_json = true;
  } else if (params.json == true) {
    std::string json = "{\"answer\":";
    sdk::append_json(json, answer.text);
    answer.text = json + "}";
    answer.is_json = true;
  }
  const std::vector<std::string_view> stops = stop_texts(params);
  if (const std::size_t end = stop_position(answer.text, stops); !answer.is_json && end != std::string::npos) {
    answer.text.resize(end);
    answer.stop_reason = stop_reason::kStopSequence;
  }
  if (params.max_tokens) {
    const std::size_t kept = first_tokens(answer.text, *params.max_tokens).size();
    if (kept < answer.text.size()) {
      answer.text.resize(kept);
      answer.stop_reason = stop_reason::kMaxTokens;
      answer.is_json = false;
    }
  }
  TokenCounts counts;
  counts.input = count_tokens(params.prompt) + count_tokens(params.system.value_or("")) +
                 kImageTokens * static_cast<std::int64_t>(params.images.size());
  counts.output = count_tokens(answer.text);
  answer.usage = counts;
  return answer;
}

}  // namespace pflow::llm::offline
