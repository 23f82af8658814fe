# cmake -D ROOT=<repository> -P check_seams.cmake : fails where code goes around a seam: prints to stdout or ends the
# process outside the command line, or reads the environment where a test cannot give another one.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/sources.cmake)

# refuse(<room> <why> <pattern>): no line of the room's files matches, comments aside. host/cli and main.cpp are where
# these things belong.
function(refuse room why pattern)
  sources_of(${room} files)
  foreach(file IN LISTS files)
    if(file MATCHES "^host/(cli/|main\\.cpp)")
      continue()
    endif()
    file(STRINGS ${ROOT}/${file} lines REGEX "${pattern}")
    foreach(line IN LISTS lines)
      string(REGEX REPLACE "//.*" "" code "${line}")
      if(" ${code}" MATCHES "${pattern}")
        message(SEND_ERROR "${file}: ${why}: ${line}")
      endif()
    endforeach()
  endforeach()
endfunction()

set(b "(^|[^a-zA-Z0-9_])") # the edge of a word
set(to_stdout "${b}(std::cout|std::wcout|(v?printf|puts|putchar)[ \t]*\\(|(v?fprintf|fputs|fputc|fwrite)[ \t]*\\(.*stdout|fmt::(print|println)[ \t]*\\([ \t]*(\"|stdout|fmt))|STDOUT_FILENO")
set(ends "${b}(exit|_exit|_Exit|quick_exit|abort|terminate)[ \t]*\\(")
set(environment "${b}(secure_)?(getenv|setenv|putenv|unsetenv)[ \t]*\\(")

foreach(room IN ITEMS core host plugins sdk tests/core tests/host tests/fuzz tests/support)
  refuse(${room} "only host/cli prints to stdout" "${to_stdout}")
endforeach()
refuse(core "only host/cli ends the process" "${ends}")
foreach(room IN ITEMS core host sdk)
  refuse(${room} "only host/cli reads the environment" "${environment}")
endforeach()
# A plugin is told its keys by the host; the user's directory is all it may look up by itself.
refuse(plugins "a plugin asks the host, not the environment" "${environment}[^\"]|${environment}\"[^H]|${environment}\"H[^O]")
