#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace pflow {

/// A trace's bytes taken apart without reading all of them as JSON: what of it is whole, when its end may be torn off.
/// Views are parts of the text.
struct TraceScan {
  struct Member {
    std::string_view name;  ///< as written, with its quotes
    std::string_view value;
  };

  std::vector<Member> head;              ///< whole members before "nodes"
  bool has_nodes = false;                ///< "nodes" and its bracket are there
  std::vector<std::string_view> events;  ///< whole ones, of balanced brackets; whether they are JSON was not looked at
  std::string_view rest;                 ///< of the list, from the first event that is not whole
  std::vector<Member> tail;              ///< whole members after "nodes"
  bool whole = false;                    ///< every bracket that opened was closed, and nothing follows
};

/// O(text), any text.
[[nodiscard]] TraceScan scan_trace(std::string_view text);

/// The end of the JSON value at the beginning of `text`, or npos: it is not whole. Looks at brackets and quotes only.
/// A number or word is whole when something follows it.
[[nodiscard]] std::size_t end_of_value(std::string_view text);

/// True where the list of events ends: a bracket with a member, the root's end or nothing after it.
[[nodiscard]] bool ends_list(std::string_view text) noexcept;

/// The members and the closing bracket that follow the list's "]", with which `text` begins.
void scan_tail(std::string_view text, TraceScan& scan);

}  // namespace pflow
