#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "charset.hpp"
#include "content.hpp"
#include "core/base/json_read.hpp"
#include "core/base/utf8.hpp"
#include "header.hpp"
#include "retry_after.hpp"
#include "status.hpp"
#include "url.hpp"

namespace {

using namespace pflow;

void require(bool holds) {
  if (!holds) std::abort();
}

// A URL that is accepted is one that can be sent: it is accepted again as it is, and has no credentials left.
void read_url(std::string_view text) {
  try {
    fetch::Url url(text);
    url.add_query(text, text);
    const std::string whole = url.text();
    require(whole.find_first_of(" \r\n\t") == std::string::npos);
    const fetch::Url again(whole);
    require(again.text() == whole && again.credentials().empty());
    require(fetch::shown_url(whole).find_first_of("?#") == std::string::npos);
  } catch (const sdk::Failure& failure) {
    require(failure.code == "invalid_parameter" && !failure.message.empty());
  }
}

}  // namespace

// Whatever a server sends, what is made of it is UTF-8 and JSON, and what is asked for is a time.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  read_url(text);
  require(fetch::is_utf8(text) == is_utf8(text));
  require(is_utf8(fetch::from_windows_1252(text)));

  fetch::ResponseHeaders headers;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    const std::size_t colon = line.find(':');
    headers.add(line.substr(0, colon), colon == std::string_view::npos ? "" : line.substr(colon + 1));
    rest.remove_prefix(line.size() < rest.size() ? line.size() + 1 : line.size());
  }
  require(read_json(headers.json(), "headers").ok());
  const retry_after::Headers waits{headers.get("retry-after-ms"), headers.get("retry-after"), headers.get("date")};
  require(retry_after::read_wait(waits, {}).value_or(0) >= 0);

  const fetch::ContentType type = fetch::parse_content_type(headers.get("content-type"));
  const std::string head = fetch::head_of_body(type, text);
  require(is_utf8(head) && head.size() < 400 && head.find('\n') == std::string::npos);
  static_cast<void>(fetch::may_be_json(type, text));
  fetch::BadAnswer answer;
  answer.status = static_cast<std::int32_t>(size);
  answer.location = headers.get("location");
  answer.head_of_body = head;
  require(is_utf8(fetch::failure_of(answer).message));
  return 0;
}
