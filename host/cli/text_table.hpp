#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pflow::host {

/// `text` as one line of a table: control characters made visible, line feeds and tabs to spaces, and no longer than
/// `max_chars` characters.
[[nodiscard]] std::string one_line(std::string_view text, std::size_t max_chars);

struct TableRow {
  std::vector<std::string> cells;
  std::string_view color = {};  ///< an escape sequence for the first cell; empty: none
  std::string below = {};       ///< whole lines that follow the row
};

struct TableColumn {
  std::string_view title;
  bool right = false;  ///< numbers
};

/// Columns as wide as their widest cell, two spaces apart; a column without any content is left out. Width is counted
/// in characters. Cells and what is below are printed as they are.
[[nodiscard]] std::string text_table(const std::vector<TableColumn>& columns, const std::vector<TableRow>& rows);

}  // namespace pflow::host
