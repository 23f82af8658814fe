#pragma once
#include <string>
#include <string_view>

namespace pflow::fetch {

/// What a Content-Type header says; all in lower case, empty where it says nothing.
struct ContentType {
  std::string media_type;
  std::string charset;
};

[[nodiscard]] ContentType parse_content_type(std::string_view header);

/// application/json, text/json and everything that ends in "+json".
[[nodiscard]] bool is_json(const ContentType& type) noexcept;

/// Whether a body may be JSON: it says so; or it says nothing and begins as an object or an array does.
[[nodiscard]] bool may_be_json(const ContentType& type, std::string_view body) noexcept;

/// `text` without the byte order mark that some servers put before UTF-8.
[[nodiscard]] std::string_view without_mark(std::string_view text) noexcept;

/// The beginning of a body on one line, for a message: white space as single spaces, at most about 300 bytes. Of what
/// is no text, and of HTML, only how much there is. Empty for an empty body.
[[nodiscard]] std::string head_of_body(const ContentType& type, std::string_view body);

}  // namespace pflow::fetch
