# pflow_add_plugin(<name> SOURCES <file>... [LIBS <target>...] [OUTPUT_DIRECTORY <dir>])
#
# A loadable <name>.pflow.so (.pflow.dll on Windows) that exports pflow_plugin_v1 and nothing else. Link what you bundle
# statically through LIBS: a shared library that another plugin carries in another version would be taken instead.
# C needs C11, C++ needs C++20 for <pflow/node.hpp>; both are set here.
include_guard(GLOBAL)

# Clang leaves the sanitizers' runtime undefined in a shared library, which -z defs refuses.
function(_pflow_leaves_undefined result)
  get_directory_property(options COMPILE_OPTIONS)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" config)
  set(flags "${options} ${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${config}} ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${config}}")
  set(${result} OFF PARENT_SCOPE)
  if(flags MATCHES "-fsanitize" AND "${CMAKE_C_COMPILER_ID} ${CMAKE_CXX_COMPILER_ID}" MATCHES "Clang")
    set(${result} ON PARENT_SCOPE)
  endif()
endfunction()

function(pflow_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "OUTPUT_DIRECTORY" "SOURCES;LIBS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
    message(FATAL_ERROR "pflow_add_plugin(${name}): give SOURCES; besides them only LIBS and OUTPUT_DIRECTORY")
  endif()

  add_library(${name} MODULE ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE Pflow::Sdk ${arg_LIBS})
  set_target_properties(${name} PROPERTIES
    PREFIX ""
    C_VISIBILITY_PRESET hidden
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
  if(arg_OUTPUT_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${arg_OUTPUT_DIRECTORY})
  endif()

  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if("C" IN_LIST languages)
    target_compile_features(${name} PRIVATE c_std_11)
  endif()
  if("CXX" IN_LIST languages)
    target_compile_features(${name} PRIVATE cxx_std_20)
  endif()

  if(WIN32)
    set_target_properties(${name} PROPERTIES SUFFIX ".pflow.dll")
    if(MINGW)
      target_link_options(${name} PRIVATE LINKER:--exclude-all-symbols)
    endif()
    return()
  endif()
  set_target_properties(${name} PROPERTIES SUFFIX ".pflow.so")
  if(APPLE)
    target_link_options(${name} PRIVATE LINKER:-exported_symbol,_pflow_plugin_v1)
    return()
  endif()
  # Hidden visibility alone is not enough: templates of the standard library would leak.
  set(map ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/pflow_plugin.map)
  set_target_properties(${name} PROPERTIES LINK_DEPENDS ${map})
  target_link_options(${name} PRIVATE LINKER:--version-script=${map} LINKER:-z,now)
  _pflow_leaves_undefined(undefined)
  if(NOT undefined)
    target_link_options(${name} PRIVATE LINKER:-z,defs)
  endif()
endfunction()
