// W3's floor: N chat completions through a bare curl_multi on one thread, at most C in flight, the tokens summed.
// `curl_floor URL CALLS CONCURRENCY` prints {"run_ms":...,"calls":...,"tokens":...}; run_ms is from before curl is set
// up to the last answer.
#include <curl/curl.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view kTokens = "\"total_tokens\":";

struct Transfer {
  CURL* easy = nullptr;
  std::string request;
  std::string answer;
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* user) {
  static_cast<Transfer*>(user)->answer.append(data, size * count);
  return size * count;
}

void start(CURLM* multi, Transfer& transfer, long number) {
  transfer.answer.clear();
  transfer.request = R"({"model":"gpt-4o-mini","messages":[{"role":"user","content":"Say something about item )" +
                     std::to_string(number) + R"("}]})";
  ::curl_easy_setopt(transfer.easy, CURLOPT_POSTFIELDS, transfer.request.c_str());
  ::curl_easy_setopt(transfer.easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(transfer.request.size()));
  ::curl_multi_add_handle(multi, transfer.easy);
}

// The tokens of an answer; ends the program when it is none.
long tokens_of(const Transfer& transfer, CURLcode code) {
  long status = 0;
  ::curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
  const std::size_t at = transfer.answer.find(kTokens);
  if (code != CURLE_OK || status != 200 || at == std::string::npos) {
    std::fprintf(stderr, "%s, status %ld: %s\n", ::curl_easy_strerror(code), status, transfer.answer.c_str());
    std::exit(1);
  }
  return std::strtol(transfer.answer.c_str() + at + kTokens.size(), nullptr, 10);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: curl_floor URL CALLS CONCURRENCY\n");
    return 2;
  }
  const long calls = std::strtol(argv[2], nullptr, 10);
  const long concurrency = std::min(calls, std::strtol(argv[3], nullptr, 10));
  const auto begin = std::chrono::steady_clock::now();
  ::curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM* multi = ::curl_multi_init();
  ::curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, concurrency);
  curl_slist* headers = ::curl_slist_append(nullptr, "Content-Type: application/json");
  headers = ::curl_slist_append(headers, "Authorization: Bearer none");
  std::vector<Transfer> transfers(static_cast<std::size_t>(concurrency));
  for (Transfer& transfer : transfers) {
    transfer.easy = ::curl_easy_init();
    ::curl_easy_setopt(transfer.easy, CURLOPT_URL, argv[1]);
    ::curl_easy_setopt(transfer.easy, CURLOPT_HTTPHEADER, headers);
    ::curl_easy_setopt(transfer.easy, CURLOPT_WRITEFUNCTION, &take);
    ::curl_easy_setopt(transfer.easy, CURLOPT_WRITEDATA, &transfer);
    ::curl_easy_setopt(transfer.easy, CURLOPT_PRIVATE, &transfer);
    ::curl_easy_setopt(transfer.easy, CURLOPT_NOSIGNAL, 1L);
  }
  long begun = 0;
  for (Transfer& transfer : transfers) {
    start(multi, transfer, begun++);
  }
  long done = 0;
  long tokens = 0;
  while (done < calls) {
    int running = 0;
    if (::curl_multi_perform(multi, &running) != CURLM_OK) return 1;
    int left = 0;
    const long before = done;
    while (const CURLMsg* message = ::curl_multi_info_read(multi, &left)) {
      const CURLcode code = message->data.result;
      CURL* easy = message->easy_handle;
      Transfer* transfer = nullptr;
      ::curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
      ::curl_multi_remove_handle(multi, easy);
      tokens += tokens_of(*transfer, code);
      ++done;
      if (begun < calls) start(multi, *transfer, begun++);
    }
    if (done == before && ::curl_multi_poll(multi, nullptr, 0, 1000, nullptr) != CURLM_OK) return 1;
  }
  const double run_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  std::printf("{\"run_ms\":%.3f,\"calls\":%ld,\"tokens\":%ld}\n", run_ms, done, tokens);
  for (const Transfer& transfer : transfers)
    ::curl_easy_cleanup(transfer.easy);
  ::curl_multi_cleanup(multi);
  ::curl_slist_free_all(headers);
  ::curl_global_cleanup();
  return 0;
}
