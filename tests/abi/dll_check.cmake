# cmake -DCC=<mingw gcc> -DOBJDUMP=<objdump> -DINCLUDE=<dir> -DSOURCE=<c file> -DDLL=<file> -P: builds a plugin for Windows as
# pflow_add_plugin() would and expects one exported name.
execute_process(COMMAND ${CC} -std=c11 -Wall -Wextra -Werror -I${INCLUDE} -shared ${SOURCE} -o ${DLL} -Wl,--exclude-all-symbols
  RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "the plugin does not build for Windows")
endif()
execute_process(COMMAND ${OBJDUMP} -p ${DLL} OUTPUT_VARIABLE dump)
string(REGEX MATCH "\\[Ordinal/Name Pointer\\] Table.*" table "${dump}")
string(REGEX MATCHALL "\n[ \t]*\\[ *[0-9]+\\][^\n]*" rows "${table}")
list(LENGTH rows count)
if(NOT count EQUAL 1 OR NOT rows MATCHES "pflow_plugin_v1$")
  message(FATAL_ERROR "${DLL} must export pflow_plugin_v1 and nothing else, but has: ${rows}")
endif()
