#include "host/cli/text_table.hpp"

#include <algorithm>

#include "core/base/utf8.hpp"
#include "host/cli/console.hpp"

namespace pflow::host {
namespace {

constexpr std::string_view kPlain = "\x1b[0m";

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::string_view cell(const TableRow& row, std::size_t column) {
  return column < row.cells.size() ? std::string_view(row.cells[column]) : std::string_view();
}

}  // namespace

std::string one_line(std::string_view text, std::size_t max_chars) {
  // A character has 4 bytes at most: the rest need not be looked at.
  const bool longer = text.size() > max_chars * 4;
  std::string out = harmless(longer ? text.substr(0, max_chars * 4) : text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  if (width_of(out) <= max_chars) return out;
  constexpr std::string_view kMore = "...";
  std::size_t chars = 0;
  std::size_t end = 0;
  while (end < out.size()) {
    if (!continues(out[end]) && chars++ == max_chars - kMore.size()) break;
    ++end;
  }
  out.resize(end);
  return out += kMore;
}

std::string text_table(const std::vector<TableColumn>& columns, const std::vector<TableRow>& rows) {
  std::vector<std::size_t> widths(columns.size(), 0);
  for (const TableRow& row : rows) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      widths[i] = std::max(widths[i], width_of(cell(row, i)));
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (widths[i] != 0) widths[i] = std::max(widths[i], columns[i].title.size());
  }
  std::string out;
  const auto add_line = [&](const auto& cell_of, std::string_view color) {
    std::size_t owed = 0;  // spaces that are written once something follows them
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (widths[i] == 0) continue;
      const std::string_view text = cell_of(i);
      const std::size_t gap = widths[i] - std::min(widths[i], width_of(text));
      if (columns[i].right) owed += gap;
      if (!text.empty()) {
        out.append(owed, ' ');
        owed = 0;
        const bool colored = i == 0 && !color.empty();
        if (colored) out += color;
        out += text;
        if (colored) out += kPlain;
      }
      if (!columns[i].right) owed += gap;
      owed += 2;
    }
    out += '\n';
  };
  if (rows.empty()) return out;
  add_line([&](std::size_t i) { return columns[i].title; }, {});
  for (const TableRow& row : rows) {
    add_line([&](std::size_t i) { return cell(row, i); }, row.color);
    out += row.below;
  }
  return out;
}

}  // namespace pflow::host
