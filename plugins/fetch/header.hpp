#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pflow::fetch {

/// Whether `text` is what HTTP calls a token: a method, a header's name.
[[nodiscard]] bool is_token(std::string_view text) noexcept;

[[nodiscard]] std::string lower_case(std::string_view ascii);

/// Without the white space around it.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

/// The headers of a request, in order. Not thread-safe.
class RequestHeaders {
 public:
  struct Header {
    std::string name;
    std::string value;
  };

  /// `param` is where it comes from, for messages, which never show the value. Throws sdk::Failure invalid_parameter
  /// for a name that is no token, for a line break or a NUL in the value, and for headers that frame the message.
  void add(std::string_view param, std::string_view name, std::string_view value);

  [[nodiscard]] bool has(std::string_view name) const noexcept;  ///< in any letter case

  [[nodiscard]] const std::vector<Header>& all() const noexcept { return headers_; }

 private:
  std::vector<Header> headers_;
};

/// The headers of an answer, as a node reads them. Not thread-safe.
///
/// Names are in lower case. Several of one name are joined with ", ", as HTTP allows; set-cookie, which may not be
/// joined, is always an array. A value that is not UTF-8 is read as windows-1252.
class ResponseHeaders {
 public:
  void add(std::string_view name, std::string_view value);

  /// The value of a name in lower case; empty: there is none.
  [[nodiscard]] std::string_view get(std::string_view lower_case_name) const noexcept;

  [[nodiscard]] std::string json() const;  ///< an object

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> headers_;
};

}  // namespace pflow::fetch
