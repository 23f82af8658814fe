#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstdint>

#include "host/loader/plugin_exports.hpp"

namespace pflow::host {
namespace {

// How many symbols there are is not written anywhere in a library that has only the GNU hash table: the last chain ends
// with the last symbol.
std::size_t symbols_in_gnu_hash(const std::uint32_t* table) {
  const std::uint32_t buckets = table[0];
  const std::uint32_t first = table[1];
  const std::uint32_t bloom_words = table[2];
  const std::uint32_t* bucket = table + 4 + std::size_t{bloom_words} * 2;
  const std::uint32_t* chain = bucket + buckets;
  std::uint32_t last = 0;
  for (std::uint32_t i = 0; i < buckets; ++i)
    last = std::max(last, bucket[i]);
  if (last < first) return first;
  while ((chain[last - first] & 1) == 0)
    ++last;
  return std::size_t{last} + 1;
}

}  // namespace

std::vector<std::string> exported_names(void* handle) {
  const link_map* map = nullptr;
  if (::dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0 || map == nullptr) return {};
  const Elf64_Sym* symbols = nullptr;
  const char* names = nullptr;
  std::size_t count = 0;
  // glibc has turned these addresses into absolute ones when it loaded the library.
  for (const Elf64_Dyn* d = map->l_ld; d != nullptr && d->d_tag != DT_NULL; ++d) {
    const auto address = d->d_un.d_ptr;
    if (d->d_tag == DT_SYMTAB) symbols = reinterpret_cast<const Elf64_Sym*>(address);
    if (d->d_tag == DT_STRTAB) names = reinterpret_cast<const char*>(address);
    if (d->d_tag == DT_GNU_HASH) count = symbols_in_gnu_hash(reinterpret_cast<const std::uint32_t*>(address));
    if (d->d_tag == DT_HASH && count == 0) count = reinterpret_cast<const std::uint32_t*>(address)[1];
  }
  std::vector<std::string> out;
  if (symbols == nullptr || names == nullptr) return out;
  for (std::size_t i = 1; i < count; ++i) {
    const unsigned binding = ELF64_ST_BIND(symbols[i].st_info);
    const bool visible = binding == STB_GLOBAL || binding == STB_WEAK || binding == STB_GNU_UNIQUE;
    if (visible && symbols[i].st_shndx != SHN_UNDEF && symbols[i].st_shndx != SHN_ABS)
      out.emplace_back(names + symbols[i].st_name);
  }
  return out;
}

}  // namespace pflow::host
