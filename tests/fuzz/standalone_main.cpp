#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// Stands in for libFuzzer in normal builds: gives every file of a corpus to the target once, then every beginning and
// every one-bit change of it, so that a target cannot rot and found inputs stay found.
namespace {

void give(const std::string& input) {
  if (LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size()) != 0) std::abort();
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

int main(int argc, char** argv) {
  int files = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::string input = content_of(entry.path());
      give(input);
      for (std::size_t n = 0; n < input.size(); ++n) {
        give(input.substr(0, n));
        const char before = input[n];
        input[n] = static_cast<char>(before ^ (1 << n % 8));
        give(input);
        input[n] = before;
      }
      ++files;
    }
  }
  static_cast<void>(std::fprintf(stderr, "%d files replayed\n", files));
  return files == 0 ? 1 : 0;  // a corpus that is not there would test nothing
}
