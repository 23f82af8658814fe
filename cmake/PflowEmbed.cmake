include_guard(GLOBAL)
# pflow_embed(<target> FILE <file> HEADER <name.hpp> CONSTANT <kName>)
# Makes a text file a constant of the program: `inline constexpr std::string_view kName` in namespace pflow. Written at configure
# time, again when the file changes.
function(pflow_embed target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FILE;HEADER;CONSTANT" "")
  file(READ ${arg_FILE} text)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${arg_FILE})
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  # A raw string may have at most 16 kB on some compilers: it is cut into pieces.
  set(pieces "")
  string(LENGTH "${text}" length)
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} 8000 piece)
    string(APPEND pieces "    R\"~~(${piece})~~\"\n")
    math(EXPR at "${at} + 8000")
  endwhile()
  file(CONFIGURE OUTPUT ${folder}/${arg_HEADER} @ONLY CONTENT
"#pragma once

#include <string_view>

namespace pflow {

inline constexpr std::string_view @arg_CONSTANT@ =
@pieces@;

}  // namespace pflow
")
  target_include_directories(${target} PRIVATE ${folder})
endfunction()
