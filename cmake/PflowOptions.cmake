include_guard(GLOBAL)
include(GNUInstallDirs)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

# The build tree has the layout of an installation, so that the program finds its plugins the same way in both.
set(PFLOW_PLUGIN_DIR lib/pflow/plugins)  # below the prefix; the program reaches it from its own path
set(PFLOW_HTTP_DIR lib/pflow)            # likewise, the module that has libcurl
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

option(PFLOW_WERROR "warnings are errors" OFF)

# What every target of this project is compiled with; nothing of it reaches a plugin author.
add_library(pflow_build INTERFACE)
target_compile_options(pflow_build INTERFACE -Wall -Wextra -Wpedantic -Wshadow
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor;-Woverloaded-virtual;-Wold-style-cast>
  $<$<BOOL:${PFLOW_WERROR}>:-Werror>)
