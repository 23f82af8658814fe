# Reading sources for the checks beside this file.

# Sets `out` to the C and C++ files below ROOT/room, as paths from ROOT. A room that is not there has none.
function(sources_of room out)
  set(patterns)
  foreach(extension IN ITEMS h hpp c cpp)
    list(APPEND patterns ${ROOT}/${room}/*.${extension})
  endforeach()
  file(GLOB_RECURSE files RELATIVE ${ROOT} ${patterns})
  set(${out} ${files} PARENT_SCOPE)
endfunction()
