#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <vector>

#include "pflow/plugin.h"

#include "host/loader/plugin_error.hpp"
#include "host/loader/plugin_file.hpp"

// An ELF reader of our own, on <elf.h>: a few bounded reads of headers that a hostile file cannot talk out of their
// bounds. libelf would do it too, at the cost of one more library in each start of the program.
namespace pflow::host {
namespace {

constexpr std::size_t kMaxProgramHeaders = 128;
constexpr std::size_t kMaxNoteBytes = 64 * 1024;

#if defined(__x86_64__)
constexpr std::uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t kMachine = EM_AARCH64;
#endif

struct PluginNote {  // the description part of PFLOW_NOTE
  std::uint16_t abi_major = 0;
  std::uint16_t abi_minor = 0;
  std::uint16_t min_host_minor = 0;
};

class ImageReader {
 public:
  explicit ImageReader(const std::filesystem::path& path)
      : path_(path), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    struct stat s {};

    if (fd_ >= 0 && ::fstat(fd_, &s) == 0) size_ = static_cast<std::uint64_t>(s.st_size);
  }

  ImageReader(const ImageReader&) = delete;
  ImageReader& operator=(const ImageReader&) = delete;

  ~ImageReader() {
    if (fd_ >= 0) ::close(fd_);
  }

  Result<void> check() {
    Elf64_Ehdr header{};
    if (size_ == 0) return refused_plugin(path_, "is empty");
    std::array<char, EI_NIDENT> ident{};
    if (!read(0, ident.data(), std::min<std::uint64_t>(size_, ident.size())) ||
        std::memcmp(ident.data(), ELFMAG, SELFMAG) != 0) {
      return refused_plugin(path_, "is no shared library (it does not begin like an ELF file)");
    }
    if (ident[EI_CLASS] != ELFCLASS64 || ident[EI_DATA] != ELFDATA2LSB) {
      return refused_plugin(path_, "is built for another kind of machine (not 64-bit little-endian)");
    }
    if (!read(0, &header, sizeof header)) return truncated();
    if (header.e_machine != kMachine) {
      return refused_plugin(path_,
                            fmt::format("is built for another kind of machine (ELF machine {})", header.e_machine));
    }
    if (header.e_type != ET_DYN) return refused_plugin(path_, "is an ELF file but no shared library");
    if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum == 0 || header.e_phnum > kMaxProgramHeaders) {
      return refused_plugin(path_, "has no usable program headers");
    }
    std::vector<Elf64_Phdr> segments(header.e_phnum);
    if (!read(header.e_phoff, segments.data(), segments.size() * sizeof(Elf64_Phdr))) return truncated();
    for (const Elf64_Phdr& s : segments) {
      if (s.p_type == PT_LOAD && (s.p_offset > size_ || s.p_filesz > size_ - s.p_offset)) return truncated();
    }
    for (const Elf64_Phdr& s : segments) {
      if (s.p_type != PT_NOTE) continue;
      if (const auto note = find_note(s)) return check_note(*note);
    }
    return {};  // without a note, the entry symbol is checked after loading
  }

 private:
  Error truncated() const {
    return refused_plugin(path_, "is cut short: its headers point beyond its end", "Copy it again.");
  }

  bool read(std::uint64_t offset, void* to, std::uint64_t bytes) {
    if (offset > size_ || bytes > size_ - offset) return false;
    return ::pread(fd_, to, bytes, static_cast<off_t>(offset)) == static_cast<ssize_t>(bytes);
  }

  std::optional<PluginNote> find_note(const Elf64_Phdr& segment) {
    std::vector<char> bytes(std::min<std::uint64_t>(segment.p_filesz, kMaxNoteBytes));
    if (!read(segment.p_offset, bytes.data(), bytes.size())) return std::nullopt;
    const std::size_t align = segment.p_align == 8 ? 8 : 4;
    const auto aligned = [align](std::size_t n) { return (n + align - 1) / align * align; };
    std::size_t at = 0;
    while (bytes.size() - at >= sizeof(Elf64_Nhdr)) {
      Elf64_Nhdr note{};
      std::memcpy(&note, bytes.data() + at, sizeof note);
      at += sizeof note;
      const std::size_t rest = bytes.size() - at;
      const std::size_t name_bytes = aligned(note.n_namesz);
      if (note.n_namesz > rest || name_bytes > rest || note.n_descsz > rest - name_bytes) return std::nullopt;
      const std::string_view name(bytes.data() + at, note.n_namesz);
      PluginNote found;
      if (name == std::string_view("pflow", 6) && note.n_descsz >= sizeof found) {
        std::memcpy(&found, bytes.data() + at + name_bytes, sizeof found);
        return found;
      }
      const std::size_t step = name_bytes + aligned(note.n_descsz);
      if (step > rest) return std::nullopt;
      at += step;
    }
    return std::nullopt;
  }

  Result<void> check_note(const PluginNote& note) const {
    return check_abi(path_, note.abi_major, note.abi_minor, note.min_host_minor);
  }

  const std::filesystem::path& path_;
  int fd_;
  std::uint64_t size_ = 0;
};

}  // namespace

Result<void> check_abi(const std::filesystem::path& path, unsigned major, unsigned minor, unsigned min_host_minor) {
  if (major != PFLOW_ABI_MAJOR) {
    return refused_plugin(path,
                          fmt::format("is built for plugin ABI {}.{}, and this host offers {}.{}", major, minor,
                                      PFLOW_ABI_MAJOR, PFLOW_ABI_MINOR),
                          major > PFLOW_ABI_MAJOR ? "Use a newer pflow-host, or a build of the plugin for this one."
                                                  : "Build the plugin again with this host's SDK.");
  }
  if (min_host_minor > PFLOW_ABI_MINOR) {
    return refused_plugin(path,
                          fmt::format("needs plugin ABI {}.{}, and this host offers {}.{}", major, min_host_minor,
                                      PFLOW_ABI_MAJOR, PFLOW_ABI_MINOR),
                          "Use a newer pflow-host, or build the plugin with a lower PFLOW_TARGET_MINOR.");
  }
  return {};
}

Result<void> check_image(const std::filesystem::path& path) {
  return ImageReader(path).check();
}

}  // namespace pflow::host
