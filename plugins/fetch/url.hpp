#pragma once
#include <string>
#include <string_view>

#include <pflow/node.hpp>

namespace pflow::fetch {

/// An http or https URL as people write it, on its way to be one that can be sent.
///
/// White space around it is dropped; characters that a path, a query or a fragment cannot hold are percent-encoded,
/// what is encoded already stays. "user:password@" is taken out: it belongs into a header.
class Url {
 public:
  /// Throws sdk::Failure invalid_parameter: no scheme, another one, no host, a bad port, a control character. Messages
  /// hold no query and no credentials.
  explicit Url(std::string_view text);

  /// Appends one pair to the query, both percent-encoded, behind what the URL has already.
  void add_query(std::string_view name, std::string_view value);

  [[nodiscard]] std::string text() const;  ///< the whole URL, without credentials

  /// "user:password", not encoded; empty: none.
  [[nodiscard]] const std::string& credentials() const noexcept { return credentials_; }

 private:
  std::string base_;      // scheme, host, path
  std::string query_;     // with its "?", or empty
  std::string fragment_;  // with its "#", or empty
  std::string credentials_;
};

/// `url` without query, fragment and credentials: for messages.
[[nodiscard]] std::string shown_url(std::string_view url);

/// The same of what is no URL, as far as anybody can tell where its credentials end: what is behind the last "@", and
/// not even that if a query may have begun before it.
[[nodiscard]] std::string shown_doubtful_url(std::string_view text);

/// "Basic ..." of RFC 7617 for "user:password".
[[nodiscard]] std::string basic_authorization(std::string_view credentials);

}  // namespace pflow::fetch
