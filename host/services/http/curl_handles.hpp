#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <vector>

/// Owners of libcurl's handles.
namespace pflow::host {

struct CurlFree {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }

  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }

  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }

  void operator()(char* text) const noexcept { curl_free(text); }
};

/// CURL and CURLM are the same type to the compiler.
struct CurlMultiFree {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};

using EasyHandle = std::unique_ptr<CURL, CurlFree>;
using MultiHandle = std::unique_ptr<CURLM, CurlMultiFree>;
using UrlHandle = std::unique_ptr<CURLU, CurlFree>;
using HeaderList = std::unique_ptr<curl_slist, CurlFree>;
using CurlText = std::unique_ptr<char, CurlFree>;

/// Easy handles to be used again: making one costs more than cleaning one.
class EasyPool {
 public:
  /// nullptr: no memory.
  [[nodiscard]] EasyHandle take() {
    if (kept_.empty()) return EasyHandle(curl_easy_init());
    EasyHandle easy = std::move(kept_.back());
    kept_.pop_back();
    return easy;
  }

  void give_back(EasyHandle easy) {
    if (easy == nullptr || kept_.size() >= kMost) return;
    curl_easy_reset(easy.get());
    kept_.push_back(std::move(easy));
  }

 private:
  static constexpr std::size_t kMost = 1024;
  std::vector<EasyHandle> kept_;
};

}  // namespace pflow::host
