# Plants lines in a small false repository below SCRATCH and looks at what CHECK says of it.

# plant(<file> <line>): the file with this line only; fills `result` and `said`.
macro(plant file line)
  file(REMOVE_RECURSE ${SCRATCH})
  file(WRITE ${SCRATCH}/${file} "// A planted file.\n${line}\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -D ROOT=${SCRATCH} -P ${CHECK} RESULT_VARIABLE result OUTPUT_VARIABLE said
    ERROR_VARIABLE said)
endmacro()

# The line must be refused, with words that name the file.
function(refused file line)
  plant("${file}" "${line}")
  if(result EQUAL 0)
    message(SEND_ERROR "${file}: not refused: ${line}")
  elseif(NOT said MATCHES "${file}")
    message(SEND_ERROR "${file}: refused without its name: ${said}")
  endif()
endfunction()

# The line must pass.
function(accepted file line)
  plant("${file}" "${line}")
  if(NOT result EQUAL 0)
    message(SEND_ERROR "${file}: refused: ${line}\n${said}")
  endif()
endfunction()
