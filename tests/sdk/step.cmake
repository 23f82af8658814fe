# What the tests of this folder share.

# must(<what> <command>...): runs it; what it prints on stdout is `printed`.
function(must what)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE out ERROR_VARIABLE err RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${what} failed (${code}):\n${out}\n${err}")
  endif()
  set(printed "${out}" PARENT_SCOPE)
endfunction()

# expect(<what> <text>): `printed` is that text.
function(expect what text)
  if(NOT printed STREQUAL text)
    message(FATAL_ERROR "${what}: expected\n${text}\nbut got\n${printed}")
  endif()
endfunction()
