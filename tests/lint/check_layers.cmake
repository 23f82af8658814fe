# cmake -D ROOT=<repository> -P check_layers.cmake : fails on an #include that points the wrong way.
#
# Lists what each room may include; everything else is refused, so a new dependency is a new line here.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/sources.cmake)

set(std "<[a-z_0-9]+>")
set(c_std "<(errno|limits|signal|stdbool|stddef|stdint|stdio|stdlib|string|time)\\.h>")
set(system "<((sys|linux|net|netinet|arpa)/)?[a-z_0-9]+\\.h>") # POSIX, Linux, C
set(fmt "<fmt/[a-z]+\\.h>")
set(failed FALSE)

# may(<room> <allowed>...): checks every include of the room's files; each <allowed> is a regular expression of a whole
# "file" or <file>. A file is checked by the first room it is in.
function(may room)
  list(JOIN ARGN "|" allowed)
  sources_of(${room} files)
  get_property(checked GLOBAL PROPERTY checked)
  foreach(file IN LISTS files)
    if(file IN_LIST checked)
      continue()
    endif()
    set_property(GLOBAL APPEND PROPERTY checked ${file})
    file(STRINGS ${ROOT}/${file} lines REGEX "^[ \t]*#[ \t]*include")
    foreach(line IN LISTS lines)
      if(NOT line MATCHES "include[ \t]*([<\"][^>\"]*[>\"])")
        set(CMAKE_MATCH_1 "${line}")
      endif()
      set(included "${CMAKE_MATCH_1}")
      if(NOT included MATCHES "^(${allowed})$")
        message(SEND_ERROR "${file}: ${room}/ may not include ${included}")
        set(failed TRUE PARENT_SCOPE)
      endif()
    endforeach()
  endforeach()
endfunction()

# core: knows no plugin, no command line, no operating system. base <- ir, store, pricing; store <- template, trace;
# pricing <- metrics. The engine knows none of the collectors, only what a node reports (pricing).
set(core_outside "${std}" "${fmt}" "<boost/(container|json|locale)/.*>")
may(core/base "\"core/base/.*\"" ${core_outside})
may(core/ir "\"core/(base|ir)/.*\"" ${core_outside})
may(core/store "\"core/(base|store)/.*\"" ${core_outside})
may(core/template "\"core/(base|store|template)/.*\"" ${core_outside})
may(core/pricing "\"core/(base|pricing)/.*\"" ${core_outside})
may(core/metrics "\"core/(base|pricing|metrics)/.*\"" ${core_outside})
may(core/trace "\"core/(base|store|trace)/.*\"" ${core_outside})
may(core/engine "\"core/(base|ir|store|template|pricing|engine)/.*\"" ${core_outside})
may(core) # a new room of core needs a line of its own

# host: core and the C header; never plugins/, never the sdk's C++ layer. Libraries are opened in two rooms and the
# command line is read in another.
set(host_outside "${std}" "${system}" "${fmt}" "<boost/(json|uuid)/.*>" "\"core/.*\"" "\"host/.*\"")
may(host/loader ${host_outside} "\"pflow/plugin\\.h\"" "<boost/dll/.*>")
may(host/services/http ${host_outside} "\"pflow/plugin\\.h\"" "<boost/dll/.*>" "<curl/curl\\.h>")
list(REMOVE_ITEM host_outside "${system}")
list(APPEND host_outside "<(c?errno|fcntl|poll|pthread|pwd|signal|spawn|stdio|stdlib|string|termios|time|unistd)\\.h>"
  "<sys/[a-z_]+\\.h>") # all of POSIX but <dlfcn.h>
may(host/cli ${host_outside} "<boost/program_options.*>" "\"[a-z]+_schema\\.hpp\"") # the last ones are made by the build
may(host/instrument ${host_outside} "\"pflow/plugin\\.h\"" "<mbedtls/sha256\\.h>")
may(host ${host_outside} "\"pflow/plugin\\.h\"")

# plugins: only what a stranger's would, from the installed SDK, and files of their own beside.
set(plugins_outside "${std}" "${system}" "<boost/json.*>" "[<\"]pflow/(plugin\\.h|node\\.hpp)[>\"]" "\"[a-z_0-9]+\\.hp*\"")
may(plugins/llm/common ${plugins_outside} "<re2/re2\\.h>")
may(plugins ${plugins_outside})

# sdk: the standard libraries and itself; the C header not even the C++ layer.
may(sdk/include/pflow/sdk "${std}" "${c_std}" "\"pflow/plugin\\.h\"" "\"pflow/sdk/[a-z_]+\\.hpp\"")
may(sdk/examples "${std}" "${c_std}" "<pflow/(plugin\\.h|node\\.hpp)>")
set(header ${ROOT}/sdk/include/pflow/plugin.h)
if(EXISTS ${header})
  file(STRINGS ${header} wrong REGEX "^[ \t]*#[ \t]*include[ \t]*[\"<](pflow|boost|core|host)/")
  if(wrong)
    message(SEND_ERROR "sdk/include/pflow/plugin.h: stands alone, but: ${wrong}")
  endif()
endif()
may(sdk "${std}" "${c_std}" "\"pflow/plugin\\.h\"" "\"pflow/sdk/[a-z_]+\\.hpp\"")

if(failed)
  message(STATUS "Who may include whom: docs/architecture.md; the rules are in tests/lint/check_layers.cmake.")
endif()
