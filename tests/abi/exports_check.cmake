# cmake -DNM=<nm> -DFILE=<plugin> -P: exactly one name is exported, the entry.
execute_process(COMMAND ${NM} -D --defined-only --format=posix ${FILE} OUTPUT_VARIABLE names RESULT_VARIABLE code)
string(STRIP "${names}" names)
if(NOT code EQUAL 0 OR NOT names MATCHES "^pflow_plugin_v1 [A-Z] [0-9a-f ]+$")
  message(FATAL_ERROR "${FILE} must export pflow_plugin_v1 and nothing else, but nm says:\n${names}")
endif()
