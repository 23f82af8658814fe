# cmake -D CHECK=check_seams.cmake -D SCRATCH=<dir> -P plant_seams.cmake : the check refuses what it should, and no more.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/plant.cmake)

foreach(code IN ITEMS "std::cout << 1" "printf(\"x\")" "std::printf (\"x\")" "puts(\"x\")" "std::fprintf(stdout, \"x\")"
    "fmt::print(\"x\")" "fmt::print(stdout, \"x\")" "write(STDOUT_FILENO, p, n)")
  foreach(file IN ITEMS core/base/a.cpp host/loader/a.cpp plugins/a/a.c sdk/include/pflow/sdk/a.hpp tests/core/a.cpp)
    refused(${file} "  ${code};")
  endforeach()
endforeach()
refused(core/base/a.cpp "  std::exit(1);")
refused(core/base/a.cpp "  abort();")
refused(core/base/a.cpp "std::getenv(\"HOME\");")
refused(host/loader/a.cpp "  return getenv(name);")
refused(sdk/include/pflow/sdk/a.hpp "  std::getenv(\"KEY\");")
refused(plugins/llm/a.cpp "  std::getenv(\"OPENAI_API_KEY\");")
refused(plugins/llm/a.cpp "  std::getenv(name);")

accepted(host/cli/a.cpp "std::getenv(\"HOME\"); std::printf(\"x\");")
accepted(host/main.cpp "std::exit(1);")
accepted(plugins/file/a.cpp "const char* home = std::getenv(\"HOME\");")
accepted(core/base/a.cpp "std::snprintf(buffer, n, \"x\"); add_outputs(); at_exit_(); int cout = 1;")
accepted(core/base/a.cpp "call();  // printf(\"x\") would be wrong, and so would getenv(\"x\")")
accepted(tests/fuzz/a.cpp "std::fprintf(stderr, \"x\"); std::abort();")
