# cmake -DNM=<nm> -DFILE=<plugin> [-DNAME=<symbol>] -P: exactly one name is exported, the entry.
if(NOT DEFINED NAME)
  set(NAME pflow_plugin_v1)
endif()
execute_process(COMMAND ${NM} -D --defined-only --format=posix ${FILE} OUTPUT_VARIABLE names RESULT_VARIABLE code)
string(STRIP "${names}" names)
if(NOT code EQUAL 0 OR NOT names MATCHES "^${NAME} [A-Z] [0-9a-f ]+$")
  message(FATAL_ERROR "${FILE} must export ${NAME} and nothing else, but nm says:\n${names}")
endif()
